"""The form for the title, price, units sold and day of each listing. All fields are optional."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from babel.numbers import get_territory_currencies
from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib import currencies, visible
from alliance.lib.amounts import AmountField, CountField
from alliance.lib.forms import LongTextForm, set_choices
from cases.forms.fields import DayField
from cases.models import Case, Listing
from cases.queries.listing_facts import TITLE_LENGTH
from cases.services import drafts
from cases.services.listing_details import MOST_UNITS, Detail


@dataclass(frozen=True)
class Row:
    """A listing with its bound fields."""

    listing: Listing
    title: BoundField
    price: BoundField
    units_sold: BoundField
    seen_on: BoundField

    @property
    def errors(self) -> list[str]:
        fields = (self.title, self.price, self.units_sold, self.seen_on)
        return [str(error) for field in fields for error in field.errors]


class DetailsForm(LongTextForm):
    """Fields for each listing of ``case``. The service takes ``details`` and ``currency``.

    ``all_seen_on`` applies to listings without a day.
    """

    base = forms.CharField(
        required=False, max_length=64, widget=forms.HiddenInput({"data-recover": ""})
    )
    currency = forms.ChoiceField(
        label=gettext_lazy("Currency of the prices"),
        required=False,
        help_text=gettext_lazy("Prices in CNY count towards the value of goods."),
    )

    all_seen_on = DayField(
        label=gettext_lazy("Seen on"),
        help_text=gettext_lazy(
            "The day on which you saw the listings, for all rows without a day."
        ),
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        base = drafts.details_version(case)
        self.listings = list(case.listings.order_by("position"))
        super().__init__(*args, **kwargs)
        self.initial.update(base=base, currency=self._currency(case))
        set_choices(self.fields["currency"], [("", _("Choose…")), *currencies.named()])
        for listing in self.listings:
            self._add(listing)

    def _currency(self, case: Case) -> str:
        """Return the currency of the listings, else that of the marketplace's country, else ``""``."""
        used = next((listing.currency for listing in self.listings if listing.currency), "")
        country = str(case.seller.marketplace.country) if case.seller else ""
        local = get_territory_currencies(country) if country and not used else []
        return used or next((code for code in local if code in currencies.CODES), "")

    def _add(self, listing: Listing) -> None:
        number = {"number": listing.position}
        self.fields[f"title_{listing.pk}"] = forms.CharField(
            label=_("Title of listing %(number)d") % number, required=False, max_length=TITLE_LENGTH
        )
        self.fields[f"price_{listing.pk}"] = AmountField(
            label=_("Price of listing %(number)d") % number, required=False, min_value=0
        )
        self.fields[f"units_{listing.pk}"] = CountField(
            label=_("Units sold of listing %(number)d") % number,
            required=False,
            min_value=0,
            max_value=MOST_UNITS,
        )
        self.fields[f"seen_{listing.pk}"] = DayField(label=_("Day of listing %(number)d") % number)
        for name, value in (
            ("title", listing.title),
            ("price", listing.price),
            ("units", listing.units_sold),
            ("seen", listing.seen_on),
        ):
            field = self.fields[f"{name}_{listing.pk}"]
            self.initial[f"{name}_{listing.pk}"] = value
            field.widget.attrs |= {"aria-label": str(field.label), "dir": "auto"}

    def rows(self) -> Iterator[Row]:
        """Yield the listings in order, each with its bound fields."""
        for listing in self.listings:
            names = (f"{name}_{listing.pk}" for name in ("title", "price", "units", "seen"))
            yield Row(listing, *(self[name] for name in names))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        priced = any(data.get(f"price_{listing.pk}") is not None for listing in self.listings)
        if priced and not data.get("currency") and "currency" not in self.errors:
            self.add_error("currency", ValidationError(_("Choose the currency of the prices.")))
        return data

    @property
    def details(self) -> dict[int, Detail]:
        data = self.cleaned_data
        return {
            pk: Detail(
                visible.cleaned(data[f"title_{pk}"]),
                data[f"price_{pk}"],
                data[f"units_{pk}"],
                data[f"seen_{pk}"] or data["all_seen_on"],
            )
            for pk in (listing.pk for listing in self.listings)
        }
