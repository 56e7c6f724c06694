"""The deployment checks report each fault and accept a correct configuration."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings as loaded
from django.core.checks import run_checks

from alliance.lib import ocr

VALID = {
    "EVIDENCE_ROOT": "/srv/evidence",
    "REDIS_URL": "redis://:one@redis.internal:6379/0",
    "CELERY_BROKER_URL": "redis://:one@redis.internal:6379/0",
    "LIAISON_REDIS_URL": "redis://:two@streams.internal:6379/0",
    "SITE_URL": "https://portal.example",
    "ALLOWED_HOSTS": ["portal.example"],
    "SECURE_SSL": True,
    "ALLAUTH_TRUSTED_PROXY_COUNT": 1,
    "REQUIRE_SECOND_FACTOR": True,
    "DEMO": False,
    "CONTACT_EMAIL": "contact@portal.example",
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
}


def found(settings: Any, **changes: Any) -> set[str]:
    for name, value in (VALID | changes).items():
        setattr(settings, name, value)
    messages = run_checks(include_deployment_checks=True)
    ours = [message for message in messages if str(message.id).startswith("alliance.")]
    assert all(message.hint for message in ours)
    return {str(message.id) for message in ours}


def test_valid_configuration_has_no_messages(settings: Any) -> None:
    assert found(settings) == set()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"EVIDENCE_ROOT": f"{loaded.STATIC_ROOT}/evidence"}, ["alliance.E001", "alliance.W002"]),
        ({"EVIDENCE_ROOT": f"{loaded.STATICFILES_DIRS[0]}"}, ["alliance.E001", "alliance.W002"]),
        # A parent of a served folder is served as well.
        ({"EVIDENCE_ROOT": "/"}, ["alliance.E001"]),
        ({"EVIDENCE_ROOT": f"{loaded.BASE_DIR}/evidence"}, ["alliance.W002"]),
        ({"EVIDENCE_ROOT": f"{loaded.BASE_DIR}/.run/evidence"}, []),
        ({"LIAISON_REDIS_URL": "redis://redis.internal"}, ["alliance.W003"]),
        ({"LIAISON_REDIS_URL": "redis://:x@redis.internal:6379/1"}, []),
        ({"SITE_URL": "http://portal.example"}, ["alliance.W004"]),
        ({"SITE_URL": "http://portal.example", "SECURE_SSL": False}, []),
        ({"SITE_URL": "https://other.example"}, ["alliance.W005"]),
        ({"SITE_URL": "https://a.b.example", "ALLOWED_HOSTS": [".b.example"]}, []),
        ({"REQUIRE_SECOND_FACTOR": False}, ["alliance.W006"]),
        ({"DEMO": True}, ["alliance.W007"]),
        ({"WEBHOOK_ALLOW_PRIVATE": True}, ["alliance.W011"]),
        ({"CELERY_BROKER_TRANSPORT_OPTIONS": {"visibility_timeout": 59}}, ["alliance.W012"]),
        ({"CELERY_BROKER_TRANSPORT_OPTIONS": {"confirm_publish": True}}, []),
        (
            {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"},
            ["alliance.W008"],
        ),
        ({"ALLAUTH_TRUSTED_PROXY_COUNT": 0}, ["alliance.W013"]),
        ({"CONTACT_EMAIL": ""}, ["alliance.W014"]),
        (
            {
                "ALLAUTH_TRUSTED_PROXY_COUNT": 0,
                "SECURE_SSL": False,
                "SITE_URL": "http://portal.example",
            },
            [],
        ),
        ({"METRICS_TOKEN": "short"}, ["alliance.W009"]),
        ({"METRICS_TOKEN": "x" * 32}, []),
        ({"LIAISON_REDIS_PUBLIC_URL": "redis://streams.portal.example"}, ["alliance.W010"]),
        ({"LIAISON_REDIS_PUBLIC_URL": "rediss://a:b@streams.portal.example"}, ["alliance.W010"]),
        ({"LIAISON_REDIS_PUBLIC_URL": "rediss://streams.portal.example:6380/0"}, []),
    ],
    ids=str,
)
def test_each_fault_is_reported(
    settings: Any, changes: dict[str, Any], expected: list[str]
) -> None:
    assert sorted(found(settings, **changes)) == expected


@pytest.mark.parametrize(("on", "installed"), [(True, False), (True, True), (False, False)])
def test_missing_packages_that_read_pictures_are_an_error(
    settings: Any, monkeypatch: pytest.MonkeyPatch, on: bool, installed: bool
) -> None:
    monkeypatch.setattr(ocr, "is_installed", lambda: installed)
    expected = {"alliance.W015"} if on and not installed else set()
    assert found(settings, OCR_ENABLED=on) == expected


def test_served_evidence_is_an_error_without_deploy(settings: Any) -> None:
    """The check is also run without ``--deploy``."""
    settings.EVIDENCE_ROOT = loaded.STATIC_ROOT
    ids = [message.id for message in run_checks() if message.is_serious()]
    assert "alliance.E001" in ids
