"""The forms with which a brand chooses the agencies that see its products."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from alliance.lib.forms import LongTextForm, set_choices
from cases.liaison.models import Agency
from cases.services import guides
from members import territories
from members.forms.product import PlacesField
from members.models import BrandGuide, DisclosedTo, Product


class DisclosureForm(LongTextForm):
    """Which agencies see a product. ``values`` are the keyword arguments for the service."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    disclosed_to = forms.ChoiceField(
        label=gettext_lazy("Visible to"),
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Officers see it only beside a case of the brand that was referred to their agency."
        ),
    )
    countries = PlacesField(
        gettext_lazy("Countries or regions"),
        gettext_lazy("Only for agencies of chosen countries or regions: CN, Japan."),
    )
    agencies = forms.MultipleChoiceField(
        label=gettext_lazy("Agencies"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Only for chosen agencies."),
    )

    def __init__(self, data: Any, *, row: Product | BrandGuide) -> None:
        chosen = guides.agencies_of(row)
        super().__init__(data, initial=self._initial(row, chosen))
        # A chosen agency that is no longer active stays in the list, so that saving keeps it.
        active = Agency.objects.filter(is_active=True) | Agency.objects.filter(pk__in=chosen)
        self._agencies = {str(one.pk): one for one in active.order_by("country", "name", "pk")}
        names = [(key, f"{one} ({one.country})") for key, one in self._agencies.items()]
        set_choices(self.fields["agencies"], names)
        set_choices(self.fields["disclosed_to"], self._choices())

    def _initial(self, row: Any, chosen: list[int]) -> dict[str, Any]:
        return {
            "seen": guides.version(row),
            "disclosed_to": row.disclosed_to,
            "countries": ", ".join(territories.shortened(row.disclosed_countries)),
            "agencies": [str(key) for key in chosen],
        }

    def _choices(self) -> list[Any]:
        return DisclosedTo.choices

    @property
    def values(self) -> dict[str, Any]:
        """The keyword arguments for the service."""
        chosen = [self._agencies[key] for key in self.cleaned_data["agencies"]]
        return self.cleaned_data | {"agencies": chosen}

    def agency_names(self, keys: Any) -> str:
        """Return the names of the agencies with these keys, one a line."""
        return "\n".join(str(one) for key, one in self._agencies.items() if key in set(keys))


class GuideForm(DisclosureForm):
    """The introduction of a brand's guide, and which agencies see the products that follow it."""

    introduction = forms.CharField(
        label=gettext_lazy("Introduction"),
        required=False,
        max_length=BrandGuide._meta.get_field("introduction").max_length,
        widget=forms.Textarea(
            {"rows": 5, "data-count": "characters", "data-max": 2000, "dir": "auto"}
        ),
        help_text=gettext_lazy("What applies to all products: seals, codes, how goods are sold."),
    )

    field_order = ("seen", "introduction", "disclosed_to", "countries", "agencies")

    def _initial(self, row: Any, chosen: list[int]) -> dict[str, Any]:
        return super()._initial(row, chosen) | {"introduction": row.introduction}

    def _choices(self) -> list[Any]:
        return [choice for choice in DisclosedTo.choices if choice[0] != DisclosedTo.BRAND]
