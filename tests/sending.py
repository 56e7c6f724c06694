"""The data of a rendered form, with changes, as a browser would send it."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

_BUTTONS = {"submit", "button", "reset", "image", "file"}


class _Form(HTMLParser):
    """Collect the fields of the form with the given id or action."""

    def __init__(self, wanted: str) -> None:
        super().__init__(convert_charrefs=True)
        self.wanted, self.inside, self.found = wanted, False, False
        self.data: dict[str, list[str]] = {}
        self.text: tuple[str, list[str]] | None = None
        self.select: tuple[str, bool, list[tuple[str, bool]]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = self.wanted in (at.get("id"), at.get("action"))
            self.found |= self.inside
        if not self.inside and at.get("form") != self.wanted:
            return
        name = at.get("name", "") if "disabled" not in at else ""
        if tag == "input" and name and at.get("type", "text") not in _BUTTONS:
            ticked = at.get("type") not in ("checkbox", "radio") or "checked" in at
            if ticked:
                self._add(name, at.get("value", "on" if "checked" in at else ""))
        elif tag == "textarea" and name:
            self.text = (name, [])
        elif tag == "select" and name:
            self.select = (name, "multiple" in at, [])
        elif tag == "option" and self.select and "disabled" not in at:
            self.select[2].append((at.get("value", ""), "selected" in at))

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


def form_data(response: Any, form: str, **changes: Any) -> dict[str, Any]:
    """Return what the form with the id or action ``form`` would send, with ``changes``.

    A change must name a field of the form or a button.
    """
    parser = _Form(form)
    parser.feed(response.content.decode())
    assert parser.found, f"no form {form}"
    data: dict[str, Any] = {
        name: values if len(values) > 1 else values[0] for name, values in parser.data.items()
    }
    data.pop("csrfmiddlewaretoken", None)
    buttons = {"then", "step", "action"}
    assert set(changes) <= set(data) | buttons, f"not in the form: {set(changes) - set(data)}"
    return data | changes
