"""Fixtures of the browser tests: a running site and pages whose script errors fail the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import BrowserContext, ConsoleMessage, Page

from members.models import User


class BrowserErrors(list[str]):
    """Errors that the browser reported: script errors, blocked scripts and styles."""

    def watch(self, page: Page) -> None:
        """Collect errors of ``page`` from now on."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.append(f"{page.url}: {error}"))

    def _console(self, message: ConsoleMessage) -> None:
        # Browsers also report an expected status such as 404 or 409 as an error.
        # htmx logs an error when it aborts a request in favour of a newer one, as configured.
        harmless = ("Failed to load resource", "htmx:sendAbort", "htmx:afterRequest")
        if message.type == "error" and not any(words in message.text for words in harmless):
            self.append(f"{message.location.get('url')}: {message.text}")


@pytest.fixture
def browser_errors() -> Iterator[BrowserErrors]:
    """Collect browser errors, and fail the test if there are any."""
    found = BrowserErrors()
    yield found
    assert not found


@pytest.fixture
def page(context: BrowserContext, browser_errors: BrowserErrors) -> Page:
    """A page whose browser errors fail the test."""
    opened = context.new_page()
    opened.set_default_timeout(15_000)
    browser_errors.watch(opened)
    return opened


@pytest.fixture
def site(live_server: Any, settings: Any) -> str:
    """Return the URL of the running site, and use it as SITE_URL."""
    settings.SITE_URL = live_server.url
    settings.ALLOWED_HOSTS = ["*"]
    return str(live_server.url)


@pytest.fixture
def become(context: BrowserContext, site: str) -> Callable[[User | None], None]:
    """Return a function that logs the browser in as a user, without the login form."""

    def switch(person: User | None) -> None:
        context.clear_cookies()
        if person is None:
            return
        client = Client()
        client.force_login(person)
        name = django_settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])

    return switch
