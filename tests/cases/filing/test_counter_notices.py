"""Counter-notices: the member answers, and a moderator who did not uphold the case decides."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from alliance.lib import clock
from alliance.lib.refusals import Conflict, NotAllowed, Refusal
from cases import tasks
from cases.models import Case, CounterNotice
from cases.services import counter_notices, decisions
from cases.services import evidence as files
from cases.states import Status
from tests import factories
from tests.cases.filing.forms import at, words
from tests.personas import Personas, browser_of

pytestmark = pytest.mark.django_db

DESK = reverse("desk:home")
ANSWER = "The contract ended two years ago."


@pytest.fixture
def case(personas: Personas, mine: dict[str, Any]) -> Case:
    """A case of the member, upheld by the moderator, with an open counter-notice."""
    return factories.counter_noticed_case(**mine, moderator=personas.moderator)


def notice_of(case: Case) -> CounterNotice:
    return CounterNotice.objects.get(case=case)


def form_of(client: Client, case: Case) -> dict[str, Any]:
    """Return the data of the rendered answer form, with an answer filled in."""
    form = client.get(case.get_absolute_url()).context["counter_answer"]
    return {field.html_name: field.value() or "" for field in form} | {"note": ANSWER}


def after_deadline(case: Case) -> Any:
    """Move the clock to the end of the time to answer."""
    until = notice_of(case).answer_due_at
    assert until is not None
    return clock.at(until)


def test_member_answers_with_a_file(client: Client, case: Case) -> None:
    page = words(client.get(case.get_absolute_url()))
    assert "These goods were bought from the maker." in page
    assert "Waiting for you" in page
    assert "Answer by" in page
    assert "(UTC)" in page
    sent = form_of(client, case)
    for _ in range(2):  # a double click has no second effect
        sent["uploads"] = [factories.png("contract.png", seed=1)]
        page = words(client.post(at(case, "answer_counter_notice"), sent, follow=True))
    notice = notice_of(case)
    assert (notice.answer, notice.answered_by) == (ANSWER, case.created_by)
    assert [file.original_name for file in notice.evidence.all()] == ["contract.png"]
    assert case.evidence.count() == 2  # the complaint's file and the contract
    assert "Counter-notice answered" in page
    assert "contract.png" in page
    kinds = list(case.events.order_by("sequence").values_list("kind", flat=True))
    assert kinds[-2:] == ["evidence_added", "counter_notice_answered"]
    case.refresh_from_db()
    assert case.status == Status.COUNTER_NOTICED
    assert client.get(case.get_absolute_url()).context["counter_answer"] is None


def test_invalid_file_keeps_the_answer(client: Client, case: Case) -> None:
    sent = form_of(client, case) | {"uploads": [factories.png("contract.pdf")]}
    response = client.post(at(case, "answer_counter_notice"), sent)
    assert response.status_code == 422
    assert ANSWER in words(response)
    assert "has the wrong extension" in words(response)
    empty = words(client.post(at(case, "answer_counter_notice"), {"note": " "}))
    assert "Enter your answer." in empty
    assert notice_of(case).answered_at is None


def test_second_answer_is_refused(personas: Personas, client: Client, case: Case) -> None:
    sent = form_of(client, case)
    counter_notices.answer(case=case, by=personas.owner, note="Ours.")
    response = client.post(at(case, "answer_counter_notice"), sent)
    assert response.status_code == 409
    assert ANSWER in words(response)
    assert "has already been answered" in words(response)
    assert notice_of(case).answer == "Ours."


def test_answers_are_refused_after_the_deadline(personas: Personas, case: Case) -> None:
    """Evidence can still be added. It is no part of the answer."""
    with after_deadline(case):
        with pytest.raises(Conflict, match="deadline to answer"):
            counter_notices.answer(case=case, by=personas.filer, note=ANSWER)
        upload = factories.png("x.png")
        file = files.add(case=case, by=personas.filer, upload=upload, kind="document")
        assert file.counter_notice is None
        page = words(browser_of(personas.filer).get(case.get_absolute_url()))
        assert "The deadline to answer has passed." in page
        assert "counter-answer" not in page


def test_only_filers_can_answer(personas: Personas, case: Case) -> None:
    assert "counter-answer" not in words(personas.client("viewer").get(case.get_absolute_url()))
    for name in ("viewer", "stranger", "moderator", "officer"):
        with pytest.raises(NotAllowed):
            counter_notices.answer(case=case, by=getattr(personas, name), note=ANSWER)


def test_answer_needs_an_open_counter_notice(mine: dict[str, Any]) -> None:
    case = factories.removed_case(**mine)
    with pytest.raises(Conflict, match="no open counter-notice"):
        counter_notices.answer(case=case, by=case.created_by, note=ANSWER)


def test_counter_notice_comes_first_on_the_desk(
    client: Client, case: Case, mine: dict[str, Any]
) -> None:
    asked, draft = factories.information_requested_case(**mine), factories.draft_case(**mine)
    waiting = [case.reference, asked.reference, draft.reference]
    page = client.get(DESK)
    assert [one.reference for one in page.context["awaiting_member"]] == waiting
    assert "The seller filed a counter-notice. Answer by" in words(page)
    listed = client.get(reverse("desk:cases") + "?status=ours").context["page"].rows
    assert {one.reference for one in listed} == set(waiting)
    with after_deadline(case):
        assert [one.reference for one in client.get(DESK).context["awaiting_member"]] == waiting[1:]
    factories.answered_counter_notice(case)
    page = client.get(DESK)
    assert [one.reference for one in page.context["awaiting_member"]] == waiting[1:]
    assert not page.context["more_awaiting_member"]


def test_email_states_the_deadline(case: Case) -> None:
    case.created_by.time_zone = "Asia/Shanghai"
    case.created_by.save()
    tasks.send_mails()
    messages = [m for m in mail.outbox if "Counter-notice received" in m.subject]
    assert [m.to for m in messages] == [[case.created_by.email]]
    assert "Reply by" in str(messages[0].body)
    assert "(Asia/Shanghai)" in str(messages[0].body)
    assert "bought from the maker" not in str(messages[0].body)


# --- The decision ------------------------------------------------------------------------------


@pytest.mark.parametrize("decide", [decisions.uphold_again, decisions.reinstate])
def test_decision_needs_an_answer_or_the_deadline(
    personas: Personas, case: Case, decide: Any
) -> None:
    by = personas.second_moderator
    with pytest.raises(Conflict, match=f"{case.member.name} can answer .* until .*UTC"):
        decide(case=case, by=by, facts="As shown.")
    with after_deadline(case):
        assert decide(case=case, by=by, facts="As shown.").version > case.version


@pytest.mark.parametrize("decide", [decisions.uphold_again, decisions.reinstate])
def test_moderator_who_upheld_cannot_decide(personas: Personas, case: Case, decide: Any) -> None:
    factories.answered_counter_notice(case)
    with pytest.raises(NotAllowed, match="You upheld this case"):
        decide(case=case, by=personas.moderator, facts="As shown.")
    assert notice_of(case).status == "open"
    assert not personas.moderator.has_perm("cases.decide_counter_notice", case)
    assert personas.second_moderator.has_perm("cases.decide_counter_notice", case)
    decide(case=case, by=personas.second_moderator, facts="As shown.")
    assert notice_of(case).resolved_by == personas.second_moderator


def test_triage_page_shows_the_answer_and_who_can_decide(personas: Personas, case: Case) -> None:
    url = reverse("triage:case", args=[case.reference])
    other, upheld = personas.client("second_moderator"), personas.client("moderator")
    early = other.get(url)
    assert "can answer the counter-notice until" in words(early)
    assert not {"uphold_again", "reinstate"} & set(early.context["forms"])
    assert "You upheld this case" in words(upheld.get(url))
    files.add(case=case, by=case.created_by, upload=factories.png("contract.png"), kind="document")
    counter_notices.answer(case=case, by=case.created_by, note=ANSWER)
    ready = other.get(url)
    assert {"uphold_again", "reinstate"} <= set(ready.context["forms"])
    for text in (ANSWER, "contract.png", "with the answer to the counter-notice"):
        assert text in words(ready)
    refused = upheld.get(url)
    assert ANSWER in words(refused)
    assert not {"uphold_again", "reinstate"} & set(refused.context["forms"])


def test_triage_list_shows_who_acts_next(personas: Personas, case: Case) -> None:
    listed = reverse("triage:list") + "?view=counter-noticed"
    assert "the member can answer until" in words(personas.client("moderator").get(listed))
    factories.answered_counter_notice(case)
    assert "you upheld it: another moderator decides" in words(
        personas.client("moderator").get(listed)
    )
    assert "you upheld it" not in words(personas.client("second_moderator").get(listed))


def test_early_decision_is_refused_and_keeps_input(personas: Personas, case: Case) -> None:
    url = reverse("triage:uphold_again", args=[case.reference])
    response = personas.client("second_moderator").post(url, {"facts": "It is forged."})
    assert response.status_code == 409
    assert "It is forged." in words(response)
    assert "can answer the counter-notice until" in words(response)


def test_counter_notice_without_deadline_is_decided_at_once(personas: Personas, case: Case) -> None:
    CounterNotice.objects.filter(case=case).update(answer_due_at=None)
    decisions.uphold_again(case=case, by=personas.second_moderator, facts="As shown.")


def test_days_to_answer_are_a_setting(mine: dict[str, Any], settings: Any) -> None:
    settings.COUNTER_NOTICE_ANSWER_DAYS = 10
    notice = notice_of(factories.counter_noticed_case(**mine))
    assert notice.answer_due_at == notice.received_at + timedelta(days=10)
    assert notice.due_at > notice.answer_due_at


def test_empty_answer_is_refused(case: Case) -> None:
    with pytest.raises(Refusal, match="Write an answer"):
        counter_notices.answer(case=case, by=case.created_by, note="  ")
