"""Information requests without an answer: tab, stopped deadline, reminder and rejection."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from alliance.lib import clock
from alliance.lib.refusals import Conflict
from cases import tasks
from cases.models import Case, OutgoingMail, ReasonCode
from cases.models.event import EventKind
from cases.services import decisions, filing, reminders
from tests import factories
from tests.forms import form_of
from tests.personas import Personas

pytestmark = pytest.mark.django_db


@pytest.fixture
def unanswered(personas: Personas) -> Case:
    return factories.information_requested_case(
        moderator=personas.moderator, by=personas.filer, citing=personas.right
    )


def move_back(case: Case, **by: Any) -> Case:
    """Move the information request and its deadlines into the past."""
    passed = timedelta(**by)
    assert case.asked_at is not None
    assert case.answer_due_at is not None
    assert case.due_at is not None
    Case.objects.filter(pk=case.pk).update(
        asked_at=case.asked_at - passed,
        answer_due_at=case.answer_due_at - passed,
        due_at=case.due_at - passed,
    )
    case.refresh_from_db()
    return case


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


def kinds(case: Case) -> list[str]:
    return list(case.events.order_by("sequence").values_list("kind", flat=True))


def test_tab_of_cases_awaiting_the_member(personas: Personas, unanswered: Case) -> None:
    other = factories.submitted_case()
    client = personas.client("moderator")
    page = words(client.get(reverse("triage:list"), {"view": "awaiting-member"}))
    assert unanswered.reference in page
    assert other.reference not in page
    assert "Waiting for the member" in page
    assert "Member’s answer:" in page


def test_moderators_deadline_stops_while_the_member_answers(
    personas: Personas, unanswered: Case
) -> None:
    case = move_back(unanswered, days=6)
    assert case.due_at is not None
    page = personas.client("moderator").get(reverse("triage:case", args=[case.reference]))
    assert "overdue by" not in words(page).lower()
    left = case.due_at - case.asked_at  # type: ignore[operator]
    case = filing.answer(case=case, by=personas.filer, note="Here is the label.")
    assert case.due_at is not None
    assert abs(case.due_at - clock.now() - left) < timedelta(seconds=5)
    assert (case.asked_at, case.answer_due_at, case.answer_reminded_at) == (None, None, None)


def test_member_sees_the_deadline(personas: Personas, unanswered: Case) -> None:
    page = words(personas.client("filer").get(unanswered.get_absolute_url()))
    assert "Answer by" in page
    assert "Without an answer, the case can be rejected." in page
    assert "Answer by" in words(personas.client("filer").get(reverse("desk:home")))
    OutgoingMail.objects.exclude(kind="information_requested").delete()
    tasks.send_mails()
    (message,) = mail.outbox
    assert "Reply by" in message.body


def test_member_is_reminded_once(personas: Personas, unanswered: Case) -> None:
    assert reminders.remind_members() == 0
    move_back(unanswered, days=5, minutes=1)
    tasks.remind_members()
    assert reminders.remind_members() == 0
    assert kinds(unanswered)[-1] == EventKind.MEMBER_REMINDED
    OutgoingMail.objects.exclude(kind=EventKind.MEMBER_REMINDED).delete()
    tasks.send_mails()
    (message,) = mail.outbox
    assert message.to == [personas.filer.email]
    assert "Reply by" in message.body
    page = words(personas.client("filer").get(unanswered.get_absolute_url()))
    assert "Reminder: reply needed" in page


def test_reminder_is_not_sent_after_the_answer(personas: Personas, unanswered: Case) -> None:
    move_back(unanswered, days=6)
    tasks.remind_members()
    OutgoingMail.objects.exclude(kind=EventKind.MEMBER_REMINDED).delete()
    filing.answer(case=unanswered, by=personas.filer, note="Here is the label.")
    tasks.send_mails()
    assert mail.outbox == []


def test_rejection_before_the_deadline_is_refused(personas: Personas, unanswered: Case) -> None:
    client = personas.client("moderator")
    page = client.get(reverse("triage:case", args=[unanswered.reference]))
    assert 'id="action-reject"' not in page.content.decode()
    with pytest.raises(Conflict, match="has not passed yet"):
        decisions.reject_unanswered(
            case=unanswered,
            by=personas.moderator,
            reason=factories.reason("reject"),
            facts="No answer.",
            expected_version=unanswered.version,
        )


def test_moderator_rejects_after_the_deadline(personas: Personas, unanswered: Case) -> None:
    move_back(unanswered, days=8)
    reason, _ = ReasonCode.objects.get_or_create(
        code="no-answer", defaults={"use": "reject", "label": "No answer", "label_zh": "未答复"}
    )
    client = personas.client("second_moderator")
    page = client.get(reverse("triage:case", args=[unanswered.reference]))
    fields = form_of(page, id="action-reject")
    fields |= {"reason": [str(reason.pk)], "facts": ["The label was not sent."]}
    client.post(reverse("triage:reject", args=[unanswered.reference]), fields)
    unanswered.refresh_from_db()
    assert (unanswered.status, unanswered.outcome, unanswered.answer_due_at) == (
        "rejected",
        "rejected",
        None,
    )
    assert kinds(unanswered)[-1] == EventKind.REJECTED


def test_late_answer_is_accepted_until_the_rejection(personas: Personas, unanswered: Case) -> None:
    case = move_back(unanswered, days=8)
    page = words(personas.client("filer").get(case.get_absolute_url()))
    assert "until then you can still answer." in page
    assert filing.answer(case=case, by=personas.filer, note="Here it is.").status == "submitted"


def test_withdrawal_clears_the_deadline(personas: Personas, unanswered: Case) -> None:
    case = filing.withdraw(case=unanswered, by=personas.filer)
    assert (case.status, case.answer_due_at) == ("withdrawn", None)
