"""Forms of the list of authorised sellers. They clean input; the service decides."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from alliance.lib.forms import LongTextForm, VisibleCharField, day_input
from cases.forms.fields import CHOOSE_MARKETPLACE
from cases.forms.filing import MarketplaceField
from cases.marketplaces import addresses
from cases.models import AuthorisedSeller, Marketplace
from cases.models.seller import AuthorisedSellerQuerySet
from cases.services import authorised_sellers
from members.forms.list_filter import ListFilterForm
from members.models import Brand, Member

# The states that the list can be filtered by.
STATES: dict[str, Any] = {
    "in_force": (AuthorisedSeller.State.IN_FORCE.label, AuthorisedSellerQuerySet.in_force),
    "upcoming": (AuthorisedSeller.State.UPCOMING.label, AuthorisedSellerQuerySet.upcoming),
    "over": (gettext_lazy("Expired or ended"), AuthorisedSellerQuerySet.over),
}


class EntryForm(LongTextForm):
    """The validity and the note of an entry. ``values`` are the keyword arguments for the service."""

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    valid_from = forms.DateField(
        label=gettext_lazy("Valid from"),
        required=False,
        widget=day_input(),
        help_text=gettext_lazy("The first day. Leave empty if there is none."),
    )
    valid_until = forms.DateField(
        label=gettext_lazy("Valid until"),
        required=False,
        widget=day_input(),
        help_text=gettext_lazy("The last day. Leave empty if there is none."),
    )
    note = VisibleCharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=AuthorisedSeller._meta.get_field("note").max_length,
        widget=forms.TextInput({"dir": "auto"}),
        help_text=gettext_lazy("For your colleagues, for example “Own shop”."),
    )

    def __init__(self, data: Any = None, *, entry: AuthorisedSeller | None = None) -> None:
        initial: dict[str, Any] = {}
        if entry is not None:
            initial = {"seen": authorised_sellers.version(entry), "note": entry.note}
            initial |= {"valid_from": entry.valid_from, "valid_until": entry.valid_until}
        super().__init__(data, initial=initial)

    @property
    def values(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class NewEntryForm(EntryForm):
    """A new entry, with its brand and shop."""

    brand = forms.ModelChoiceField(
        label=gettext_lazy("Brand"),
        queryset=Brand.objects.none(),
        empty_label=gettext_lazy("Choose…"),
        error_messages={"required": gettext_lazy("Choose a brand of the member.")},
    )
    marketplace = MarketplaceField(
        label=gettext_lazy("Marketplace"),
        error_messages={"required": CHOOSE_MARKETPLACE},
        queryset=Marketplace.objects.filter(is_active=True),
        empty_label=gettext_lazy("Choose…"),
    )
    shop = forms.CharField(
        label=gettext_lazy("Shop ID or shop URL"),
        error_messages={"required": gettext_lazy("Enter the shop ID or shop URL.")},
        help_text=gettext_lazy(
            "The ID that the marketplace uses for the shop, or the URL of the shop."
        ),
        max_length=addresses.SHOP_URL_LENGTH,
        widget=forms.TextInput({"autocapitalize": "off", "spellcheck": "false", "dir": "auto"}),
    )
    field_order = ("brand", "marketplace", "shop", "valid_from", "valid_until", "note")

    def __init__(self, data: Any = None, *, brands: QuerySet[Brand]) -> None:
        super().__init__(data)
        self.fields["brand"].queryset = brands  # type: ignore[attr-defined]
        del self.fields["seen"]


class EntryFilterForm(ListFilterForm):
    """Filters a member's entries by brand, marketplace and state."""

    marketplace = forms.ChoiceField(label=gettext_lazy("Marketplace"), required=False)
    field_order = ("brand", "marketplace", "state")

    def __init__(self, data: Any, *, member: Member) -> None:
        states = [(name, label) for name, (label, _select) in STATES.items()]
        super().__init__(data, member=member, states=states)
        marketplaces = Marketplace.objects.all()
        self.offer("marketplace", [(str(one.pk), one.shown_name) for one in marketplaces])

    @property
    def entries(self) -> AuthorisedSellerQuerySet:
        """The member's entries that match all filters."""
        brand, marketplace, state = map(self.chosen, ("brand", "marketplace", "state"))
        entries = AuthorisedSeller.objects.filter(member=self.member)
        if brand:
            entries = entries.filter(brand=int(brand))
        if marketplace:
            entries = entries.filter(marketplace=int(marketplace))
        return STATES[state][1](entries) if state else entries
