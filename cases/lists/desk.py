"""The filters over a member's own cases."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Any

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.marketplaces import shops
from cases.models import Case
from cases.models.case import CaseQuerySet
from cases.queries import sellers
from cases.states import Status, Violation
from members.models import Brand, Member

# Beside each single status, what people ask for more often.
GROUPS: dict[str, tuple[Any, Callable[[CaseQuerySet], CaseQuerySet]]] = {
    "ours": (_("Waiting for us"), lambda cases: cases.awaiting_member()),
    "review": (
        _("With the moderators"),
        lambda cases: cases.filter(status__in=(Status.SUBMITTED, Status.IN_REVIEW)),
    ),
    "accepted": (_("Upheld, in any state since"), lambda cases: cases.upheld()),
}


class CaseFilter(django_filters.FilterSet):
    """Narrows ``queryset``, the cases of ``members``, by their brands and other facts."""

    q = django_filters.CharFilter(
        label=_("Reference, shop or shop ID"), method="search", max_length=100
    )
    status = django_filters.ChoiceFilter(
        label=_("State"),
        method="in_state",
        empty_label=_("Any"),
        choices=[
            (_("Together"), [(slug, label) for slug, (label, _narrow) in GROUPS.items()]),
            (_("Single states"), Status.choices),
        ],
    )
    brand = django_filters.ChoiceFilter(label=_("Brand"), empty_label=_("Any"))
    violation = django_filters.ChoiceFilter(
        label=_("Violation"), empty_label=_("Any"), choices=Violation.choices
    )

    class Meta:
        model = Case
        fields: list[str] = []

    def __init__(self, *args: Any, members: Collection[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        brands = Brand.objects.filter(member__in=members).order_by("name", "pk")
        self.filters["brand"].extra["choices"] = [(str(brand.pk), str(brand)) for brand in brands]

    def search(self, cases: CaseQuerySet, _name: str, words: str) -> CaseQuerySet:
        """Find a reference, however its letters and dashes were typed, or words of the shop."""
        words = words.strip()
        code = re.sub(r"[^0-9A-Z]", "", words.upper()).removeprefix("AP")
        # Of a draft the name typed into it: the shop's own may be another member's.
        in_draft = Q(seller_name__icontains=words) | Q(seller__external_id__icontains=words)
        in_draft |= Q(seller__external_key__in=shops.search_keys(words))
        found = ~Q(seller_name="") & in_draft
        found |= Q(seller_name="", seller__in=sellers.keys_of(words))
        if len(code) >= 4:
            found |= Q(reference__startswith=f"AP-{code[:4]}-{code[4:]}".removesuffix("-"))
        return cases.filter(found)

    def in_state(self, cases: CaseQuerySet, _name: str, state: str) -> CaseQuerySet:
        """Narrow to one status, or to a group of them."""
        _label, narrow = GROUPS.get(state, ("", None))
        return narrow(cases) if narrow else cases.filter(status=state)
