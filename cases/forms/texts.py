"""Texts that people write or paste into a form."""

from __future__ import annotations

from typing import Any

from django import forms


class LongTexts:
    """For a form that says when a text is too long; a browser's ``maxlength`` would cut a paste in silence."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field.widget, (forms.Textarea, forms.TextInput)):
                field.widget.attrs.pop("maxlength", None)


class LongTextForm(LongTexts, forms.Form):
    """A plain form with long texts."""
