"""Referral rules in the admin. Their proposals are shown on the page of a case."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from alliance.lib.admin import DeletableAdmin
from alliance.lib.amounts import AmountField, grouped_and_in_words
from cases.liaison.models import ReferralRule
from cases.states import Violation


class RuleForm(forms.ModelForm):
    """Shows violations as checkboxes and places as ISO 3166 codes. An empty field sets no condition."""

    violations = forms.MultipleChoiceField(
        label=_("Violations"),
        choices=Violation.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Select none for all that the agency handles."),
    )
    places = forms.CharField(
        label=_("Countries or regions"),
        required=False,
        max_length=800,
        help_text=_(
            "Place of infringement or of the seller: two-letter codes separated by commas, such as CN, HK. Leave empty for any."
        ),
    )

    minimum_value = AmountField(
        label=_("Minimum value of goods (CNY)"),
        required=False,
        min_value=0,
        help_text=_("Prices in other currencies do not count. Leave empty for any value."),
    )

    class Meta:
        model = ReferralRule
        fields = (
            "name",
            "agency",
            "rank",
            "is_active",
            "violations",
            "places",
            "minimum_value",
            "minimum_points",
            "minimum_members",
        )
        help_texts = {
            "minimum_points": _("Current strike points of the seller. Leave empty for any number."),
            "minimum_members": _(
                "Members with cases against the seller or linked shops. Leave empty for any number."
            ),
        }

    def __init__(self, *args, **kwargs) -> None:  # type: ignore[no-untyped-def]
        super().__init__(*args, **kwargs)
        self.initial["places"] = ", ".join(self.instance.places)

    def clean_places(self) -> list[str]:
        """Return the codes without duplicates. The error lists the unknown codes."""
        text = self.cleaned_data["places"].upper().replace(";", ",").replace("，", ",")
        codes = list(dict.fromkeys(text.replace(",", " ").split()))
        if unknown := [code for code in codes if code not in countries]:
            raise forms.ValidationError(
                gettext("Unknown country or region code: %(codes)s.")
                % {"codes": ", ".join(code[:10] for code in unknown[:10])}
            )
        return codes


@admin.register(ReferralRule)
class ReferralRuleAdmin(DeletableAdmin):
    """Referral rules. The timeline of a case keeps the name of a deleted rule."""

    form = RuleForm
    list_display = (
        "name",
        "agency",
        "rank",
        "in_places",
        "value_from",
        "minimum_points",
        "minimum_members",
        "is_active",
    )
    figures = ("minimum_value",)
    list_filter = ("is_active", "agency")
    list_select_related = ("agency",)
    search_fields = ("name", "agency__name", "agency__name_local")
    autocomplete_fields = ("agency",)

    @admin.display(description=_("minimum value of goods (CNY)"), ordering="minimum_value")
    def value_from(self, obj: ReferralRule) -> str:
        """Return the amount grouped and in words, to make typing errors visible."""
        return grouped_and_in_words(obj.minimum_value)

    @admin.display(description=_("countries or regions"))
    def in_places(self, obj: ReferralRule) -> str:
        return ", ".join(obj.places) or "–"
