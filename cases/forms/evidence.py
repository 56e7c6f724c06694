"""Forms with file uploads: evidence, and answers to questions and counter-notices."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.forms import LongTextForm, file_attributes, set_choices
from cases.models import Evidence
from cases.services.evidence import ACCEPTED


class ManyFilesInput(forms.ClearableFileInput):
    """A file input that accepts several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files. The service validates each file, so that its error names the file."""

    def __init__(self, **kwargs: Any) -> None:
        widget = ManyFilesInput(file_attributes(ACCEPTED))
        super().__init__(widget=widget, allow_empty_file=True, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if not given and self.required:
            raise ValidationError(_("Choose at least one file."))
        return list(given)


class EvidenceForm(LongTextForm):
    """Files of one kind to upload. With ``optional``, no file is required."""

    # The buttons that continue without a file submit this form too.
    use_required_attribute = False

    kind = forms.ChoiceField(label=gettext_lazy("What the files show"), choices=[])
    uploads = FilesField(label=gettext_lazy("Files"))

    def __init__(self, *args: Any, optional: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["uploads"].required = not optional
        set_choices(self.fields["kind"], Evidence.Kind.choices)
        size = settings.EVIDENCE_MAX_BYTES
        self.fields["uploads"].widget.attrs["data-max-bytes"] = size
        self.fields["uploads"].help_text = _(
            "PNG, JPEG, WebP or PDF, up to %(limit)d MB each. You can choose several files."
        ) % {"limit": size // 1024**2}


class AnswerForm(EvidenceForm):
    """An answer to the moderators' question, with optional files."""

    field_order = ("note", "uploads", "kind")
    note = forms.CharField(
        label=gettext_lazy("Your answer"),
        error_messages={"required": gettext_lazy("Enter your answer.")},
        max_length=5000,
        widget=forms.Textarea({"rows": 5, "data-count": "characters", "data-max": 5000}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["uploads"].required = False
        self.fields["kind"].required = False

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or Evidence.Kind.DOCUMENT


class CounterNoticeAnswerForm(AnswerForm):
    """An answer to the counter-notice, with optional files."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].help_text = _(
            "State whether the counter-notice is correct. Add supporting files, such as a "
            "contract or an invoice."
        )
