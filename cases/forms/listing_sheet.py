"""The form for a sheet of listings: the complaint of all its cases, the sheet, and the files."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.forms import set_choices
from cases.forms.complaint import ComplaintForm
from cases.forms.evidence import FilesField
from cases.imports.listing_uploads import MAX_COMMON
from cases.models import Evidence
from cases.services.evidence import PICTURES_AND_PDF
from members.forms.sheet import SheetForm
from members.models import ImportJob


class ListingSheetForm(ComplaintForm):
    """``complaint`` and ``sent_files`` are the keyword arguments for the service."""

    file = forms.FileField(
        label=gettext_lazy("Sheet"),
        allow_empty_file=True,
        error_messages={"required": gettext_lazy("Choose a file.")},
    )
    evidence = FilesField(
        label=gettext_lazy("Evidence for all cases"), required=False, accepted=PICTURES_AND_PDF
    )
    pictures = forms.FileField(
        label=gettext_lazy("Pictures of the listings"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput({"accept": ".zip"}),
    )
    evidence_kind = forms.ChoiceField(label=gettext_lazy("What the files show"), choices=[])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # They belong to drafts.
        for name in ("token", "like", "base", "form_id"):
            del self.fields[name]
        sheet = SheetForm().fields["file"]
        self.fields["file"].widget, self.fields["file"].help_text = sheet.widget, sheet.help_text
        set_choices(self.fields["evidence_kind"], Evidence.Kind.choices)
        size = settings.EVIDENCE_MAX_BYTES
        for name in ("evidence", "pictures"):
            self.fields[name].widget.attrs["data-max-bytes"] = size
        self.fields["evidence"].help_text = _(
            "Such as a comparison with the genuine article. PNG, JPEG, WebP, HEIC or PDF, up to %(count)d files of %(limit)d MB."
        ) % {"count": MAX_COMMON, "limit": size // 1024**2}
        self.fields["pictures"].help_text = _(
            "A ZIP file of up to %(limit)d MB with the pictures that the sheet names."
        ) % {"limit": size // 1024**2}

    @classmethod
    def of_job(cls, job: ImportJob, **kwargs: Any) -> ListingSheetForm:
        """Return the form with the complaint of an earlier import."""
        hidden = job.options["hidden"]
        statements = {"is_hidden": bool(hidden), **(hidden or {})}
        return cls(initial=job.options | statements, **kwargs)

    @property
    def sent_files(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "sheet": data["file"],
            "pictures": data["pictures"],
            "evidence": data["evidence"],
            "evidence_kind": data["evidence_kind"],
        }

    @property
    def complaint(self) -> dict[str, Any]:
        return {name: value for name, value in self.values.items() if name != "brand"}
