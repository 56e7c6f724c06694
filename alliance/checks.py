"""System checks of the installation: ``manage.py check``, and ``--deploy`` for those of a real server.

Each says what is wrong and what to do about it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution

from alliance.lib.queues import VISIBILITY_SECONDS

TOKEN_AT_LEAST = 32


@register(Tags.security)
def evidence_is_not_served(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Evidence must not lie where files are served from, nor in the checkout that is deployed."""
    root = Path(settings.EVIDENCE_ROOT).resolve()
    served = [Path(settings.STATIC_ROOT), *(Path(folder) for folder in settings.STATICFILES_DIRS)]
    if settings.MEDIA_ROOT:
        served.append(Path(settings.MEDIA_ROOT))
    return [
        Error(
            f"EVIDENCE_ROOT overlaps with {folder}, whose files are served to anybody.",
            hint="Set EVIDENCE_ROOT to a folder of its own, outside everything that is served.",
            id="alliance.E001",
        )
        for folder in served
        if _overlap(root, folder.resolve())
    ]


@register(Tags.security, deploy=True)
def evidence_is_not_in_the_code(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """A new release replaces the code; evidence has to outlive it."""
    root, code = Path(settings.EVIDENCE_ROOT).resolve(), Path(settings.BASE_DIR).resolve()
    inside = root.is_relative_to(code) and not root.is_relative_to(code / ".run")
    if not inside:
        return []
    return [
        Caution(
            "EVIDENCE_ROOT lies inside the code, which a release may replace.",
            hint="Set EVIDENCE_ROOT to a folder or volume of its own, with a backup of its own.",
            id="alliance.W002",
        )
    ]


@register(Tags.security, deploy=True)
def streams_have_their_own_redis(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """The broker's Redis may evict and be emptied; the agencies' streams may not."""
    streams = _place(settings.LIAISON_REDIS_URL)
    shared = {
        name: _place(url)
        for name, url in (
            ("REDIS_URL", settings.REDIS_URL),
            ("CELERY_BROKER_URL", settings.CELERY_BROKER_URL),
        )
    }
    return [
        Caution(
            f"LIAISON_REDIS_URL and {name} are the same Redis database.",
            hint="Give the streams an instance of their own: append-only file on, noeviction.",
            id="alliance.W003",
        )
        for name, place in shared.items()
        if place == streams
    ]


@register(Tags.security, deploy=True)
def addresses_in_mail_are_safe(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Links in e-mail and in updates are made from SITE_URL: over HTTPS when the site is."""
    found: list[CheckMessage] = []
    site = urlsplit(settings.SITE_URL)
    if settings.SECURE_SSL and site.scheme != "https":
        found.append(
            Caution(
                "SITE_URL does not begin with https, though SECURE_SSL is on.",
                hint="Set SITE_URL to the address people use, e.g. https://portal.example.",
                id="alliance.W004",
            )
        )
    if not _allowed(site.hostname or "", settings.ALLOWED_HOSTS):
        found.append(
            Caution(
                "The host of SITE_URL is not among ALLOWED_HOSTS: links in e-mail would not open.",
                hint="Add it to ALLOWED_HOSTS, or correct SITE_URL.",
                id="alliance.W005",
            )
        )
    return found


@register(Tags.security, deploy=True)
def nothing_is_relaxed(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """What the demo relaxes stays strict on a real server."""
    found: list[CheckMessage] = []
    if not settings.REQUIRE_SECOND_FACTOR:
        found.append(
            Caution(
                "REQUIRE_SECOND_FACTOR is off: moderators, officers and admins log in by password.",
                hint="Leave it on everywhere but in the demo.",
                id="alliance.W006",
            )
        )
    kept = settings.CELERY_BROKER_TRANSPORT_OPTIONS.get("visibility_timeout", VISIBILITY_SECONDS)
    if kept < VISIBILITY_SECONDS:
        found.append(
            Caution(
                "CELERY_VISIBILITY_TIMEOUT is so short that a task may be given out while it is being done.",
                hint=f"Set it to {VISIBILITY_SECONDS} or more.",
                id="alliance.W012",
            )
        )
    if settings.WEBHOOK_ALLOW_PRIVATE:
        found.append(
            Caution(
                "WEBHOOK_ALLOW_PRIVATE is on: webhooks reach this network's own machines, and over plain HTTP.",
                hint="Leave it off everywhere but in tests and trials.",
                id="alliance.W011",
            )
        )
    if settings.DEMO:
        found.append(
            Caution(
                "DEMO is on: pages show the demo's logins.",
                hint="Switch DEMO off on a server that holds real cases.",
                id="alliance.W007",
            )
        )
    return found


@register(Tags.security, deploy=True)
def clients_are_told_apart(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Behind the TLS proxy every client has the proxy's address, unless the proxy's word is taken."""
    if not settings.SECURE_SSL or settings.ALLAUTH_TRUSTED_PROXY_COUNT > 0:
        return []
    return [
        Caution(
            "TRUSTED_PROXY_COUNT is 0 behind a TLS proxy: all clients share the proxy's address, and a few"
            " wrong passwords keep everybody from logging in.",
            hint="Set it to the number of proxies that add to X-Forwarded-For: 1 with compose.yaml.",
            id="alliance.W013",
        )
    ]


@register(Tags.security, deploy=True)
def mail_leaves_the_machine(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Members must hear of decisions: a console or file backend tells nobody."""
    backend = str(settings.EMAIL_BACKEND).rsplit(".", 2)[-2]
    if backend not in ("console", "filebased", "dummy", "locmem"):
        return []
    return [
        Caution(
            f"E-mail goes to the “{backend}” backend and reaches nobody.",
            hint="Set EMAIL_URL to a mail server, e.g. smtp+tls://user:password@mail.example:587.",
            id="alliance.W008",
        )
    ]


@register(Tags.security, deploy=True)
def contact_is_published(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """The contact page, the privacy notice and security.txt need an address."""
    if settings.CONTACT_EMAIL:
        return []
    return [
        Caution(
            "CONTACT_EMAIL is empty: the public pages name nobody to write to.",
            hint="Set it to an address that somebody reads, e.g. contact@portal.example.",
            id="alliance.W014",
        )
    ]


@register(Tags.security, deploy=True)
def metrics_are_guarded(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """The token is tried from outside, as often as somebody likes."""
    if not settings.METRICS_TOKEN or len(settings.METRICS_TOKEN) >= TOKEN_AT_LEAST:
        return []
    return [
        Caution(
            f"METRICS_TOKEN is shorter than {TOKEN_AT_LEAST} characters.",
            hint='Make one: python3 -c "import secrets; print(secrets.token_urlsafe(32))".',
            id="alliance.W009",
        )
    ]


@register(Tags.security, deploy=True)
def agencies_reach_the_streams_safely(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """What agencies are shown is an address over TLS, without anybody's password in it."""
    public = urlsplit(settings.LIAISON_REDIS_PUBLIC_URL)
    if not public.geturl() or (public.scheme == "rediss" and "@" not in public.netloc):
        return []
    return [
        Caution(
            "LIAISON_REDIS_PUBLIC_URL is no address over TLS, or has a user in it.",
            hint="Set it to rediss://, the host and the port that agencies reach, and no more.",
            id="alliance.W010",
        )
    ]


def _overlap(one: Path, other: Path) -> bool:
    return one.is_relative_to(other) or other.is_relative_to(one)


def _place(url: str) -> tuple[str, int, str]:
    """What tells two Redis databases apart, whatever the credentials: host, port, number."""
    parts = urlsplit(url)
    if parts.scheme == "unix" or parts.scheme == "redis+socket":
        return (parts.path, 0, parts.query)
    return (parts.hostname or "localhost", parts.port or 6379, parts.path.strip("/") or "0")


def _allowed(host: str, patterns: Sequence[str]) -> bool:
    return any(
        pattern in ("*", host) or (pattern.startswith(".") and f".{host}".endswith(pattern))
        for pattern in patterns
    )
