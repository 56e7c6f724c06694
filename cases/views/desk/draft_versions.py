"""Two people, or two windows, at one draft: which version a form has seen, and what differs from what is saved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.cache import cache
from django.http import HttpRequest, QueryDict

from cases.forms.filing import DraftForm

# As long as a form may stay open; after that its own saves are asked about like another's.
KEPT_SECONDS = 24 * 3600
LINES_SHOWN = 50


@dataclass(frozen=True)
class Difference:
    """A field whose saved value is not the typed one. ``mono``: addresses, one a line, only those that differ."""

    label: str
    saved: str
    typed: str
    mono: bool


def seen(form: DraftForm) -> list[str] | None:
    """Return the versions that the form may replace; ``None`` for a form that names none."""
    base, own = form.cleaned_data["base"], cache.get(_key(form))
    return [version for version in (base, own) if version] if base or own else None


def remember(form: DraftForm, version: str) -> None:
    """Note that ``version`` was saved by this very form: it may be replaced by it again."""
    cache.set(_key(form), version, KEPT_SECONDS)


def replacing(data: QueryDict, version: str) -> QueryDict:
    """Return what was typed, on top of ``version``: sent again, it replaces what was shown beside it."""
    data = data.copy()
    data["base"] = version
    return data


def with_saved_lines(request: HttpRequest, saved: str) -> QueryDict:
    """Return what was typed, and beneath its addresses those of ``saved`` that it lacks."""
    data = request.POST.copy()
    typed = _lines(data.get("urls", ""))
    data["urls"] = "\n".join([*typed, *(line for line in _lines(saved) if line not in typed)])
    return data


def differences(typed: forms.Form, saved: forms.Form) -> list[Difference]:
    """Return what differs between a form as it was sent and the draft as it is saved now."""
    found = []
    for field in saved.visible_fields():
        here, there = _words(field), _words(typed[field.name])
        if here == there:
            continue
        lines = field.name == "urls"
        if lines:
            here, there = _without(here, there), _without(there, here)
        found.append(Difference(str(field.label), here, there, lines))
    return found


def _key(form: DraftForm) -> str:
    return f"draft-form:{form.cleaned_data.get('token') or form.cleaned_data['form_id']}"


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _without(text: str, other: str) -> str:
    known = set(_lines(other))
    lines = [line for line in _lines(text) if line not in known]
    return "\n".join([*lines[:LINES_SHOWN], *(["…"] if len(lines) > LINES_SHOWN else [])])


def _words(field: Any) -> str:
    """Return the value of a bound field in words: the label of what is chosen, or the text."""
    value = str(field.value() if field.value() is not None else "")
    if isinstance(field.field, forms.ChoiceField):
        for key, label in _flat(field.field.choices):
            if str(key) == value:
                return str(label)
    return "\n".join(line.rstrip() for line in value.strip().splitlines())


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    flat: list[tuple[Any, Any]] = []
    for key, label in choices:
        flat += _flat(label) if isinstance(label, list | tuple) else [(key, label)]
    return flat
