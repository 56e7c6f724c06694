"""E-mail of accounts: sent at once, or by a thread after the page was answered."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from smtplib import SMTPException

import structlog
from django.core.mail import EmailMessage

from alliance.lib.background import Background

log = structlog.get_logger(__name__)

BACKGROUND = Background("account-mail")
_waiting: ContextVar[list[EmailMessage] | None] = ContextVar("account_mail", default=None)


def send(message: EmailMessage) -> None:
    """Send ``message`` now, or when the block of :func:`afterwards` ends. Raises what the mail server raises."""
    waiting = _waiting.get()
    if waiting is None:
        message.send()
    else:
        waiting.append(message)


@contextmanager
def afterwards() -> Iterator[None]:
    """Send what is sent in this block in a thread when the block ends; nobody waits, nothing is raised.

    The time of the answer, and whether the mail server is reached, then say nothing about an address.
    """
    waiting: list[EmailMessage] = []
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
    for message in waiting:
        BACKGROUND.run(uuid.uuid4().hex, _send, message)


def _send(message: EmailMessage) -> None:
    try:
        message.send()
    except (SMTPException, OSError) as error:
        log.warning("account_mail_not_sent", error=type(error).__name__, exc_info=True)
