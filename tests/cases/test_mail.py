"""E-mails that cannot be composed or sent are retried, then failed, and never block others."""

from __future__ import annotations

from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core import mail
from django.core.mail import EmailMessage
from django.db.models.functions import Now

from alliance.lib.mail.queued import MAX_ATTEMPTS
from cases import tasks
from cases.models import OutgoingMail
from tests import factories

pytestmark = pytest.mark.django_db


def two_due_mails() -> tuple[OutgoingMail, OutgoingMail]:
    """Return two e-mails of two cases, due now."""
    factories.submitted_case()
    factories.submitted_case()
    first, second = OutgoingMail.objects.order_by("pk")
    return first, second


def test_mail_that_cannot_be_composed_does_not_block_the_next() -> None:
    broken, good = two_due_mails()
    OutgoingMail.objects.filter(pk=broken.pk).update(kind="a step that no longer exists")
    tasks.send_mails()
    assert [message.to for message in mail.outbox] == [[good.user.email]]
    broken.refresh_from_db()
    assert (broken.attempts, broken.last_error, broken.failed_at) == (1, "ValueError", None)


def test_mail_fails_after_the_last_attempt() -> None:
    broken, good = two_due_mails()
    OutgoingMail.objects.filter(pk=broken.pk).update(kind="a step that no longer exists")
    for _ in range(MAX_ATTEMPTS):
        OutgoingMail.objects.filter(pk=broken.pk).update(next_attempt_at=Now())
        tasks.send_mails()
    broken.refresh_from_db()
    assert (broken.attempts, broken.last_error) == (MAX_ATTEMPTS, "ValueError")
    assert broken.failed_at is not None
    assert broken.sent_at is None
    good.refresh_from_db()
    assert good.sent_at is not None


def test_header_injection_is_an_error() -> None:
    broken, good = two_due_mails()
    broken.user.email = "a@b.example\nBcc: c@d.example"
    broken.user.save()
    tasks.send_mails()
    broken.refresh_from_db()
    assert broken.last_error == "BadHeaderError"
    assert [message.to for message in mail.outbox] == [[good.user.email]]


def test_soft_time_limit_leaves_the_mail_due(monkeypatch: pytest.MonkeyPatch) -> None:
    slow, _ = two_due_mails()

    def send(self: Any, **_: Any) -> int:
        raise SoftTimeLimitExceeded

    monkeypatch.setattr(EmailMessage, "send", send)
    with pytest.raises(SoftTimeLimitExceeded):
        tasks.send_mails()
    slow.refresh_from_db()
    assert (slow.attempts, slow.last_error) == (1, "SoftTimeLimitExceeded")
    assert OutgoingMail.objects.due().count() == 1


def test_no_batch_starts_after_the_time_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    two_due_mails()
    monkeypatch.setattr(tasks, "SLICE_SECONDS", 0.0)
    tasks.send_mails()
    assert mail.outbox == []
    assert OutgoingMail.objects.due().count() == 2
