"""System checks: ``manage.py check``, and with ``--deploy`` those for a production server."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution

from alliance.lib import ocr, private_files
from alliance.lib.queues import VISIBILITY_SECONDS

MIN_TOKEN_LENGTH = 32


@register(Tags.security)
def evidence_is_not_served(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Check that the evidence folder does not overlap with a folder that is served over HTTP."""
    root = Path(settings.EVIDENCE_ROOT).resolve()
    served = [Path(settings.STATIC_ROOT), *(Path(folder) for folder in settings.STATICFILES_DIRS)]
    if settings.MEDIA_ROOT:
        served.append(Path(settings.MEDIA_ROOT))
    return [
        Error(
            f"EVIDENCE_ROOT overlaps with {folder}, whose files are public.",
            hint="Set EVIDENCE_ROOT to a separate folder that is not served over HTTP.",
            id="alliance.E001",
        )
        for folder in served
        if _overlap(root, folder.resolve())
    ]


@register(Tags.security)
def evidence_store_is_complete(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Check that the chosen evidence store exists and has its settings."""
    store = settings.EVIDENCE_STORE
    if store not in private_files.STORES:
        names = " or ".join(private_files.STORES)
        return [Error(f"EVIDENCE_STORE is {store!r}, but must be {names}.", id="alliance.E003")]
    if store == private_files.OBJECT_STORE and not settings.EVIDENCE_S3_BUCKET:
        return [Error("EVIDENCE_STORE is 's3' without EVIDENCE_S3_BUCKET.", id="alliance.E004")]
    return []


@register(Tags.security, deploy=True)
def evidence_is_not_in_the_code(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Check that evidence is outside the code, which a release replaces."""
    root, code = Path(settings.EVIDENCE_ROOT).resolve(), Path(settings.BASE_DIR).resolve()
    inside = root.is_relative_to(code) and not root.is_relative_to(code / ".run")
    if not inside:
        return []
    return [
        Caution(
            "EVIDENCE_ROOT is inside the code folder, which a release may replace.",
            hint="Set EVIDENCE_ROOT to a separate folder or volume, and back it up.",
            id="alliance.W002",
        )
    ]


@register(Tags.security, deploy=True)
def streams_have_their_own_redis(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Check that the agencies' streams do not share a Redis database with the broker or the cache."""
    streams = _identity(settings.LIAISON_REDIS_URL)
    shared = {
        name: _identity(url)
        for name, url in (
            ("REDIS_URL", settings.REDIS_URL),
            ("CELERY_BROKER_URL", settings.CELERY_BROKER_URL),
        )
    }
    return [
        Caution(
            f"LIAISON_REDIS_URL and {name} are the same Redis database.",
            hint="Use a separate Redis instance for the streams, with append-only file and noeviction.",
            id="alliance.W003",
        )
        for name, identity in shared.items()
        if identity == streams
    ]


@register(Tags.security, deploy=True)
def addresses_in_mail_are_safe(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Check SITE_URL, from which links in emails and updates are built."""
    found: list[CheckMessage] = []
    site = urlsplit(settings.SITE_URL)
    if settings.SECURE_SSL and site.scheme != "https":
        found.append(
            Caution(
                "SITE_URL does not start with https, but SECURE_SSL is on.",
                hint="Set SITE_URL to the public URL, for example https://portal.example.",
                id="alliance.W004",
            )
        )
    if not _allowed(site.hostname or "", settings.ALLOWED_HOSTS):
        found.append(
            Caution(
                "The host of SITE_URL is not in ALLOWED_HOSTS: links in emails would not work.",
                hint="Add the host to ALLOWED_HOSTS, or correct SITE_URL.",
                id="alliance.W005",
            )
        )
    return found


@register(Tags.security, deploy=True)
def settings_are_strict(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Check that no setting has a value meant for demos and tests."""
    found: list[CheckMessage] = []
    if not settings.REQUIRE_SECOND_FACTOR:
        found.append(
            Caution(
                "REQUIRE_SECOND_FACTOR is off: moderators, officers and admins log in with a password only.",
                hint="Switch it off only for a demo.",
                id="alliance.W006",
            )
        )
    timeout = settings.CELERY_BROKER_TRANSPORT_OPTIONS.get("visibility_timeout", VISIBILITY_SECONDS)
    if timeout < VISIBILITY_SECONDS:
        found.append(
            Caution(
                "CELERY_VISIBILITY_TIMEOUT is too short: a running task may be delivered to a second worker.",
                hint=f"Set it to {VISIBILITY_SECONDS} or more.",
                id="alliance.W012",
            )
        )
    if settings.WEBHOOK_ALLOW_PRIVATE:
        found.append(
            Caution(
                "WEBHOOK_ALLOW_PRIVATE is on: webhooks can reach private addresses and use plain HTTP.",
                hint="Switch it on only for tests and trials.",
                id="alliance.W011",
            )
        )
    if settings.DEMO:
        found.append(
            Caution(
                "DEMO is on: pages show the logins of the demo.",
                hint="Switch DEMO off on a server with real cases.",
                id="alliance.W007",
            )
        )
    return found


@register(Tags.security, deploy=True)
def client_addresses_are_known(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Check that the portal trusts its proxy's X-Forwarded-For; otherwise every client has the proxy's address."""
    if not settings.SECURE_SSL or settings.ALLAUTH_TRUSTED_PROXY_COUNT > 0:
        return []
    return [
        Caution(
            "TRUSTED_PROXY_COUNT is 0 behind a TLS proxy: all clients share the proxy's address, and a few"
            " wrong passwords lock every user out.",
            hint="Set it to the number of proxies that append to X-Forwarded-For: 1 with compose.yaml.",
            id="alliance.W013",
        )
    ]


@register(Tags.security, deploy=True)
def mail_is_sent(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Check that the email backend sends to a mail server."""
    backend = str(settings.EMAIL_BACKEND).rsplit(".", 2)[-2]
    if backend not in ("console", "filebased", "dummy", "locmem"):
        return []
    return [
        Caution(
            f"Email uses the “{backend}” backend and is not sent.",
            hint="Set EMAIL_URL to a mail server, for example smtp+tls://user:password@mail.example:587.",
            id="alliance.W008",
        )
    ]


@register(Tags.security, deploy=True)
def contact_is_published(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Check that there is a contact address for the contact page, the privacy notice and security.txt."""
    if settings.CONTACT_EMAIL:
        return []
    return [
        Caution(
            "CONTACT_EMAIL is empty: the public pages have no contact address.",
            hint="Set it to an address that is read, e.g. contact@portal.example.",
            id="alliance.W014",
        )
    ]


@register(deploy=True)
def pictures_can_be_read(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Check that the packages that read text in pictures are installed if OCR_ENABLED is on."""
    if not settings.OCR_ENABLED or ocr.is_installed():
        return []
    return [
        Caution(
            "OCR_ENABLED is on, but the package rapidocr-onnxruntime is not installed here.",
            hint="Install requirements-ocr.txt where the worker of the queue ocr runs, with compose.yaml by --build.",
            id="alliance.W015",
        )
    ]


@register(Tags.security, deploy=True)
def metrics_are_guarded(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Check the length of the metrics token: requests to /metrics are not rate limited."""
    if not settings.METRICS_TOKEN or len(settings.METRICS_TOKEN) >= MIN_TOKEN_LENGTH:
        return []
    return [
        Caution(
            f"METRICS_TOKEN is shorter than {MIN_TOKEN_LENGTH} characters.",
            hint='Generate one: python3 -c "import secrets; print(secrets.token_urlsafe(32))".',
            id="alliance.W009",
        )
    ]


@register(Tags.security, deploy=True)
def public_stream_url_is_safe(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Check that the stream URL shown to agencies uses TLS and contains no credentials."""
    public = urlsplit(settings.LIAISON_REDIS_PUBLIC_URL)
    if not public.geturl() or (public.scheme == "rediss" and "@" not in public.netloc):
        return []
    return [
        Caution(
            "LIAISON_REDIS_PUBLIC_URL does not use TLS, or contains a user name.",
            hint="Set it to rediss://HOST:PORT/0, with the host and port that agencies use.",
            id="alliance.W010",
        )
    ]


def _overlap(one: Path, other: Path) -> bool:
    return one.is_relative_to(other) or other.is_relative_to(one)


def _identity(url: str) -> tuple[str, int, str]:
    """Return what identifies a Redis database regardless of credentials: host, port and database number."""
    parts = urlsplit(url)
    if parts.scheme == "unix" or parts.scheme == "redis+socket":
        return (parts.path, 0, parts.query)
    return (parts.hostname or "localhost", parts.port or 6379, parts.path.strip("/") or "0")


def _allowed(host: str, patterns: Sequence[str]) -> bool:
    return any(
        pattern in ("*", host) or (pattern.startswith(".") and f".{host}".endswith(pattern))
        for pattern in patterns
    )
