"""Logging: one JSON object a line, with a request id; no secret and no personal data beyond ids."""

from __future__ import annotations

import logging
import re
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

# Paths that carry a one-time key: the key is worth as much as a password until it is used.
_KEY_IN_PATH = re.compile(r"(/accounts/(?:password/reset/key|confirm-email|login/code)/)[^/\s?]+")
_QUERY = re.compile(r"\?[^\s\"']*")
# As gunicorn names the client of a request that it refuses.
_CLIENT = re.compile(r"\bip=[0-9A-Fa-f.:]+")
# Tried at the start of a word only: from every letter of a long one, it would take time by the square.
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+")
# Up to the last @: who wrote a password into an address may have left a / or @ in it as it was. Bounded, or
# looking for one again and again in a long word would take time by the square.
_URL_PASSWORD = re.compile(r"(://[^:/@\s]*:)(?:\S{1,256}|[^@/\s]+)@")
_DROPPED = frozenset({"user_agent", "ip"})


def scrub(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Take secrets and personal data out of every value of a log entry."""
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
    """Return ``text`` without one-time keys, query strings, e-mail and client addresses, and URL passwords."""
    text = _URL_PASSWORD.sub(r"\1***@", text)
    text = _KEY_IN_PATH.sub(r"\1***", text)
    text = _QUERY.sub("?…", text)
    text = _CLIENT.sub("ip=…", text)
    return _EMAIL.sub("…@…", text)


def formatter(*, as_json: bool) -> logging.Formatter:
    """Return the formatter of every line of the log; ``as_json`` off gives lines for people."""
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
    """Return Django's ``LOGGING``; ``as_json`` off gives lines for people. Sets up structlog too.

    ``mail_errors``: entries of level ERROR are mailed to ``ADMINS``.
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
            # django_structlog writes one line a request; the server's own would repeat it.
            "django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
            "django.request": {"level": "ERROR"},
            "kombu": {"level": "WARNING"},
            # A line for each wake-up says nothing that the channels' figures do not.
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
            "django_structlog.celery": {"level": "WARNING"},
        },
    }
