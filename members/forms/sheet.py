"""The upload of a sheet to import."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.services import import_files


class SheetForm(forms.Form):
    """A CSV or XLSX file. The service reads it and decides."""

    file = forms.FileField(
        label=gettext_lazy("Sheet"),
        allow_empty_file=True,
        error_messages={"required": gettext_lazy("Choose a file.")},
        widget=forms.FileInput({"accept": ",".join(import_files.ENDINGS)}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit = import_files.max_bytes()
        self.fields["file"].widget.attrs["data-max-bytes"] = limit
        self.fields["file"].help_text = _(
            "An Excel file (.xlsx) or a CSV file in UTF-8, UTF-16 or GB18030, up to %(limit)d MB."
        ) % {"limit": limit // 1024**2}
