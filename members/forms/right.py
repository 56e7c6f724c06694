"""What members and the admin enter of a right: the fields, and the form of the admin."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.contrib.admin.widgets import FilteredSelectMultiple
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from alliance.lib import text
from alliance.lib.forms import visible_text
from members import nice, territories
from members.models import IPRight

_UNKNOWN_SHOWN = 5


class CleanFacts:
    """Cleans the texts of a right, in the forms of members and of the admin."""

    cleaned_data: dict[str, Any]

    def clean_title(self) -> str:
        return visible_text(self.cleaned_data["title"])

    def clean_registered_owner(self) -> str:
        return visible_text(self.cleaned_data["registered_owner"])

    def clean_office(self) -> str:
        return visible_text(_normal(self.cleaned_data["office"], "office"))

    def clean_number(self) -> str:
        """Return the number without blanks between digits, so that a right is registered only once."""
        number = visible_text(_normal(self.cleaned_data["number"], "number"))
        return re.sub(r"(?<=\d) (?=\d)", "", number)


class RightForm(CleanFacts, forms.ModelForm):
    """A right in the admin, with a list of territories."""

    territory = forms.MultipleChoiceField(
        label=gettext_lazy("Territory"),
        widget=FilteredSelectMultiple(gettext_lazy("countries and regions"), is_stacked=False),
        help_text=gettext_lazy(
            "Choose the European Union for a right in force in all its member states."
        ),
    )

    class Meta:
        model = IPRight
        fields = (
            "brand",
            "kind",
            "title",
            "registered_owner",
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


class TerritoryField(forms.CharField):
    """Countries and regions as codes or names. Returns their codes."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Territory"),
            max_length=3000,
            widget=forms.Textarea({"rows": 2}),
            error_messages={"required": gettext_lazy("Enter at least one country or region.")},
            help_text=gettext_lazy(
                "Codes or names, separated by commas: CN, Japan. EU, Benelux and OAPI stand for all their member "
                "states. For an international registration (Madrid), enter each designation."
            ),
        )

    def clean(self, value: Any) -> Any:
        codes, unknown = territories.parse(super().clean(value))
        if unknown:
            names = text.join(f"“{name[:50]}”" for name in unknown[:_UNKNOWN_SHOWN])
            message = ngettext(
                "%(names)s is not a country or region.",
                "These are not countries or regions: %(names)s.",
                len(unknown),
            )
            raise ValidationError(message % {"names": names})
        if not codes:
            raise ValidationError(self.error_messages["required"])
        return codes


class ClassesField(forms.CharField):
    """Nice classes, as numbers separated by anything. Returns a sorted list."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Nice classes"),
            required=False,
            max_length=500,
            widget=forms.TextInput({"inputmode": "numeric"}),
            help_text=gettext_lazy("Required for a trademark. Separate them by commas: 18, 25."),
        )

    def clean(self, value: Any) -> Any:
        given = plain(super().clean(value))
        if strange := re.sub(r"[\d\s,.;、，；/-]+", "", given):
            raise ValidationError(_("Enter numbers only, not “%(text)s”.") % {"text": strange[:50]})
        if re.search(r"\d\s*-\s*\d", given):
            raise ValidationError(_("Enter each class, not a range."))
        numbers = sorted({int(number) for number in re.findall(r"\d{1,9}", given)})
        for number in numbers:
            if number not in nice.HEADINGS:
                message = _("%(number)d is not a Nice class. The classes are 1 to 45.")
                raise ValidationError(message % {"number": number})
        return numbers


def _normal(given: str, field: str) -> str:
    """Return the text in its normal form, which can be longer. Raises ``ValidationError`` if it is too long."""
    normal = plain(given).upper()
    column: Any = IPRight._meta.get_field(field)
    if len(normal) > column.max_length:
        raise ValidationError(_("Use fewer special characters."))
    return normal


def plain(given: str) -> str:
    """Return full-width letters and digits as ordinary ones."""
    return unicodedata.normalize("NFKC", given)
