"""A visit: a persona opens a page, or posts a form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page, Route

# Any token of this length is valid if the cookie and the form agree.
_CSRF = "a" * 32


@dataclass(frozen=True)
class Visit:
    """A page that a persona opens."""

    persona: str
    path: str

    def __str__(self) -> str:
        return f"{self.persona} {self.path}"


@dataclass(frozen=True)
class FormVisit(Visit):
    """A page shown in answer to a POST, with the expected status.

    ``about`` distinguishes visits to the same URL; without ``token`` the CSRF token is missing.
    """

    data: Mapping[str, Any] = field(default_factory=dict)
    status: int = 422
    about: str = ""
    token: bool = True

    def __str__(self) -> str:
        return f"{super().__str__()} POST {self.about}"


def address(page: str | tuple[Any, ...]) -> str:
    """Return the URL of a page, given by name or by name and arguments."""
    return reverse(page) if isinstance(page, str) else reverse(page[0], args=page[1:])


def open_visit(page: Page, site: str, visit: Visit) -> list[str]:
    """Open the page in the browser; return an error if the status is not the expected one."""
    url = site + visit.path
    if not isinstance(visit, FormVisit):
        page.goto(url)
        return []
    name = settings.CSRF_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": _CSRF, "url": site}])
    page.route(url, lambda route: _send(route, visit), times=1)
    response = page.goto(url)
    status = response.status if response else 0
    return [] if status == visit.status else [f"answered {status}, not {visit.status}"]


def _send(route: Route, visit: FormVisit) -> None:
    """Send the form in place of the GET request."""
    headers = route.request.headers | {"content-type": "application/x-www-form-urlencoded"}
    if visit.token:
        headers["x-csrftoken"] = _CSRF
    body = urlencode(dict(visit.data), doseq=True)
    route.continue_(method="POST", headers=headers, post_data=body)
