"""Logging configuration: one JSON object per line, with a request id, without secrets and personal data."""

from __future__ import annotations

import logging
import re
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

# Paths with a one-time key. Until it is used, the key is as good as a password.
_KEY_IN_PATH = re.compile(
    r"((?:/accounts/(?:password/reset/key|confirm-email|invitation|login/code)|/join/link)/)[^/\s?]+"
)
# Tokens of the APIs, which programs may put in the wrong place.
_TOKEN = re.compile(r"\b(apl?)_[A-Za-z0-9_-]{20,}")
_QUERY = re.compile(r"\?[^\s\"']*")
# The client address in the log of a request that gunicorn rejects.
_CLIENT = re.compile(r"\bip=[0-9A-Fa-f.:]+")
# Anchored at the start of a word, so that a long word does not take quadratic time.
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+")
# Up to the last @, because an unescaped password may contain / or @. Bounded, so that a long word does not take
# quadratic time.
_URL_PASSWORD = re.compile(r"(://[^:/@\s]*:)(?:\S{1,256}|[^@/\s]+)@")
_DROPPED = frozenset({"user_agent", "ip"})


def scrub(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Remove secrets and personal data from every value of a log entry (a structlog processor)."""
    for key in _DROPPED & event.keys():
        del event[key]
    return {key: _scrubbed(value) for key, value in event.items()}


def _scrubbed(value: Any) -> Any:
    if isinstance(value, str):
        return scrub_text(value)
    if isinstance(value, dict):
        return {key: _scrubbed(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_scrubbed(one) for one in value]
    if isinstance(value, tuple):
        return tuple(map(_scrubbed, value))
    return value


def scrub_text(text: str) -> str:
    """Return ``text`` without one-time keys, tokens, query strings, email addresses, client addresses and URL passwords."""
    text = _URL_PASSWORD.sub(r"\1***@", text)
    text = _KEY_IN_PATH.sub(r"\1***", text)
    text = _QUERY.sub("?…", text)
    text = _TOKEN.sub(r"\1_***", text)
    text = _CLIENT.sub("ip=…", text)
    return _EMAIL.sub("…@…", text)


def formatter(*, as_json: bool) -> logging.Formatter:
    """Return the log formatter: JSON, or plain text if ``as_json`` is false."""
    renderer: Processor = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_shared(),
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            scrub,
            renderer,
        ],
    )


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def configuration(*, as_json: bool, level: str, mail_errors: bool = False) -> dict[str, Any]:
    """Configure structlog and return Django's ``LOGGING``.

    Entries are JSON, or plain text if ``as_json`` is false. With ``mail_errors``, those of level ERROR are emailed
    to ``ADMINS``.
    """
    structlog.configure(
        processors=[
            *_shared(),
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.processors.format_exc_info,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handlers: dict[str, dict[str, Any]] = {
        "stderr": {"class": "logging.StreamHandler", "formatter": "portal"}
    }
    if mail_errors:
        handlers["mail"] = {
            "class": "alliance.error_mail.ErrorMailHandler",
            "formatter": "portal",
        }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"portal": {"()": formatter, "as_json": as_json}},
        "handlers": handlers,
        "root": {"handlers": [*handlers], "level": level},
        "loggers": {
            # django_structlog already logs each request.
            "django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
            "django.request": {"level": "ERROR"},
            "kombu": {"level": "WARNING"},
            # One line per wake-up would add nothing to the channels' metrics.
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
            "django_structlog.celery": {"level": "WARNING"},
        },
    }
