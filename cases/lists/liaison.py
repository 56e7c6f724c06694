"""The filters of the officers' list of referrals."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from cases.liaison.models import Referral, Update
from cases.marketplaces import shops
from cases.states import REFERRAL_LIVE, Violation


def _sent_of(words: str) -> QuerySet[Update]:
    """Return first updates whose seller matches, to search ended referrals by what was sent."""
    seller = Q(payload__case__seller__name__icontains=words)
    seller |= Q(payload__case__seller__id__iexact=words)
    return Update.objects.filter(seller, referral=OuterRef("pk"), sequence=1)


class ReferralFilter(filters.FilterSet):
    """Filters referrals by violation type, and by reference, file number or seller.

    The seller is searched only with ``by_seller``: agencies that may not see it must not guess it.
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
        """Search by reference, or by part of the file number or of the seller's name."""
        words = value.strip()
        found = (
            Q(reference__iexact=words)
            | Q(case__reference__iexact=words)
            | Q(file_number__icontains=words)
        )
        if self.by_seller:
            keys = shops.search_keys(words)
            seller = Q(case__seller__name__icontains=words) | Q(case__seller__external_key__in=keys)
            found |= seller & Q(status__in=REFERRAL_LIVE)
            found |= Q(Exists(_sent_of(words))) & ~Q(status__in=REFERRAL_LIVE)
        return rows.filter(found)

    @property
    def narrows(self) -> bool:
        """Whether any filter is active."""
        asked: dict[str, Any] = getattr(self.form, "cleaned_data", {})
        return any(asked.values()) or bool(self.form.errors)
