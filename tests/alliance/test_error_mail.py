"""Handled errors are logged with their traceback and mailed to ADMINS."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.core import mail
from django.db.models.functions import Now

from alliance import error_mail
from alliance.error_mail import ErrorMailHandler
from alliance.logs import configuration, formatter
from cases import tasks
from cases.background import sweeper
from cases.models import OutgoingMail
from tests import factories


@pytest.fixture
def handler(settings: Any) -> Any:
    settings.ADMINS = [("", "operator@portal.example")]
    handler = ErrorMailHandler()
    handler.setFormatter(formatter(as_json=True))
    root = logging.getLogger()
    root.addHandler(handler)
    yield handler
    root.removeHandler(handler)


def mails() -> list[Any]:
    error_mail.BACKGROUND.flush()
    return mail.outbox


def test_errors_are_not_mailed_by_default() -> None:
    assert set(configuration(as_json=True, level="INFO")["handlers"]) == {"stderr"}
    named = configuration(as_json=True, level="INFO", mail_errors=True)
    assert named["root"]["handlers"] == ["stderr", "mail"]


@pytest.mark.django_db(transaction=True)
def test_mail_that_cannot_be_composed_is_reported_with_its_traceback(handler: Any) -> None:
    factories.submitted_case()
    OutgoingMail.objects.update(kind="a step that no longer exists")
    tasks.send_mails()
    (message,) = mails()
    assert message.to == ["operator@portal.example"]
    assert "mail_not_sent" in message.subject
    assert "Traceback" in message.body
    assert "a step that no longer exists" in message.body
    OutgoingMail.objects.update(next_attempt_at=Now())
    tasks.send_mails()
    assert len(mails()) == 1, "the same error is mailed once in ten minutes"


def test_failing_sweep_is_reported(handler: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    turns = iter([False, True])

    class Stop:
        def wait(self, _: float) -> bool:
            return next(turns)

    def fails() -> None:
        raise RuntimeError("for somebody@brand.example")

    monkeypatch.setattr(sweeper, "_stop", Stop())
    monkeypatch.setattr(sweeper, "sweep_if_leader", fails)
    monkeypatch.setattr(sweeper, "close_old_connections", lambda: None)
    monkeypatch.setattr(sweeper.connection, "close", lambda: None)
    sweeper._run()
    (message,) = mails()
    assert "RuntimeError" in message.body
    assert "somebody@brand.example" not in message.body


def test_errors_are_grouped_by_message_and_warnings_are_not_mailed(handler: Any) -> None:
    log = logging.getLogger("tests.errors")
    for number in range(3):
        log.error("number %d failed", number)
        log.warning("slow %d", number)
    log.error("another")
    assert len(mails()) == 2
