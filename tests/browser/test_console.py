"""The triage console by keyboard only: a routine case takes at most six keystrokes."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from cases.models import Case, CustodyEntry, ReasonCode
from cases.services import presence, previews
from members.models import User
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


class Keys:
    """A keyboard that counts: a chord such as Ctrl+Enter is one keystroke."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.pressed += 1
            self.page.keyboard.press(key)


def test_routine_cases_are_decided_by_keyboard(
    page: Page, site: str, become: Callable[[User], None]
) -> None:
    mo, colleague = factories.moderator(), factories.moderator(name="Min Moderator")
    first, second = (
        factories.submitted_case(violation="counterfeit", files=2, listings=3) for _ in range(2)
    )
    other = factories.submitted_case(violation="trademark")
    previews.make_due(seconds=20)
    become(mo)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{site}/triage/?violation=counterfeit")
    keys = Keys(page)

    # Claim, look at both pictures, decide all listings, give the reason, and go on.
    keys.press("n")
    expect(page).to_have_url(re.compile(rf"{first.reference}/\?back=violation%3Dcounterfeit$"))
    expect(page.get_by_text("0 of 3 decided")).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("button", name="Uphold and take the next case")).to_be_in_viewport()
    keys.press(".")
    expect(page.get_by_text("(2 of 2)")).to_be_visible()
    expect(page.locator("[data-viewer-image]")).to_have_js_property("complete", value=True)
    keys.press("m")
    expect(page.get_by_text("3 of 3 decided")).to_be_visible()
    keys.press("1", "Control+Enter")
    expect(page).to_have_url(re.compile(rf"{second.reference}/\?back=violation%3Dcounterfeit$"))
    assert keys.pressed <= 6
    expect(page.get_by_text(f"{first.reference} was upheld.")).to_be_visible()
    decided = Case.objects.get(pk=first.pk)
    reason = ReasonCode.objects.filter(use="uphold", is_active=True).first()
    decision = decided.decisions.get()
    assert (decided.status, decision.reason, decision.facts) == ("upheld", reason, reason.facts)
    looks = CustodyEntry.objects.filter(action=CustodyEntry.Action.VIEWED, actor_id=mo.pk)
    assert looks.filter(evidence_id__in=first.evidence.values("pk")).count() == 2

    # A rejection. The text of the reason follows the choice until it is edited.
    presence.record(case=second, by=colleague)
    page.reload()
    expect(page.get_by_text("Also looking at this case: Min Moderator")).to_be_visible()
    keys.press("r")
    facts = page.locator("#action-reject").get_by_label("Facts")
    expect(page.locator("#action-reject").get_by_label("Reason", exact=True)).to_be_focused()
    keys.press("2")
    expect(facts).to_have_value(re.compile("not among the goods"))
    facts.press("End")
    facts.press_sequentially(" See page 2.")
    page.locator("#action-reject").get_by_label("Reason", exact=True).focus()
    keys.press("1")
    expect(facts).to_have_value(re.compile(r"not among the goods.* See page 2\.$"))

    # The palette does what the buttons do, and opens cases.
    keys.press("Control+k")
    palette = page.get_by_role("combobox", name="Command or case reference")
    expect(palette).to_be_focused()
    palette.press_sequentially("enlarge")
    keys.press("Enter")
    expect(page.get_by_role("dialog", name="Pictures")).to_be_visible()
    keys.press("Escape", "Control+k")
    palette.press_sequentially(other.reference.lower())
    keys.press("Enter")
    expect(page).to_have_url(re.compile(rf"/triage/{other.reference}/"))

    # Single keys can be switched off; the account remembers it.
    keys.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    with page.expect_response("**/profile/shortcuts/"):
        page.get_by_label("Use keyboard shortcuts").press("Space")
    keys.press("Escape")
    page.reload()
    keys.press("c", "?")
    expect(page.locator("dialog[open]")).to_have_count(0)
    keys.press("Control+k")
    expect(palette).to_be_visible()
    assert Case.objects.get(pk=other.pk).status == "submitted"
