"""E-mail about errors in the log, when ``ERROR_EMAILS`` names recipients.

One e-mail for each kind of error in :data:`INTERVAL_SECONDS`, sent by a thread: no request waits for the mail
server. The text is the line of the log, scrubbed as the log is.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import Final

from django.core.mail import mail_admins

from alliance.lib.background import Background

INTERVAL_SECONDS: Final = 600.0
_KINDS_AT_MOST: Final = 1000
BACKGROUND: Final = Background("error-mail")


class ErrorMailHandler(logging.Handler):
    """Mails log entries of level ERROR to ``ADMINS``; a repetition within the interval is left out."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self._mailed: dict[tuple[str, str], float] = {}
        self._guard = threading.Lock()

    def emit(self, record: logging.LogRecord) -> None:
        """Hand the entry to the thread. Raises nothing."""
        try:
            kind = (record.name, _event(record))
            if self._is_new(kind):
                subject = f"{record.levelname} {kind[0]}: {kind[1]}"[:200]
                BACKGROUND.run(repr(kind), _send, subject, self.format(record))
        except Exception:  # noqa: BLE001  (as the handlers of the standard library do)
            self.handleError(record)

    def _is_new(self, kind: tuple[str, str]) -> bool:
        now = time.monotonic()
        with self._guard:
            if now - self._mailed.get(kind, -INTERVAL_SECONDS) < INTERVAL_SECONDS:
                return False
            if len(self._mailed) >= _KINDS_AT_MOST:
                self._mailed.clear()
            self._mailed[kind] = now
        return True


def _event(record: logging.LogRecord) -> str:
    """Return what happened, without the values that differ from one entry to the next."""
    if isinstance(record.msg, dict):  # as structlog hands it over
        return str(record.msg.get("event", "")).splitlines()[0]
    return str(record.msg).splitlines()[0]


def _send(subject: str, text: str) -> None:
    # A mail server that cannot be reached is no reason for another entry, which would be mailed in turn.
    mail_admins(subject, text, fail_silently=True)
