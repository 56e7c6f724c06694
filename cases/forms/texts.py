"""Base classes for forms with long texts."""

from __future__ import annotations

from typing import Any

from django import forms


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
