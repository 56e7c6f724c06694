"""The portal without Redis: login works, and failed logins are still limited."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import redis
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from alliance.lib import redis as connections
from alliance.lib.cache import FallbackCache
from tests import factories
from tests.processes import free_port


@pytest.fixture
def redis_down(settings: Any) -> Iterator[None]:
    """Make the Redis of the cache refuse connections."""
    address = {"LOCATION": f"redis://127.0.0.1:{free_port()}/0"}
    settings.CACHES = {"default": settings.CACHES["default"] | address}
    FallbackCache.unreachable_until = 0.0
    cache.clear()
    yield
    cache.clear()
    FallbackCache.unreachable_until = 0.0


def log_in(client: Client, email: str, password: str) -> Any:
    return client.post(reverse("account_login"), {"login": email, "password": password})


@pytest.mark.django_db
def test_login_works_without_redis(redis_down: None, client: Client) -> None:
    user = factories.user()
    assert client.get(reverse("account_login")).status_code == 200
    assert log_in(client, user.email, "password").status_code == 302
    assert client.session["_auth_user_id"] == str(user.pk)


@pytest.mark.django_db
def test_failed_logins_are_limited_without_redis(redis_down: None, client: Client) -> None:
    user = factories.user()
    pages = [log_in(client, user.email, f"guess {n}").content.decode() for n in range(12)]
    assert "Too many failed login attempts" in pages[-1]
    assert "Too many failed login attempts" not in pages[0]


def test_cache_works_without_redis(redis_down: None) -> None:
    assert cache.get("a", 1) == 1
    assert cache.add("a", 2)
    assert not cache.add("a", 3)
    assert cache.incr("a") == 3
    cache.set_many({"b": 1, "c": 2})
    assert cache.get_many(["b", "c", "d"]) == {"b": 1, "c": 2}
    assert cache.has_key("b")
    assert cache.touch("b")
    cache.delete_many(["b", "c"])
    assert cache.delete("a")
    assert cache.get("a") is None


def test_redis_is_not_retried_on_every_call(
    redis_down: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = []

    def refuse(*_: Any) -> None:
        tries.append(1)
        raise redis.ConnectionError

    monkeypatch.setattr(redis.Connection, "connect", refuse)
    FallbackCache.unreachable_until = 0.0
    for _ in range(10):
        cache.get("a")
    assert 1 <= len(tries) <= 2, "once, and once more at most for a stale connection"


@pytest.mark.django_db
def test_redis_is_used_again_after_recovery(redis_down: None, settings: Any) -> None:
    cache.set("a", "here")
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": settings.REDIS_URL}}
    FallbackCache.unreachable_until = 0.0
    cache.clear()
    cache.set("a", "there")
    assert connections.shared().keys("portal*a")
