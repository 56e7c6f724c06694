"""A page to look at, reached by its address or by a form that is sent, and the way to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page, Route

# Any token of this length is a good one, if the cookie and the form agree.
_CSRF = "a" * 32


@dataclass(frozen=True)
class Stop:
    """A page to look at: who looks, and where."""

    persona: str
    path: str

    def __str__(self) -> str:
        return f"{self.persona} {self.path}"


@dataclass(frozen=True)
class Sent(Stop):
    """A page that only a POST shows: what is sent, and the status it is answered with.

    ``about`` tells it from others at the same address; ``token`` is whether the form has its CSRF token.
    """

    data: Mapping[str, Any] = field(default_factory=dict)
    status: int = 422
    about: str = ""
    token: bool = True

    def __str__(self) -> str:
        return f"{super().__str__()} POST {self.about}"


def address(page: str | tuple[Any, ...]) -> str:
    """Return the address of a page: by name, or by name and arguments."""
    return reverse(page) if isinstance(page, str) else reverse(page[0], args=page[1:])


def visit(page: Page, site: str, stop: Stop) -> list[str]:
    """Open the page as a browser does; return what is wrong if the answer is not the stop's."""
    url = site + stop.path
    if not isinstance(stop, Sent):
        page.goto(url)
        return []
    name = settings.CSRF_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": _CSRF, "url": site}])
    page.route(url, lambda route: _send(route, stop), times=1)
    response = page.goto(url)
    status = response.status if response else 0
    return [] if status == stop.status else [f"answered {status}, not {stop.status}"]


def _send(route: Route, stop: Sent) -> None:
    """Let the browser send the form instead of asking for the page."""
    headers = route.request.headers | {"content-type": "application/x-www-form-urlencoded"}
    if stop.token:
        headers["x-csrftoken"] = _CSRF
    body = urlencode(dict(stop.data), doseq=True)
    route.continue_(method="POST", headers=headers, post_data=body)
