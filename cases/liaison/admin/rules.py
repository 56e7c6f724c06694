"""Rules that propose agencies are configured here; what they propose stands on the page of a case."""

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
    """Violations as boxes to tick, places as ISO 3166 codes; what is left empty asks nothing."""

    violations = forms.MultipleChoiceField(
        label=_("Violations"),
        choices=Violation.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: any that the agency takes."),
    )
    places = forms.CharField(
        label=_("Countries or regions"),
        required=False,
        max_length=800,
        help_text=_(
            "Where the right is infringed or the seller is: codes of two letters with commas, such as CN, HK. "
            "Empty: anywhere."
        ),
    )

    minimum_value = AmountField(
        label=_("Value of goods from (CNY)"),
        required=False,
        min_value=0,
        help_text=_("Prices in other currencies do not count. Empty: any value."),
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
            "minimum_points": _("Of the seller, live. Empty: any number."),
            "minimum_members": _(
                "With cases against the seller or shops tied to it. Empty: any number."
            ),
        }

    def __init__(self, *args, **kwargs) -> None:  # type: ignore[no-untyped-def]
        super().__init__(*args, **kwargs)
        self.initial["places"] = ", ".join(self.instance.places)

    def clean_places(self) -> list[str]:
        """Return the codes, each once; every one that is no country's is named."""
        text = self.cleaned_data["places"].upper().replace(";", ",").replace("，", ",")
        codes = list(dict.fromkeys(text.replace(",", " ").split()))
        if unknown := [code for code in codes if code not in countries]:
            raise forms.ValidationError(
                gettext("No country or region has the code %(codes)s.")
                % {"codes": ", ".join(code[:10] for code in unknown[:10])}
            )
        return codes


@admin.register(ReferralRule)
class ReferralRuleAdmin(DeletableAdmin):
    """A rule that is deleted stays named in the timelines of the cases it was confirmed for."""

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

    @admin.display(description=_("value of goods from (CNY)"), ordering="minimum_value")
    def value_from(self, obj: ReferralRule) -> str:
        """The amount grouped and in words, so that a slip of the hand is seen."""
        return grouped_and_in_words(obj.minimum_value)

    @admin.display(description=_("countries or regions"))
    def in_places(self, obj: ReferralRule) -> str:
        return ", ".join(obj.places) or "–"
