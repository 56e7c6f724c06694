"""Forms of saved views, subscriptions, and the layout of the list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from alliance.lib.forms import VisibleCharField
from cases.models import ViewSubscription
from cases.models.saved_view import MOST_WAITING, Column, Density


class SavedViewForm(forms.Form):
    name = VisibleCharField(label=_("Name"), max_length=60)
    is_shared = forms.BooleanField(
        label=_("Share with all moderators and administrators"), required=False
    )
    position = forms.IntegerField(
        label=_("Position"),
        min_value=0,
        max_value=999,
        initial=10,
        help_text=_("Views with a lower number come first among the tabs."),
    )


class SubscriptionForm(forms.Form):
    how = forms.ChoiceField(
        label=_("When do you want an email?"),
        choices=ViewSubscription.How.choices,
        widget=forms.RadioSelect,
        initial=ViewSubscription.How.DAILY,
    )
    threshold = forms.IntegerField(
        label=_("Number of cases"),
        required=False,
        min_value=1,
        max_value=MOST_WAITING,
        help_text=_("Only for the last choice."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("how") != ViewSubscription.How.ABOVE:
            cleaned["threshold"] = None
        elif cleaned.get("threshold") is None and "threshold" not in self.errors:
            self.add_error(
                "threshold", gettext("Enter the number of cases above which you want an email.")
            )
        return cleaned


class LayoutForm(forms.Form):
    columns = forms.MultipleChoiceField(
        label=_("Columns"),
        choices=Column.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("The reference of the case is always shown."),
    )
    density = forms.ChoiceField(
        label=_("Density"), choices=Density.choices, widget=forms.RadioSelect
    )
