"""Review rules, which admins edit, and held decisions, which services write."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from alliance.lib import text
from alliance.lib.admin import CASE, DeletableAdmin, ReadOnlyAdmin
from cases.models import HeldDecision, ReviewRule
from cases.states import DecisionVerb, Violation

# Conditions that only these decisions can meet.
_NEEDS: dict[str, tuple[DecisionVerb, ...]] = {
    "referral_abroad": (DecisionVerb.REFER,),
    "more_than_listings": (DecisionVerb.UPHOLD, DecisionVerb.UPHOLD_AGAIN),
    "active_strikes": (DecisionVerb.UPHOLD, DecisionVerb.UPHOLD_AGAIN),
}


class ReviewRuleForm(forms.ModelForm):
    """Shows decisions and violations as checkboxes. An empty field sets no condition."""

    verbs = forms.MultipleChoiceField(
        label=_("Decisions"),
        choices=DecisionVerb.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Select none for every decision."),
    )
    violations = forms.MultipleChoiceField(
        label=_("Violations"),
        choices=Violation.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Select none for all violations."),
    )

    class Meta:
        model = ReviewRule
        fields = (
            "name",
            "rank",
            "is_active",
            "verbs",
            "violations",
            "more_than_listings",
            "active_strikes",
            "authorised_seller",
            "referral_abroad",
            "hours",
        )
        help_texts = {
            "more_than_listings": _(
                "Listings marked for removal in a decision against the seller. Leave empty for any number."
            ),
            "active_strikes": _(
                "Including the strike of the decision: the number at which marketplaces close a shop. Leave empty for any number."
            ),
            "authorised_seller": _(
                "Only if the seller is on the list of authorised sellers of the case’s member."
            ),
            "referral_abroad": _(
                "Only for referrals to an agency in another country than the member’s and the marketplace’s."
            ),
            "hours": _(
                "From the first decision. Overdue decisions wait on; they do not take effect."
            ),
        }

    def clean(self) -> dict[str, Any]:
        """Refuse a rule that can never apply."""
        cleaned: dict[str, Any] = super().clean() or {}
        chosen = cleaned.get("verbs") or []
        for name, verbs in _NEEDS.items():
            is_set = cleaned.get(name) not in (None, False)
            if is_set and chosen and not set(chosen) & set(verbs):
                labels = text.join(str(verb.label) for verb in verbs)
                self.add_error(
                    name,
                    ValidationError(
                        gettext("This condition needs one of these decisions: %(decisions)s.")
                        % {"decisions": labels}
                    ),
                )
        return cleaned


@admin.register(ReviewRule)
class ReviewRuleAdmin(DeletableAdmin):
    """Review rules. A decision that waits keeps the name and deadline of a changed or deleted rule."""

    form = ReviewRuleForm
    list_display = (
        "name",
        "rank",
        "more_than_listings",
        "active_strikes",
        "authorised_seller",
        "referral_abroad",
        "hours",
        "is_active",
    )
    list_filter = ("is_active",)
    search_fields = ("name",)


@admin.register(HeldDecision)
class HeldDecisionAdmin(ReadOnlyAdmin):
    list_display = ("case", "verb", "by", "created_at", "state", "rule_name", "second_by")
    list_filter = ("state",)
    list_select_related = ("case", "by", "second_by")
    exact_search = ((CASE, "case__reference"),)
    search_help_text = "AP-…"
    ordering = ("-pk",)
    sortable_by = ()
