"""Parts of forms: long texts, choices, days and files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from alliance.lib import visible


class LongTexts:
    """Removes ``maxlength``: browsers would cut pasted text silently. Validation checks the length.

    A line break counts as one character, as in the counter beside the text; browsers send two.
    """

    fields: dict[str, forms.Field]
    data: Any
    is_bound: bool
    add_prefix: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field.widget, (forms.Textarea, forms.TextInput)):
                field.widget.attrs.pop("maxlength", None)
        if self.is_bound:
            self.data = self._with_single_line_breaks()

    def _with_single_line_breaks(self) -> Any:
        data = self.data.copy()
        for name, field in self.fields.items():
            key = self.add_prefix(name)
            if isinstance(field.widget, forms.Textarea) and isinstance(data.get(key), str):
                data[key] = data[key].replace("\r\n", "\n").replace("\r", "\n")
        return data


class LongTextForm(LongTexts, forms.Form):
    """A form with long texts."""


BLANK = gettext_lazy("Enter a text with visible characters.")


def visible_text(given: str, message: Any = BLANK) -> str:
    """Return ``given`` without invisible characters. Raises ``ValidationError`` if nothing visible is left of a text."""
    if given and visible.is_blank(given):
        raise ValidationError(message)
    return visible.cleaned(given)


class VisibleCharField(forms.CharField):
    """A line of text, as :func:`visible_text` returns it. An optional field may be empty."""

    default_error_messages = {"blank": BLANK}

    def clean(self, value: Any) -> str:
        return visible_text(str(super().clean(value)), self.error_messages["blank"])


class Narrowable:
    """For the form or the filter set above a list: whether it filters the list."""

    data: Any

    @property
    def is_narrowed(self) -> bool:
        """Whether any filter is given, valid or not."""
        form: Any = getattr(self, "form", self)
        return any(self.data.get(name) for name in form.fields)


def set_choices(field: forms.Field, choices: Iterable[Any] | Callable[[], Iterable[Any]]) -> None:
    """Set the choices of a choice field. A callable is evaluated lazily."""
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


def day_input() -> forms.DateInput:
    """Return the browser's input of a day."""
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


def file_attributes(accepted: Mapping[str, Iterable[str]]) -> dict[str, Any]:
    """Return the attributes of a file input. ``accepted`` has the extensions by content type."""
    endings = [ending for of_type in accepted.values() for ending in of_type]
    return {"accept": ",".join(endings), "data-types": ",".join(accepted)}
