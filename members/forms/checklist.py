"""The checklist of an application as a form: a tick and a note for each point."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from alliance.lib import visible
from alliance.lib.forms import LongTextForm
from members import checklist
from members.models import ApplicationCheck
from members.services.admissions import Checked, checks_version

_NOTE_LENGTH = 500


class ChecklistForm(LongTextForm):
    """All points of the checklist. ``seen`` is the version of the saved ones that the form shows."""

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, saved: Mapping[str, ApplicationCheck] | None = None
    ) -> None:
        saved = saved or {}
        initial: dict[str, Any] = {"seen": checks_version(saved)}
        for key, one in saved.items():
            initial |= {f"{key}_done": one.is_done, f"{key}_note": one.note}
        super().__init__(data, initial=initial)
        for point in checklist.POINTS:
            self.fields[f"{point.key}_done"] = forms.BooleanField(
                label=point.title, required=False, help_text=point.text
            )
            self.fields[f"{point.key}_note"] = forms.CharField(
                label=gettext_lazy("Note"),
                required=False,
                max_length=_NOTE_LENGTH,
                widget=forms.TextInput({"dir": "auto", "autocomplete": "off"}),
            )

    @classmethod
    def shown(
        cls, saved: Mapping[str, ApplicationCheck], sent: ChecklistForm | None
    ) -> ChecklistForm:
        """Return the form for the page. What was sent is kept, for the saved points as they are now."""
        if sent is None:
            return cls(saved=saved)
        sent.data = sent.data.copy()
        sent.data["seen"] = checks_version(saved)
        return sent

    @property
    def rows(self) -> list[tuple[Any, Any]]:
        """The bound fields of each point: the tick and the note."""
        return [(self[f"{one.key}_done"], self[f"{one.key}_note"]) for one in checklist.POINTS]

    @property
    def entered(self) -> dict[str, Checked]:
        """What was entered for each point, of a valid form."""
        data = self.cleaned_data
        return {
            one.key: Checked(data[f"{one.key}_done"], visible.cleaned(data[f"{one.key}_note"]))
            for one in checklist.POINTS
        }
