"""The data of rendered forms, as a browser would send them."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from django.conf import settings
from django.test import Client


class _Forms(HTMLParser):
    """Collect the fields of each form on a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, Any]] = []
        self._select: tuple[str, bool] | None = None
        self._options: list[tuple[str, bool]] = []
        self._textarea: str | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form":
            self.forms.append({"attrs": found, "fields": {}})
        elif not self.forms or "disabled" in found:
            return
        elif tag == "select":
            self._select, self._options = (found.get("name") or "", "multiple" in found), []
        elif tag == "option" and self._select:
            self._options.append((found.get("value") or "", "selected" in found))
        elif tag == "textarea":
            self._textarea, self._text = found.get("name") or "", ""
        elif tag == "input":
            self._input(found)

    def _input(self, found: dict[str, str | None]) -> None:
        kind = found.get("type") or "text"
        if kind in ("submit", "button", "file", "image", "reset") or not found.get("name"):
            return
        if kind in ("checkbox", "radio") and "checked" not in found:
            return
        default = "on" if kind == "checkbox" else ""
        self._add(str(found["name"]), found.get("value", default) or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self._select:
            name, multiple = self._select
            chosen = [value for value, selected in self._options if selected]
            if not multiple and not chosen and self._options:
                chosen = [self._options[0][0]]
            for value in chosen:
                self._add(name, value)
            self._select = None
        elif tag == "textarea" and self._textarea is not None:
            # Browsers drop the first line break.
            self._add(self._textarea, self._text.removeprefix("\n"))
            self._textarea = None

    def handle_data(self, data: str) -> None:
        if self._textarea is not None:
            self._text += data

    def _add(self, name: str, value: str) -> None:
        self.forms[-1]["fields"].setdefault(name, []).append(value)


def form_owner(client: Client, url: str) -> str:
    """Return the ``form_owner`` of the first form at ``url``, which is bound to the browser ``client``."""
    found = re.search(r'name="form_owner" value="([^"]+)"', client.get(url).content.decode())
    assert found, f"no form at {url} has a token for kept input"
    return found[1]


def end_session(client: Client) -> None:
    """Delete the session cookie of ``client``; other cookies such as the CSRF cookie are kept."""
    del client.cookies[settings.SESSION_COOKIE_NAME]


def form_of(response: Any, **attrs: str) -> dict[str, list[str]]:
    """Return the fields of the first form that has all of ``attrs``, such as its ``id``.

    Each field is a list of values, which Django's test client accepts. Raises ``AssertionError`` if
    there is no such form.
    """
    parser = _Forms()
    parser.feed(response.content.decode())
    for form in parser.forms:
        if attrs.items() <= form["attrs"].items():
            return dict(form["fields"])
    raise AssertionError(f"no form with {attrs} on the page")
