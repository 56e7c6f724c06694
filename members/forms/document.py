"""The field for a stored document."""

from __future__ import annotations

from typing import Any

from django import forms

from alliance.lib.forms import file_attributes
from alliance.lib.refusals import Refusal
from members.services import documents


class DocumentField(forms.FileField):
    """A document to store. It is inspected with the form, so that its problem is shown together with the others."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.FileInput, allow_empty_file=True, **kwargs)

    def describe(self, help_text: str) -> None:
        """Tell the browser the limits. ``help_text`` names the maximum size as ``%(limit)d``, in megabytes."""
        size = documents.max_bytes()
        self.widget.attrs |= file_attributes(documents.ACCEPTED) | {"data-max-bytes": size}
        self.help_text = help_text % {"limit": size // 1024**2}

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if upload:
            try:
                documents.inspect(upload)
            except Refusal as refusal:
                raise forms.ValidationError(str(refusal)) from None
        return upload or None


class HasDocument:
    """A form with a :class:`DocumentField`."""

    files: Any
    errors: Any
    is_bound: bool

    @property
    def lost_file(self) -> bool:
        """Whether a file was sent with values that have errors. Browsers do not keep it."""
        return self.is_bound and any(self.files.values()) and bool(self.errors)
