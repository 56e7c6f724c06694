"""The base of the forms that edit a draft."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms

from alliance.lib.forms import LongTextForm


class DraftForm(LongTextForm):
    """A form that edits a draft. With ``lenient``, the fields in ``required_names`` are optional."""

    required_names: tuple[str, ...] = ()

    # The version that the form is based on, and an id that identifies the form's own saves.
    base = forms.CharField(
        required=False, max_length=64, widget=forms.HiddenInput({"data-recover": ""})
    )
    form_id = forms.UUIDField(required=False, widget=forms.HiddenInput({"data-recover": ""}))

    def __init__(self, *args: Any, lenient: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_lenient = lenient
        self.initial.setdefault("form_id", uuid.uuid4())
        if lenient:
            for name in self.required_names:
                self.fields[name].required = False

    def clean_form_id(self) -> uuid.UUID:
        return self.cleaned_data["form_id"] or uuid.uuid4()
