"""Account emails, sent at once or by a background thread."""

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
    """Send ``message`` now, or at the end of :func:`in_background`. Raises the errors of the email backend."""
    waiting = _waiting.get()
    if waiting is None:
        message.send()
    else:
        waiting.append(message)


@contextmanager
def in_background() -> Iterator[None]:
    """Queue messages sent in this block, and send them in a background thread. Errors are logged.

    The response time and mail server errors then do not reveal whether an address has an account.
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
