"""Every button that acts at once can be undone; all others ask for confirmation first."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from django.urls import reverse

from cases.services.channels import operating
from tests import factories
from tests.personas import Personas, browser_of

pytestmark = pytest.mark.django_db

# Forms that may post at once: their action can be undone or concerns only the user.
AT_ONCE = (
    *("claim", "release", "listings", "next", "refer", "watch", "logout", "language", "i18n"),
)
# Shortcuts that submit at once: claim, release, next case, listing marks, save, watch.
KEYS_AT_ONCE = {"c", "b", "n", "m", "p", "s", "w"}


class Page(HTMLParser):
    """The POST forms of a page: target, confirmation and text fields."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[dict[str, object]] = []
        self.keys: set[str] = set()
        self._open: list[str] = []
        self._form: dict[str, object] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "details":
            self._open.append("asks" if "data-confirm" in given else "folded")
        if tag == "form" and (given.get("method") or "").lower() == "post":
            self._form = {"to": given.get("action") or "", "asks": "asks" in self._open, "words": 0}
            self.forms.append(self._form)
        if self._form and (tag == "textarea" or (tag == "input" and given.get("type") == "text")):
            self._form["words"] = 1
        if tag == "button" and given.get("type") != "button" and "data-shortcut" in given:
            key = given["data-shortcut"] or ""
            # Ctrl+Enter sends a form in which somebody has entered a text.
            if not (key == "Mod+Enter" and self._form and self._form["words"]):
                self.keys.add(key)

    def handle_endtag(self, tag: str) -> None:
        if tag == "details":
            self._open.pop()
        if tag == "form":
            self._form = None


def unconfirmed(html: str) -> list[str]:
    """Return the targets of forms without confirmation and without text fields."""
    return [
        str(form["to"])
        for form in Page(html).forms
        if not form["asks"]
        and not form["words"]
        and not any(f"/{name}/" in f"{form['to']}/" for name in AT_ONCE)
    ]


@pytest.mark.parametrize("status", sorted(set(factories.CASE_IN) - {"draft"}))
def test_case_page(status: str) -> None:
    mo = factories.moderator()
    facts = {} if status in ("submitted", "withdrawn") else {"moderator": mo}
    case = factories.CASE_IN[status](**facts)
    html = browser_of(mo).get(reverse("triage:case", args=[case.reference])).content.decode()
    assert unconfirmed(html) == []
    assert Page(html).keys <= KEYS_AT_ONCE
    final = {"upheld": "removed", "removed": "close"}.get(status)
    if final:
        assert reverse(f"triage:{final}", args=[case.reference]) in [
            form["to"] for form in Page(html).forms if form["asks"]
        ]


def test_referral_operation_and_overdue_pages(personas: Personas) -> None:
    step = factories.overdue_step(personas.agency, moderator=personas.moderator)
    accepted = factories.accepted_referral(
        personas.agency, officer=personas.officer, moderator=personas.moderator
    )
    operation = factories.reported_operation(accepted, officer=personas.officer)
    moderator, officer = personas.client("second_moderator"), personas.client("officer")
    pages = [
        moderator.get(reverse("triage:overdue")),
        moderator.get(reverse("triage:operation", args=[operation.reference])),
        officer.get(reverse("liaison:referral", args=[step.referral.reference])),
        officer.get(reverse("liaison:referral", args=[accepted.reference])),
    ]
    for page in pages:
        html = page.content.decode()
        assert page.status_code == 200
        assert 'method="post"' in html
        assert unconfirmed(html) == []


@pytest.mark.parametrize("show", ["dead", "failures", "tests", "activity"])
def test_channel_pages(show: str) -> None:
    from tests.browser.pages import failing_webhook

    mo = factories.moderator()
    webhook, test = failing_webhook(factories.agency(), by=mo)
    desk = browser_of(mo)
    page = reverse("triage:channel", args=[webhook.pk])
    result = reverse("triage:channel_test_result", args=[webhook.pk, test.pk])
    allowed = reverse(
        "triage:channel_resend_selected", args=[webhook.pk]
    )  # confirmed on each button
    for url in (f"{page}?show={show}", result):
        html = desk.get(url).content.decode()
        assert set(unconfirmed(html)) <= {allowed}
    operating.pause(channel=webhook, by=mo, reason="They move house.")
    assert set(unconfirmed(desk.get(page).content.decode())) <= {allowed}
