"""The filters of the officers' list of referrals."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from alliance.lib import ids
from cases.liaison.models import Referral
from cases.marketplaces import shop_names
from cases.queries import sellers
from cases.states import REFERRAL_ENDED, REFERRAL_LIVE, Violation

# A search returns at most this many referrals.
MAX_ROWS = 1000


class ReferralFilter(filters.FilterSet):
    """Filters referrals by violation type, and by reference, file number or seller.

    The seller is searched only with ``by_seller``, so that an agency that may not see it cannot guess it.
    """

    q = filters.CharFilter(
        method="search",
        label=_("Search"),
        max_length=200,
        help_text=_("Reference, file number or seller"),
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    violation = filters.ChoiceFilter(
        field_name="case__violation",
        label=_("Violation type"),
        choices=Violation.choices,
        empty_label=_("All violations"),
    )

    class Meta:
        model = Referral
        fields: list[str] = []

    def __init__(self, *args: Any, by_seller: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_seller = by_seller
        if not by_seller:
            self.form.fields["q"].help_text = _("Reference or file number")

    def search(self, rows: QuerySet[Referral], name: str, value: str) -> QuerySet[Referral]:
        """Search by reference, or by part of the file number or of the seller's name or ID.

        Returns at most :data:`MAX_ROWS` referrals.
        """
        words = value.strip()
        if ids.is_reference(words, "AP", "LR"):
            key = "reference" if words[:2].upper() == "LR" else "case__reference"
            return rows.filter(**{key: words.upper()})
        searches = [rows.exclude(file_number="").filter(file_number__icontains=words)]
        if self.by_seller:
            live = rows.filter(status__in=REFERRAL_LIVE)
            searches.append(live.filter(case__seller__in=sellers.keys_of(words)))
            # Ended referrals are searched by the seller's name and ID as they were sent.
            ended = rows.filter(status__in=REFERRAL_ENDED)
            if folded := shop_names.fold(words):
                searches.append(ended.filter(seller_sent__contains=folded))
        # A union instead of a disjunction, so that each query can use its own index.
        first, *others = (
            found.order_by("-pk").values_list("pk", flat=True)[:MAX_ROWS] for found in searches
        )
        return rows.filter(pk__in=list(first.union(*others)[:MAX_ROWS]))

    @property
    def narrows(self) -> bool:
        """Whether any filter is active or invalid."""
        cleaned: dict[str, Any] = getattr(self.form, "cleaned_data", {})
        return any(cleaned.values()) or bool(self.form.errors)
