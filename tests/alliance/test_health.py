"""The liveness and readiness endpoints."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client

pytestmark = pytest.mark.django_db(transaction=True)


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def no_redis(settings: Any) -> Any:
    port = closed_port()
    former = caches["default"]
    location = f"redis://127.0.0.1:{port}/0"
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": location}}
    yield
    assert former is not None


def test_liveness_needs_no_service(no_redis: None) -> None:
    response = Client().get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert "no-store" in response.headers["Cache-Control"]


def test_ready_with_database_and_cache() -> None:
    response = Client().get("/readyz")
    assert (response.status_code, response.json()) == (
        200,
        {"database": "ok", "evidence": "ok", "cache": "ok"},
    )


def test_ready_without_redis(no_redis: None) -> None:
    response = Client().get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"database": "ok", "evidence": "ok", "cache": "away"}


def test_not_ready_without_database(monkeypatch: pytest.MonkeyPatch) -> None:
    from health_check.checks import Database

    def fail(self: Any) -> None:
        raise ConnectionError("postgres://portal:secret@db.internal is away")

    monkeypatch.setattr(Database, "run", fail)
    response = Client().get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"database": "failing", "evidence": "ok", "cache": "ok"}
    assert "secret" not in response.content.decode()


@pytest.mark.parametrize("url", ["/healthz", "/readyz"])
def test_health_is_served_over_plain_http(settings: Any, url: str) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert Client().get(url).status_code == 200
    assert Client().get("/").status_code == 301


def test_health_needs_no_login_and_starts_no_session() -> None:
    browser = Client()
    browser.get("/healthz")
    assert not browser.cookies
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_session")
        assert cursor.fetchone() == (0,)
