"""Test configuration: tests run on the PostgreSQL and Redis servers named in the environment.

``make test`` starts its own servers and sets the variables. pytest-django creates its own database;
both Redis databases are emptied before every test that uses the database.
"""

from __future__ import annotations

import gc
import os
import socket
from collections.abc import Iterator
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import django
import pytest

pytest_plugins = ["tests.chromium"]

NEEDED = ("SECRET_KEY", "DATABASE_URL", "REDIS_URL", "LIAISON_REDIS_URL", "EVIDENCE_ROOT")
_missing = [name for name in NEEDED if not os.environ.get(name)]
if _missing:
    pytest.exit(
        f"The tests need PostgreSQL and Redis, and {', '.join(_missing)} is not set: "
        "run them with `make test`.",
        returncode=4,
    )

# Not in pyproject.toml: the settings would fail before the message above is shown.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alliance.settings")
django.setup()

from django.conf import settings as portal  # noqa: E402  (only now is there an environment)
from django.core.cache import cache  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.template import Context, Template  # noqa: E402
from django.test.signals import template_rendered  # noqa: E402
from django.utils import translation  # noqa: E402
from django.utils.safestring import SafeString  # noqa: E402

from alliance.lib import redis as connections  # noqa: E402
from alliance.lib import wakeup  # noqa: E402
from tests import flush, xdist_resources  # noqa: E402
from tests import personas as cast  # noqa: E402

_RAISE_SEQUENCES = """
    SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, greatest(coalesce(last_value, 0), 12344))
      FROM pg_sequences
     WHERE schemaname = current_schema()
"""

_USES_DATABASE = {"db", "transactional_db", "live_server", "django_db_setup", "personas"}
_URLS = ("DATABASE_URL", "REDIS_URL", "LIAISON_REDIS_URL", "CELERY_BROKER_URL")
_SERVICES = {urlsplit(os.environ.get(name, "")).hostname or "" for name in _URLS}
_LOCAL = {"127.0.0.1", "::1", "localhost", "0.0.0.0"} | _SERVICES


class NetworkAccess(AssertionError):
    """A test tried to connect to the network. The portal must not do that in tests."""


def _render(template: Template, context: Context) -> SafeString:
    """Render a template and, unless it is included by another one, tell the test client about it.

    Django's own version copies the context of every included template as well.
    """
    if context.template is template:
        template_rendered.send(sender=template, template=template, context=context)
    return template.nodelist.render(context)


def _guarded(name: str) -> Any:
    original = getattr(socket.socket, name)

    def connect(self: socket.socket, address: Any) -> Any:
        inet = self.family in (socket.AF_INET, socket.AF_INET6)
        if inet and str(address[0]) not in _LOCAL and not str(address[0]).startswith("127."):
            raise NetworkAccess(f"A test tried to reach {address[0]}:{address[1]}.")
        return original(self, address)

    return connect


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put long tests first, so that at the end no process works alone on one of them.

    Those with a browser come last: afterwards their process has a running event loop, in which async_to_sync fails.
    """
    items.sort(key=_position)


def _position(item: pytest.Item) -> int:
    if item.get_closest_marker("browser"):
        return 2
    return 0 if item.get_closest_marker("slow") or item.get_closest_marker("worker") else 1


def pytest_collection_finish() -> None:
    """Exclude long-lived objects from garbage collection, which took a fifth of the CPU time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(scope="session", autouse=True)
def _own_resources() -> None:
    """Check that the settings have the Redis databases and evidence folder of this process."""
    for name in xdist_resources.VARIABLES:
        assert str(getattr(portal, name)) == os.environ[name], f"{name} was read too early"


@pytest.fixture(scope="session", autouse=True)
def _instrumented_templates(django_test_environment: None) -> None:
    Template._render = _render  # type: ignore[method-assign]


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """Refuse connections except to this machine and to the services of the tests."""
    patch = pytest.MonkeyPatch()
    for name in ("connect", "connect_ex"):
        patch.setattr(socket.socket, name, _guarded(name))
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def _test_settings(settings: Any) -> None:
    """Disable the second factor, slow password hashes and the time to undo; their own tests enable them."""
    settings.REQUIRE_SECOND_FACTOR = False
    settings.DECISION_UNDO_SECONDS = 0
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _empty_redis(request: pytest.FixtureRequest) -> None:
    """Empty both Redis databases, and reset the pause after failed wake-ups."""
    wakeup.BACKGROUND.flush()
    wakeup.Pause.until = wakeup.Pause.flags_until = 0.0
    marked = request.node.get_closest_marker("django_db") is not None
    if marked or _USES_DATABASE & set(request.fixturenames):
        connections.shared().flushdb()
        connections.liaison().flushdb()
        cache.clear()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Start every sequence at 12,345, so that unintended number formatting becomes visible."""
    with django_db_blocker.unblock():
        with connection.cursor() as cursor:
            cursor.execute(_RAISE_SEQUENCES)
        flush.install()


@pytest.fixture
def personas(db: None) -> cast.Personas:
    """The personas of :mod:`tests.personas`."""
    return cast.make()


@pytest.fixture
def plain_layout(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the navigation, the bell, and the list of models in the admin.

    They take most of the time of a small page. For sweeps over many pages, in which they do not matter.
    """
    monkeypatch.setattr("alliance.context._navigation", lambda *_: [])
    monkeypatch.setattr("cases.queries.notifications.Bell.count", 0)
    monkeypatch.setattr("django.contrib.admin.AdminSite.get_app_list", lambda *_, **__: [])


@pytest.fixture
def plain_error_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer 403 and 404 without a page. For sweeps over many URLs that check the status."""
    for status in (403, 404):
        handler = partial(_refusal, status=status)
        monkeypatch.setattr(f"alliance.urls.handler{status}", handler, raising=False)


def _refusal(request: HttpRequest, exception: Exception, *, status: int) -> HttpResponse:
    return HttpResponse(status=status)


@pytest.fixture
def browser_of() -> Any:
    """Return a function that logs a person in and returns the test client."""
    return cast.browser_of
