"""E-mails about overdue steps: in the agency's language, without facts of the case, sent once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db.models.functions import Now

from alliance.lib.broker import TaskProducer
from alliance.lib.mail.queued import MAX_ATTEMPTS
from cases import tasks
from cases.liaison.models import Agency, Escalation, Notice, Referral
from cases.mail import notices
from cases.mail import queue as mail_queue
from cases.models import OutgoingMail
from cases.services import referral as referrals
from tests import factories
from tests.personas import Personas
from tests.processes import wait_for, worker

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency() -> Agency:
    return factories.agency(name="Harbour Police", second_contact_email="una@harbour.example")


@pytest.fixture
def late(agency: Agency) -> Escalation:
    return factories.overdue_step(agency)


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("read", "Harbour Police has not opened"),
        ("acknowledged", "Harbour Police has not acknowledged"),
        ("accepted", "Harbour Police has not accepted or declined"),
    ],
)
def test_the_text_names_the_step_and_its_due_time_only(
    agency: Agency, settings: Any, step: str, words: str
) -> None:
    settings.SITE_URL = "https://portal.example"
    late = factories.overdue_step(agency, step=step)
    case = late.referral.case
    message = notices.compose(Notice.objects.get())
    assert message.to == ["una@harbour.example"]
    assert message.subject.endswith(f"A step is overdue: {late.referral.reference}")
    assert words in message.body
    assert f"due by {late.due_at:%Y-%m-%d %H:%M} (UTC)" in message.body
    assert f"https://portal.example/liaison/{late.referral.reference}/" in message.body
    for fact in (
        case.reference,
        case.member.name,
        case.brand.name,
        case.seller.name,
        case.seller.external_id,
        case.get_violation_display(),
        late.referral.note,
    ):
        assert fact not in message.body + message.subject, fact
    assert message.extra_headers["X-Portal-Message"] == Notice.objects.get().key


def test_it_is_sent_once(late: Escalation) -> None:
    for _ in range(3):
        tasks.send_mails()
    overdue = [m for m in mail.outbox if "una@harbour.example" in m.to]
    assert len(overdue) == 1
    notice = Notice.objects.get()
    assert notice.sent_at is not None
    assert notice.attempts == 1


def test_a_step_done_meanwhile_is_not_reported(personas: Personas, agency: Agency) -> None:
    officer = factories.officer(agency)
    late = factories.overdue_step(agency)
    referrals.answer(referral=late.referral, by=officer, verb="acknowledge")
    mail.outbox.clear()
    tasks.send_mails()
    assert not [m for m in mail.outbox if "una@harbour.example" in m.to]
    notice = Notice.objects.get(kind="overdue")
    assert (notice.sent_at, notice.last_error) == (None, "no longer overdue")
    assert notice.failed_at is not None


def test_a_notice_that_cannot_be_composed_fails_alone(agency: Agency) -> None:
    broken = factories.overdue_step(agency)
    factories.overdue_step(agency, step="read")
    Notice.objects.filter(referral=broken.referral).update(kind="no such kind")
    for _ in range(MAX_ATTEMPTS):
        Notice.objects.filter(sent_at=None).update(next_attempt_at=Now())
        tasks.send_mails()
    failed = Notice.objects.get(referral=broken.referral)
    assert (failed.attempts, failed.last_error) == (MAX_ATTEMPTS, "ValueError")
    assert failed.failed_at is not None
    assert Notice.objects.exclude(pk=failed.pk).get().sent_at is not None
    assert not OutgoingMail.objects.filter(sent_at=None).exists(), "other mail is sent as well"


def test_a_lost_wake_up_is_repeated(late: Escalation, monkeypatch: pytest.MonkeyPatch) -> None:
    OutgoingMail.objects.all().delete()
    woken: list[bool] = []
    monkeypatch.setattr(mail_queue, "wake", lambda: woken.append(True))
    mail_queue.wake_if_due()
    assert woken == [True]
    tasks.send_mails()
    mail_queue.wake_if_due()
    assert woken == [True]


@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
def test_real_workers_notify_an_overdue_step_once(tmp_path: Path) -> None:
    agency = factories.agency(second_contact_email="una@harbour.example")
    referral = factories.referred_case(agency)
    Referral.objects.filter(pk=referral.pk).update(acknowledge_by=Now())
    folder = tmp_path / "mail"
    mailbox = {"EMAIL_URL": f"filemail:///{folder}"}
    with worker(tmp_path / "1.log", **mailbox), worker(tmp_path / "2.log", **mailbox):
        for _ in range(2):  # like two beats
            TaskProducer(5.0).send("cases.tasks.escalate_overdue_steps", queue="default")
        wait_for(
            lambda: Notice.objects.filter(sent_at__isnull=False).exists(),
            seconds=60,
            what="the notice to the second contact",
        )
        wait_for(
            lambda: Referral.objects.filter(delivered_at__isnull=False).exists(),
            seconds=60,
            what="the offer to be recorded as delivered",
        )
    assert Escalation.objects.get().step == "acknowledged"
    sent = "".join(path.read_text() for path in folder.iterdir())
    assert sent.count("To: una@harbour.example") == 1
