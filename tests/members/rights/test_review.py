"""Moderators verify rights, or return them to the member with the reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse

from alliance.lib import clock
from alliance.lib.refusals import NotAllowed
from cases import tasks
from members.models import IPRight, Membership
from members.services import rights
from tests import factories
from tests.admin.conftest import address
from tests.concurrency import run_concurrently
from tests.forms import form_data
from tests.members.rights.conftest import change
from tests.personas import Personas

pytestmark = pytest.mark.django_db
QUEUE = "/triage/rights/"
REASON = "The certificate shows class 18 only."


def page_of(right: IPRight) -> str:
    return reverse("triage:right", args=[right.pk])


def verify(client: Client, right: IPRight) -> Any:
    url = reverse("triage:right_verify", args=[right.pk])
    return client.post(url, {"seen": _seen(client, right)})


def send_back(client: Client, right: IPRight, reason: str = REASON) -> Any:
    url = reverse("triage:right_return", args=[right.pk])
    return client.post(url, form_data(client.get(page_of(right)), url, reason=reason))


def _seen(client: Client, right: IPRight) -> str:
    page = client.get(page_of(right)).text
    return page.partition('name="seen"')[2].partition('value="')[2].partition('"')[0]


def test_verified_right_can_be_cited_and_the_member_is_notified(
    personas: Personas, waiting: IPRight
) -> None:
    moderator = personas.client("moderator")
    page = moderator.get(QUEUE).text
    assert waiting.title in page
    page = moderator.get(page_of(waiting)).text
    assert f'<img class="document-picture" src="/documents/{waiting.certificate_id}/"' in page
    assert verify(moderator, waiting).status_code == 302
    waiting.refresh_from_db()
    assert waiting.verified_by == personas.moderator
    assert waiting in IPRight.objects.citable()
    assert waiting.title not in moderator.get(QUEUE).text.partition("<tbody>")[2]
    tasks.send_mails()
    (message,) = mail.outbox
    assert message.to == [personas.owner.email]
    assert f"/rights/{personas.member.slug}/{waiting.pk}/" in message.body


def test_returned_right_shows_the_reason_to_the_member(
    personas: Personas, waiting: IPRight
) -> None:
    assert send_back(personas.client("moderator"), waiting).status_code == 302
    waiting.refresh_from_db()
    assert waiting.status == IPRight.Status.RETURNED
    page = personas.client("viewer").get(
        reverse("rights:detail", args=[personas.member.slug, waiting.pk])
    )
    assert REASON in page.text
    tasks.send_mails()
    (message,) = mail.outbox
    assert message.to == [personas.owner.email]
    assert REASON in message.body
    # Saving it puts it back into the queue.
    assert change(personas, waiting, nice_classes="18").status_code == 302
    waiting.refresh_from_db()
    assert (waiting.status, waiting.return_reason) == (IPRight.Status.WAITING, "")


def test_dashboard_says_which_rights_wait_for_the_member(
    personas: Personas, waiting: IPRight, django_assert_max_num_queries: Any
) -> None:
    title, client = "Rights that wait for you", personas.client("filer")
    assert title not in client.get("/desk/").text
    send_back(personas.client("moderator"), waiting)
    url = f"/rights/{personas.member.slug}/?state=returned"
    with django_assert_max_num_queries(8):
        page = client.get("/desk/").text
    assert title in page
    box = page.partition('aria-labelledby="rights-waiting"')[2].partition("</section>")[0]
    assert f'<a href="{url}">' in box
    assert "state=incomplete" not in box
    # Viewers cannot change rights.
    assert title not in personas.client("viewer").get("/desk/").text


def test_returned_right_can_be_submitted_again_unchanged(
    personas: Personas, waiting: IPRight
) -> None:
    rights.send_back(right=waiting, by=personas.moderator, reason=REASON)
    before = clock.now()
    assert change(personas, waiting).status_code == 302
    waiting.refresh_from_db()
    assert waiting.is_waiting
    assert waiting.submitted_at >= before


def test_mail_about_a_right_changed_since_is_skipped(personas: Personas, waiting: IPRight) -> None:
    rights.send_back(right=waiting, by=personas.moderator, reason=REASON)
    change(personas, waiting, title="Corrected")
    tasks.send_mails()
    assert mail.outbox == []


@pytest.mark.parametrize("reason", ["", "  \n ", "\u200b\u2060", "x" * 2001])
def test_return_needs_a_reason(personas: Personas, waiting: IPRight, reason: str) -> None:
    page = send_back(personas.client("moderator"), waiting, reason)
    assert page.status_code == 422
    assert "Enter the reason." in page.text or "at most 2000 characters" in page.text
    waiting.refresh_from_db()
    assert waiting.is_waiting


def test_verified_right_can_be_returned(personas: Personas, waiting: IPRight) -> None:
    rights.verify(right=waiting, by=personas.moderator)
    assert send_back(personas.client("second_moderator"), waiting).status_code == 302
    waiting.refresh_from_db()
    assert (waiting.verified_at, waiting.returned_by) == (None, personas.second_moderator)
    assert waiting not in IPRight.objects.citable()


def test_moderator_with_a_role_at_the_member_cannot_review(
    personas: Personas, waiting: IPRight
) -> None:
    Membership.objects.create(user=personas.moderator, member=personas.member, role="viewer")
    client = personas.client("moderator")
    page = client.get(page_of(waiting))
    assert "another moderator must review its rights" in page.text
    assert "Verify right" not in page.text
    assert "Return to the member" not in page.text
    url = reverse("triage:right_verify", args=[waiting.pk])
    assert client.post(url, {"seen": rights.version(waiting)}).status_code == 403
    for act in (rights.verify, lambda **at: rights.send_back(reason=REASON, **at)):
        with pytest.raises(NotAllowed):
            act(right=waiting, by=personas.moderator)
    waiting.refresh_from_db()
    assert waiting.is_waiting


@pytest.mark.parametrize("who", ["owner", "stranger", "officer"])
def test_only_moderators_review(personas: Personas, waiting: IPRight, who: str) -> None:
    with pytest.raises(NotAllowed):
        rights.verify(right=waiting, by=getattr(personas, who))
    with pytest.raises(NotAllowed):
        rights.send_back(right=waiting, by=getattr(personas, who), reason=REASON)


def test_double_click_verifies_once(personas: Personas, waiting: IPRight) -> None:
    client = personas.client("moderator")
    url = reverse("triage:right_verify", args=[waiting.pk])
    data = {"seen": _seen(client, waiting)}
    assert [client.post(url, data).status_code for _time in range(2)] == [302, 302]
    tasks.send_mails()
    assert len(mail.outbox) == 1


def test_right_changed_since_the_page_was_opened(personas: Personas, waiting: IPRight) -> None:
    client = personas.client("moderator")
    url = reverse("triage:right_verify", args=[waiting.pk])
    data = {"seen": _seen(client, waiting)}
    change(personas, waiting, title="Another mark")
    page = client.post(url, data)
    assert page.status_code == 409
    assert "The right has changed since you opened this page." in page.text
    assert "Another mark" in page.text
    waiting.refresh_from_db()
    assert waiting.is_waiting


def test_text_of_the_slower_moderator_is_kept(personas: Personas, waiting: IPRight) -> None:
    client = personas.client("moderator")
    url = reverse("triage:right_return", args=[waiting.pk])
    data = form_data(client.get(page_of(waiting)), url, reason="My long reason")
    rights.send_back(right=waiting, by=personas.second_moderator, reason=REASON)
    page = client.post(url, data)
    assert page.status_code == 409
    assert "Min Moderator has already returned this right." in page.text
    assert "My long reason" in page.text
    waiting.refresh_from_db()
    assert waiting.return_reason == REASON


def test_return_after_another_verified_can_be_sent_again(
    personas: Personas, waiting: IPRight
) -> None:
    client = personas.client("moderator")
    url = reverse("triage:right_return", args=[waiting.pk])
    data = form_data(client.get(page_of(waiting)), url, reason="My long reason")
    rights.verify(right=waiting, by=personas.second_moderator)
    page = client.post(url, data)
    assert page.status_code == 409
    assert "Min Moderator has already verified this right." in page.text
    again = form_data(page, url)
    assert again["reason"] == "My long reason"
    assert client.post(url, again).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_two_moderators_at_the_same_moment() -> None:
    member = factories.member()
    right = factories.registered_right(member, by=factories.owner(member))
    one, other = factories.moderator(), factories.moderator()
    seen = rights.version(right)
    results = run_concurrently(
        lambda: rights.verify(right=right, by=one, seen=seen),
        lambda: rights.send_back(right=right, by=other, reason=REASON, seen=seen),
    )
    assert sum(isinstance(result, rights.RightChanged) for result in results) == 1
    right.refresh_from_db()
    assert (right.verified_by is None) != (right.returned_by is None)


def test_queue_is_oldest_first_and_its_count_is_capped(
    personas: Personas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("alliance.lib.counts.CAP", 2)
    now = clock.now()
    for days, title in ((1, "Second"), (3, "First"), (0, "Third")):
        with clock.at(now - timedelta(days=days)):
            factories.registered_right(personas.member, title=title)
    page = personas.client("moderator").get(QUEUE).text
    places = [page.index(title) for title in ("First", "Second", "Third")]
    assert places == sorted(places)
    assert "2+" in page


def test_queue_takes_a_constant_number_of_queries_and_an_index(
    personas: Personas, django_assert_max_num_queries: Any
) -> None:
    client = personas.client("moderator")
    factories.registered_right(personas.member)
    with django_assert_max_num_queries(8) as few:
        client.get(QUEUE)
    for _number in range(5):
        factories.registered_right(factories.member())
    with django_assert_max_num_queries(8) as many:
        client.get(QUEUE)
    assert len(few) == len(many)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = IPRight.objects.waiting().order_by("submitted_at", "id")[:51].explain()
    assert "right_queue" in plan
    assert "Sort" not in plan


def test_admin_verifies_by_the_same_rules(personas: Personas, waiting: IPRight) -> None:
    Membership.objects.create(user=personas.admin, member=personas.member, role="viewer")
    action = {"action": "mark_verified", "_selected_action": [waiting.pk]}
    page = personas.client("admin").post(address(IPRight, "changelist"), action, follow=True)
    assert "another moderator must review its rights" in page.text
    waiting.refresh_from_db()
    assert waiting.verified_at is None
    Membership.objects.filter(user=personas.admin).delete()
    personas.client("admin").post(address(IPRight, "changelist"), action)
    waiting.refresh_from_db()
    assert waiting.verified_by == personas.admin


def test_change_in_the_admin_puts_a_returned_right_into_the_queue(
    personas: Personas, waiting: IPRight
) -> None:
    rights.send_back(right=waiting, by=personas.moderator, reason=REASON)
    client = personas.client("admin")
    url = address(IPRight, "change", waiting.pk)
    client.post(url, form_data(client.get(url), "ipright_form", title="Repaired"))
    waiting.refresh_from_db()
    assert (waiting.title, waiting.is_waiting, waiting.return_reason) == ("Repaired", True, "")
    assert waiting.certificate is not None
