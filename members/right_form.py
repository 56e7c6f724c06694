"""The form in which a right is recorded in the admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.widgets import FilteredSelectMultiple
from django.utils.translation import gettext_lazy as _

from members import territories
from members.models import IPRight

# What the office's register says. Who verified the right compared these.
FACTS = frozenset(
    {
        "brand",
        "kind",
        "title",
        "office",
        "number",
        "territory",
        "nice_classes",
        "registered_on",
        "expires_on",
    }
)


class RightForm(forms.ModelForm):
    """A right with its territory chosen from a list. A fact that changes ends the verification."""

    territory = forms.MultipleChoiceField(
        label=_("Territory"),
        widget=FilteredSelectMultiple(_("countries and regions"), is_stacked=False),
        help_text=_("Choose the European Union for a right that holds in all its member states."),
    )

    class Meta:
        model = IPRight
        fields = (
            "brand",
            "kind",
            "title",
            "office",
            "number",
            "territory",
            "nice_classes",
            "registered_on",
            "expires_on",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Absent on the page for those who may only read.
        if field := self.fields.get("territory"):
            field.choices = territories.choices()  # type: ignore[attr-defined]

    def clean_territory(self) -> list[str]:
        return territories.expanded(self.cleaned_data["territory"])

    @property
    def ends_verification(self) -> bool:
        """Whether the right was verified and one of its facts is another now."""
        verified = self.instance.pk is not None and self.instance.verified_at is not None
        changed = set(self.changed_data) & FACTS
        if changed == {"territory"}:  # its order is no fact
            before = set(territories.expanded(self.initial.get("territory") or []))
            return verified and before != set(self.cleaned_data["territory"])
        return verified and bool(changed)
