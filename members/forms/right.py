"""The admin form of a right."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.widgets import FilteredSelectMultiple
from django.utils.translation import gettext_lazy as _

from members import territories
from members.models import IPRight

# Facts of the office's register, which a verification confirms.
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
    """A right with a list of territories. Changing a fact ends the verification."""

    territory = forms.MultipleChoiceField(
        label=_("Territory"),
        widget=FilteredSelectMultiple(_("countries and regions"), is_stacked=False),
        help_text=_("Choose the European Union for a right in force in all its member states."),
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
        # The field is absent on a read-only page.
        if field := self.fields.get("territory"):
            field.choices = territories.choices()  # type: ignore[attr-defined]

    def clean_territory(self) -> list[str]:
        return territories.expanded(self.cleaned_data["territory"])

    @property
    def ends_verification(self) -> bool:
        """Whether the right was verified and a fact has changed."""
        verified = self.instance.pk is not None and self.instance.verified_at is not None
        changed = set(self.changed_data) & FACTS
        if changed == {"territory"}:  # the order does not matter
            before = set(territories.expanded(self.initial.get("territory") or []))
            return verified and before != set(self.cleaned_data["territory"])
        return verified and bool(changed)
