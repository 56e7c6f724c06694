"""How an officer narrows the queue."""

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
    """The offers whose seller has the words, for referrals that have ended: the seller as it was sent then."""
    seller = Q(payload__case__seller__name__icontains=words)
    seller |= Q(payload__case__seller__id__iexact=words)
    return Update.objects.filter(seller, referral=OuterRef("pk"), sequence=1)


class ReferralFilter(filters.FilterSet):
    """Referrals by violation, and by words: a reference, the agency's file number, or the seller.

    The seller only with ``by_seller``: who may not see it is not to find it by guessing either.
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
        """Keep what has the words as its reference, or in its file number or seller."""
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
        """Whether anything was asked for, so that an empty list has a reason other than no work."""
        asked: dict[str, Any] = getattr(self.form, "cleaned_data", {})
        return any(asked.values()) or bool(self.form.errors)
