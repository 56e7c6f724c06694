"""The pages: what a moderator sees of held decisions, and the forms that undo, confirm and send back."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases.models import Case, HeldDecision
from cases.services import held
from members.models import User
from tests import factories
from tests.cases.triage_actions.steps import page, words
from tests.forms import form_data

pytestmark = pytest.mark.django_db

LIST = "/triage/"
QUEUE = "/triage/second-review/"


def send(client: Client, shown: Any, url: str, **values: Any) -> Any:
    """Post a form as the page ``shown`` has it."""
    return client.post(url, form_data(shown, url, **values))


def decide(client: Client, case: Case, verb: str = "uphold", url: str = "", **values: Any) -> Any:
    target = reverse(f"triage:{verb}", args=[case.reference])
    return send(client, client.get(url or page(case)), target, **values)


def uphold(client: Client, case: Case, url: str = "", **values: Any) -> Any:
    reason = str(factories.reason("uphold").pk)
    outcomes = {f"outcome-{one.pk}": "remove" for one in case.listings.all()}
    fields = {"reason": reason, "facts": "Forged.", **outcomes} | values
    return decide(client, case, "uphold", url, **fields)


def test_undo_returns_to_the_form_as_it_was(mo: User, desk: Client) -> None:
    case = factories.claimed_case(moderator=mo)
    shown = uphold(desk, case, page(case) + "?back=view%3Dmine", facts="Forged <b>seal</b>.")
    assert shown["Location"] == f"/triage/?view=mine&decided={case.reference}"
    on_list = desk.get(shown["Location"])
    assert re.search(
        r"Takes effect at <time [^>]*>\d\d:\d\d</time>, in (5\d|60) seconds", words(on_list)
    )
    on_case = desk.get(page(case))
    assert "About to take effect" in words(on_case)
    assert "action-uphold" not in words(on_case)
    assert 'value="remove" checked' not in words(on_case)
    row = HeldDecision.objects.get()
    undo = reverse("triage:undo", args=[row.pk])
    answer = send(desk, on_list, undo)
    assert answer["Location"] == f"{page(case)}?restore={row.pk}&back=view%3Dmine"
    again = desk.get(answer["Location"])
    data = form_data(again, reverse("triage:uphold", args=[case.reference]))
    assert data["facts"] == "Forged <b>seal</b>."
    assert {data[f"outcome-{one.pk}"] for one in case.listings.all()} == {"remove"}
    # Sending it again from there works, also a second time after another undo.
    assert uphold(desk, case, answer["Location"]).status_code == 302
    late = desk.post(undo, {}, follow=True)
    assert "is now “Undone”" not in words(late)
    assert HeldDecision.objects.open().count() == 1


def test_next_case_shows_the_decision_and_keeps_the_key(mo: User, desk: Client) -> None:
    case = factories.claimed_case(moderator=mo)
    following = factories.submitted_case()
    answer = uphold(desk, case, then="next")
    assert answer["Location"] == page(following)
    shown = words(desk.get(answer["Location"]))
    assert case.reference in shown
    assert 'data-shortcut="z"' in shown


def test_stale_page_keeps_the_text_and_names_the_colleague(
    mo: User, min_: User, second: Client
) -> None:
    case = factories.removed_case(moderator=mo)
    target = reverse("triage:counter_notice", args=[case.reference])
    earlier = second.get(page(case))
    factories.held_decision(case=case, moderator=mo, verb="close", values={})
    answer = send(second, earlier, target, statement="From the maker.")
    assert answer.status_code == 409
    assert "Mo Moderator decided on" in words(answer)
    assert "From the maker." in words(answer)


def test_second_moderator_sees_the_whole_decision_and_confirms(
    mo: User, min_: User, desk: Client, second: Client
) -> None:
    factories.review_rule(name="Two people", verbs=["uphold"])
    case = factories.claimed_case(moderator=mo)
    uphold(desk, case)
    assert "is waiting for a second moderator, because of the rule “Two people”" in words(
        desk.get(LIST)
    )
    assert "Take back" not in words(desk.get(LIST))
    assert "Take back" in words(desk.get(LIST + "?view=mine"))
    queue = words(second.get(QUEUE))
    assert case.reference in queue
    assert "Two people" in queue
    assert re.search(r"Second review\s*<span class=\"tabs-count\">1<", words(second.get(LIST)))
    shown = second.get(page(case))
    for text in ("Two people", "Forged.", "2 to remove", "Mo Moderator", "Illegal content"):
        assert text in words(shown), text
    assert "Confirm the decision" not in words(desk.get(page(case)))
    row = HeldDecision.objects.get()
    confirm = reverse("triage:confirm", args=[row.pk])
    assert send(second, shown, confirm)["Location"] == QUEUE
    assert desk.post(confirm, follow=True).status_code == 200
    row.refresh_from_db()
    assert (row.state, row.second_by) == ("waiting", min_)
    assert "Confirmed by Min Moderator" in words(desk.get(page(case)))


def test_sending_back_and_deciding_otherwise(
    mo: User, min_: User, desk: Client, second: Client
) -> None:
    factories.review_rule(verbs=["uphold"])
    case = factories.claimed_case(moderator=mo)
    uphold(desk, case)
    row = HeldDecision.objects.get()
    target = reverse("triage:send_back", args=[row.pk])
    shown = second.get(page(case))
    empty = send(second, shown, target, reason=" ")
    assert empty.status_code == 422
    assert "Explain what should be decided otherwise." in words(empty)
    assert send(second, shown, target, reason="Look at the seal.")["Location"] == QUEUE
    notice = desk.get(LIST)
    assert "Look at the seal." in words(notice)
    restore = f"{page(case)}?restore={row.pk}"
    assert restore in words(notice)
    assert uphold(desk, case, restore).status_code == 302
    # Now the second moderator decides otherwise.
    row = HeldDecision.objects.open().get()
    otherwise = f"{page(case)}?otherwise={row.pk}"
    assert f"?otherwise={row.pk}" in words(second.get(page(case)))
    reason = str(factories.reason("reject").pk)
    wrong = decide(second, case, "reject", otherwise, reason=reason, facts=" ")
    assert wrong.status_code == 422
    target = reverse("triage:reject", args=[case.reference])
    assert send(second, wrong, target, reason=reason, facts="Genuine.").status_code == 302
    made = HeldDecision.objects.open().get()
    assert (made.by, made.verb, made.replaces, made.state) == (min_, "reject", row, "waiting")
    chain = words(desk.get(page(case)))
    assert "Decided otherwise" in chain
    assert "Sent back by Min Moderator" in chain
    # Undoing that returns to the form that decides otherwise.
    undo = reverse("triage:undo", args=[made.pk])
    answer = send(second, second.get(page(case)), undo)
    again = second.get(answer["Location"])
    assert form_data(again, target)["replaces"] == str(row.pk)
    assert form_data(again, target)["facts"] == "Genuine."


def test_referral_is_held_with_the_preview_that_was_confirmed(mo: User, desk: Client) -> None:
    case, agency = factories.upheld_case(moderator=mo), factories.agency(name="Harbour Police")
    target = reverse("triage:refer", args=[case.reference])
    preview = decide(desk, case, "refer", agency=str(agency.pk), note="Please look.")
    answer = send(desk, preview, target)
    assert answer.status_code == 302
    row = HeldDecision.objects.get()
    assert row.values["seen"]
    assert "Harbour Police" in words(desk.get(page(case)))
    held.undo(held=row, by=mo)
    restored = desk.get(f"{page(case)}?restore={row.pk}")
    assert form_data(restored, target)["note"] == "Please look."


def test_pages_make_a_constant_number_of_queries(
    mo: User, second: Client, django_assert_num_queries: Any
) -> None:
    case = factories.reviewed_decision(moderator=mo).case
    second.get(QUEUE)
    with django_assert_num_queries(5):
        second.get(QUEUE)
    with django_assert_num_queries(15):
        second.get(page(case))
    for _number in range(3):
        factories.reviewed_decision(moderator=mo, listings=5)
    with django_assert_num_queries(5):
        second.get(QUEUE)
