"""A real browser on the real site, watched for errors that a person would not see."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import BrowserContext, ConsoleMessage, Page

from members.models import User


class Complaints(list[str]):
    """What the browser complained of: script errors, refused scripts and styles, failed requests."""

    def watch(self, page: Page) -> None:
        """Collect from ``page`` from now on."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.append(f"{page.url}: {error}"))

    def _console(self, message: ConsoleMessage) -> None:
        # A status that the page was meant to have (a 404, a 409) is reported as an error, too.
        # htmx logs as an error that it gave up a request for a newer one, as it was told to.
        harmless = ("Failed to load resource", "htmx:sendAbort", "htmx:afterRequest")
        if message.type == "error" and not any(words in message.text for words in harmless):
            self.append(f"{message.location.get('url')}: {message.text}")


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """Fails the test when the browser complained of anything."""
    found = Complaints()
    yield found
    assert not found


@pytest.fixture
def page(context: BrowserContext, complaints: Complaints) -> Page:
    """A page whose complaints fail the test."""
    opened = context.new_page()
    opened.set_default_timeout(15_000)
    complaints.watch(opened)
    return opened


@pytest.fixture
def site(live_server: Any, settings: Any) -> str:
    """The address of the running site; links in mails and updates point to it."""
    settings.SITE_URL = live_server.url
    settings.ALLOWED_HOSTS = ["*"]
    return str(live_server.url)


@pytest.fixture
def become(context: BrowserContext, site: str) -> Callable[[User | None], None]:
    """A function that makes the browser somebody's, without the login form."""

    def switch(person: User | None) -> None:
        context.clear_cookies()
        if person is None:
            return
        client = Client()
        client.force_login(person)
        name = django_settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])

    return switch
