"""Forms with file uploads: evidence, and answers to questions and counter-notices."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib import arrivals, recordings
from alliance.lib.forms import LongTextForm, file_attributes, set_choices
from cases.models import Evidence
from cases.services.evidence import ACCEPTED


class ManyFilesInput(forms.ClearableFileInput):
    """A file input that accepts several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files. The service validates each file, so that its error names the file."""

    def __init__(self, *, accepted: arrivals.Endings = ACCEPTED, **kwargs: Any) -> None:
        widget = ManyFilesInput(file_attributes(accepted))
        super().__init__(widget=widget, allow_empty_file=True, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if not given and self.required:
            raise ValidationError(_("Choose at least one file."))
        return list(given)


def _set_limits(field: forms.Field) -> None:
    """Set the sizes that the script checks, and the help text, of a field for files of all accepted types."""
    limits = field.widget.attrs
    limits["data-max-bytes"] = settings.EVIDENCE_MAX_BYTES
    limits["data-max-recording-bytes"] = settings.EVIDENCE_MAX_RECORDING_BYTES
    limits["data-recordings"] = ",".join(recordings.ENDINGS)
    field.help_text = _(
        "Pictures (PNG, JPEG, WebP, HEIC) and PDF up to %(limit)d MB each; videos (MP4, MOV, WebM) and "
        "captures of web pages (MHTML, WARC) up to %(recording)d MB. You can choose several files."
    ) % {
        "limit": settings.EVIDENCE_MAX_BYTES // 1024**2,
        "recording": settings.EVIDENCE_MAX_RECORDING_BYTES // 1024**2,
    }


class FilesForm(LongTextForm):
    """Files of one kind to upload. With ``optional``, no file is required."""

    # The buttons that continue without a file submit this form too.
    use_required_attribute = False

    kinds: type[models.TextChoices] = Evidence.Kind

    kind = forms.ChoiceField(label=gettext_lazy("What the files show"), choices=[])
    uploads = FilesField(label=gettext_lazy("Files"))

    def __init__(self, *args: Any, optional: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["uploads"].required = not optional
        set_choices(self.fields["kind"], self.kinds.choices)
        _set_limits(self.fields["uploads"])


class EvidenceForm(FilesForm):
    """Files with the address that they show and the time when they were taken."""

    shows_url = forms.URLField(
        label=gettext_lazy("URL that the files show"),
        required=False,
        max_length=2000,
        assume_scheme="https",
        # Without the browser's own check, which refuses an address without https://.
        widget=forms.TextInput({"inputmode": "url", "autocomplete": "off"}),
        help_text=gettext_lazy("For screenshots and captures of one page, as in the address bar."),
    )
    captured_at = forms.DateTimeField(
        label=gettext_lazy("Taken on"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["captured_at"].help_text = _(
            "When the screenshots or captures were taken, in your time zone (%(zone)s)."
        ) % {"zone": timezone.get_current_timezone_name()}

    @property
    def statements(self) -> dict[str, Any]:
        """What is stated about the files, as arguments of :func:`cases.services.evidence.add`."""
        return {name: self.cleaned_data[name] for name in ("shows_url", "captured_at")}


class AnswerForm(FilesForm):
    """An answer to the moderators' question, with files, which are optional by default."""

    field_order = ("note", "uploads", "kind")
    note = forms.CharField(
        label=gettext_lazy("Your answer"),
        error_messages={"required": gettext_lazy("Enter your answer.")},
        max_length=5000,
        widget=forms.Textarea({"rows": 5, "data-count": "characters", "data-max": 5000}),
    )

    def __init__(self, *args: Any, optional: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, optional=optional, **kwargs)
        self.fields["kind"].required = False

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or Evidence.Kind.DOCUMENT


class LateEvidenceForm(AnswerForm):
    """Evidence for a rejected case, with a sentence that says what is new."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        note = self.fields["note"]
        note.label, note.error_messages["required"] = _("What is new?"), _("State what is new.")
        note.widget.attrs["rows"] = 3
        note.help_text = _("State what the files show that the moderators did not know.")


class CounterNoticeAnswerForm(AnswerForm):
    """An answer to the counter-notice, with optional files."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].help_text = _(
            "State whether the counter-notice is correct. Add supporting files, such as a "
            "contract or an invoice."
        )
