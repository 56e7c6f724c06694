"""Conflict detection for drafts that are open in two windows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.cache import cache
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from alliance.lib import text
from cases.forms.draft import DraftForm

# How long a form may overwrite its own saves. After that, they are treated as conflicts.
KEPT_SECONDS = 24 * 3600
LINES_SHOWN = 50


@dataclass(frozen=True)
class Difference:
    """A field whose saved value differs from the submitted one.

    ``mono`` marks a list of URLs, one per line, reduced to those that differ.
    """

    label: str
    saved: str
    submitted: str
    mono: bool


def seen(form: DraftForm) -> list[str] | None:
    """Return the versions that the form may overwrite, or ``None`` if it carries no version."""
    base, own = form.cleaned_data["base"], cache.get(_key(form))
    return [version for version in (base, own) if version] if base or own else None


def remember(form: DraftForm, version: str) -> None:
    """Remember that this form saved ``version``, so that the same form may overwrite it."""
    cache.set(_key(form), version, KEPT_SECONDS)


def replacing(data: QueryDict, version: str) -> QueryDict:
    """Return ``data`` based on ``version``, so that submitting it again overwrites that version."""
    data = data.copy()
    data["base"] = version
    return data


def with_saved_lines(request: HttpRequest, saved: str) -> QueryDict:
    """Return the submitted data with the URLs of ``saved`` that it lacks appended."""
    data = request.POST.copy()
    lines = _lines(data.get("urls", ""))
    data["urls"] = "\n".join([*lines, *(line for line in _lines(saved) if line not in lines)])
    return data


def differences(submitted: forms.Form, saved: forms.Form) -> list[Difference]:
    """Return the fields that differ between a submitted form and the saved draft."""
    found = []
    for field in saved.visible_fields():
        saved_text, new_text = _text_of(field), _text_of(submitted[field.name])
        if saved_text == new_text:
            continue
        lines = field.name == "urls"
        if lines:
            saved_text, new_text = _without(saved_text, new_text), _without(new_text, saved_text)
        found.append(Difference(str(field.label), saved_text, new_text, lines))
    return found


def _key(form: DraftForm) -> str:
    return f"draft-form:{form.cleaned_data.get('token') or form.cleaned_data['form_id']}"


def _lines(urls: str) -> list[str]:
    return [line.strip() for line in urls.splitlines() if line.strip()]


def _without(urls: str, other: str) -> str:
    known = set(_lines(other))
    lines = [line for line in _lines(urls) if line not in known]
    return "\n".join([*lines[:LINES_SHOWN], *(["…"] if len(lines) > LINES_SHOWN else [])])


def _text_of(field: Any) -> str:
    """Return the value of a bound field as text; for choices, their labels."""
    if isinstance(field.field, forms.MultipleChoiceField):
        chosen = [str(value) for value in field.value() or ()]
        return text.join(label for key, label in _flat(field.field.choices) if str(key) in chosen)
    if isinstance(field.field, forms.BooleanField):
        return _("Yes") if field.value() else _("No")
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
