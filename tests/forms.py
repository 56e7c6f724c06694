"""The data of rendered forms, as a browser would send them."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

from django.conf import settings
from django.test import Client

_BUTTONS = {"submit", "button", "reset", "image", "file"}


class _Form(HTMLParser):
    """Collect the fields of the first form whose attributes are ``wanted``."""

    def __init__(self, wanted: Callable[[dict[str, str]], bool], owner: str = "") -> None:
        super().__init__(convert_charrefs=True)
        self.owner = owner
        self.wanted, self.inside = wanted, False
        self.attrs: dict[str, str] | None = None
        self.data: dict[str, list[str]] = {}
        # Checkboxes and radio buttons that are not ticked, and so are not sent.
        self.unticked: set[str] = set()
        self.text: tuple[str, list[str]] | None = None
        self.select: tuple[str, bool, list[tuple[str, bool]]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        if tag == "form" and self.attrs is None and self.wanted(at):
            self.inside, self.attrs = True, at
        if not self.inside and not self.select and not self._names_it(at):
            return
        name = at.get("name", "") if "disabled" not in at else ""
        if tag == "input" and name and at.get("type", "text") not in _BUTTONS:
            ticked = at.get("type") not in ("checkbox", "radio") or "checked" in at
            if not ticked:
                self.unticked.add(name)
            else:
                self._add(name, at.get("value", "on" if "checked" in at else ""))
        elif tag == "textarea" and name:
            self.text = (name, [])
        elif tag == "select" and name:
            self.select = (name, "multiple" in at, [])
        elif tag == "option" and self.select and "disabled" not in at:
            self.select[2].append((at.get("value", ""), "selected" in at))

    def _names_it(self, at: dict[str, str]) -> bool:
        """Whether a field outside the form belongs to it."""
        return bool(self.owner and at.get("form") == self.owner)

    def handle_data(self, data: str) -> None:
        if self.text:
            self.text[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "textarea" and self.text:
            name, parts = self.text
            text = "".join(parts).replace("\r\n", "\n").removeprefix("\n")
            self._add(name, text.replace("\n", "\r\n"))
            self.text = None
        elif tag == "select" and self.select:
            name, multiple, options = self.select
            chosen = [value for value, selected in options if selected]
            if not chosen and not multiple and options:
                chosen = [options[0][0]]
            for value in chosen:
                self._add(name, value)
            self.select = None

    def _add(self, name: str, value: str) -> None:
        self.data.setdefault(name, []).append(value)


def _fields(response: Any, wanted: Callable[[dict[str, str]], bool], what: object) -> _Form:
    text, parser = response.content.decode(), _Form(wanted)
    parser.feed(text)
    assert parser.attrs is not None, f"no form {what} on the page"
    owner = parser.attrs.get("id")
    if owner and f'form="{owner}"' in text:  # fields outside the form, also before it
        parser = _Form(wanted, owner)
        parser.feed(text)
    return parser


def form_of(response: Any, **attrs: str) -> dict[str, list[str]]:
    """Return the fields of the first form that has all of ``attrs``, such as its ``id``.

    Each field is a list of values, which Django's test client accepts. Raises ``AssertionError`` if
    there is no such form.
    """
    return _fields(response, lambda found: attrs.items() <= found.items(), attrs).data


def form_data(response: Any, form: str, **changes: Any) -> dict[str, Any]:
    """Return what the form with the id or action ``form`` would send, with ``changes``.

    A change must name a field of the form or a button.
    """
    found = _fields(response, lambda found: form in (found.get("id"), found.get("action")), form)
    data: dict[str, Any] = {
        name: values if len(values) > 1 else values[0] for name, values in found.data.items()
    }
    data.pop("csrfmiddlewaretoken", None)
    known = {*data, *found.unticked, "then", "step", "action"}
    assert set(changes) <= known, f"not in the form: {set(changes) - known}"
    return data | changes


def form_owner(client: Client, url: str) -> str:
    """Return the ``form_owner`` of the first form at ``url``, which is bound to the browser ``client``."""
    found = re.search(r'name="form_owner" value="([^"]+)"', client.get(url).content.decode())
    assert found, f"no form at {url} has a token for kept input"
    return found[1]


def end_session(client: Client) -> None:
    """Delete the session cookie of ``client``; other cookies such as the CSRF cookie are kept."""
    del client.cookies[settings.SESSION_COOKIE_NAME]
