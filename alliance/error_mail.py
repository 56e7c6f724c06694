"""Email errors from the log to the recipients in ``ERROR_EMAILS``.

Each kind of error is emailed once per :data:`INTERVAL_SECONDS`. A thread sends the emails, so requests do not wait
for the mail server. The body is the formatted log entry, with secrets and personal data removed.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import Final

from django.core.mail import mail_admins

from alliance.lib.background import Background

INTERVAL_SECONDS: Final = 600.0
_MAX_KINDS: Final = 1000
BACKGROUND: Final = Background("error-mail")


class ErrorMailHandler(logging.Handler):
    """Emails log entries of level ERROR to ``ADMINS``, except repetitions within the interval."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self._mailed: dict[tuple[str, str], float] = {}
        self._guard = threading.Lock()

    def emit(self, record: logging.LogRecord) -> None:
        """Queue the entry for the thread. Never raises."""
        try:
            kind = (record.name, _event(record))
            if self._is_new(kind):
                subject = f"{record.levelname} {kind[0]}: {kind[1]}"[:200]
                BACKGROUND.run(repr(kind), _send, subject, self.format(record))
        except Exception:  # noqa: BLE001  (as in the standard library's handlers)
            self.handleError(record)

    def _is_new(self, kind: tuple[str, str]) -> bool:
        now = time.monotonic()
        with self._guard:
            if now - self._mailed.get(kind, -INTERVAL_SECONDS) < INTERVAL_SECONDS:
                return False
            if len(self._mailed) >= _MAX_KINDS:
                self._mailed.clear()
            self._mailed[kind] = now
        return True


def _event(record: logging.LogRecord) -> str:
    """Return the event name without the values that vary between entries."""
    if isinstance(record.msg, dict):  # structlog passes a dict
        return str(record.msg.get("event", "")).splitlines()[0]
    return str(record.msg).splitlines()[0]


def _send(subject: str, text: str) -> None:
    # Logging a failure here would trigger another email.
    mail_admins(subject, text, fail_silently=True)
