"""The filters of the list of a member's own cases."""

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

# Groups of statuses that the status filter offers besides single statuses.
GROUPS: dict[str, tuple[Any, Callable[[CaseQuerySet], CaseQuerySet]]] = {
    "ours": (_("Waiting for you"), lambda cases: cases.awaiting_member()),
    "review": (
        _("With moderators"),
        lambda cases: cases.filter(status__in=(Status.SUBMITTED, Status.IN_REVIEW)),
    ),
    "accepted": (_("Upheld (any later status)"), lambda cases: cases.upheld()),
}


# Orders of the list. Each has an index.
ORDERS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "": (_("Newest first"), ("-created_at", "-id")),
    "oldest": (_("Oldest first"), ("created_at", "id")),
}


class CaseFilter(django_filters.FilterSet):
    """Filters cases. The choices of ``brand`` are the brands of ``members``."""

    q = django_filters.CharFilter(label=_("Reference or shop"), method="search", max_length=100)
    status = django_filters.ChoiceFilter(
        label=_("Status"),
        method="in_state",
        empty_label=_("Any"),
        choices=[
            (_("Groups of statuses"), [(slug, label) for slug, (label, _select) in GROUPS.items()]),
            (_("Single statuses"), Status.choices),
        ],
    )
    brand = django_filters.ChoiceFilter(label=_("Brand"), empty_label=_("Any"))
    violation = django_filters.ChoiceFilter(
        label=_("Violation type"), empty_label=_("Any"), choices=Violation.choices
    )

    order = django_filters.ChoiceFilter(
        label=_("Order"),
        method="unchanged",
        empty_label=ORDERS[""][0],
        choices=[(slug, label) for slug, (label, _fields) in ORDERS.items() if slug],
    )

    class Meta:
        model = Case
        fields: list[str] = []

    def __init__(self, *args: Any, members: Collection[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        brands = Brand.objects.filter(member__in=members).order_by("name", "pk")
        self.filters["brand"].extra["choices"] = [(str(brand.pk), str(brand)) for brand in brands]

    @property
    def ordering(self) -> tuple[str, ...]:
        """The fields to order the list by."""
        chosen = self.form.cleaned_data.get("order") if self.form.is_valid() else ""
        return ORDERS[chosen or ""][1]

    def unchanged(self, cases: CaseQuerySet, _name: str, _value: str) -> CaseQuerySet:
        """Return ``cases`` unchanged. The paginator orders them by :attr:`ordering`."""
        return cases

    def search(self, cases: CaseQuerySet, _name: str, words: str) -> CaseQuerySet:
        """Search by the beginning of the reference, ignoring case and dashes, or by shop name or shop ID."""
        words = words.strip()
        code = re.sub(r"[^0-9A-Z]", "", words.upper()).removeprefix("AP")
        # A draft is searched by the shop name entered in it: the seller's name may come from another member.
        in_draft = Q(seller_name__icontains=words) | Q(seller__external_id__icontains=words)
        in_draft |= Q(seller__external_key__in=shops.search_keys(words))
        found = ~Q(seller_name="") & in_draft
        found |= Q(seller_name="", seller__in=sellers.keys_of(words))
        if len(code) >= 4:
            found |= Q(reference__startswith=f"AP-{code[:4]}-{code[4:]}".removesuffix("-"))
        return cases.filter(found)

    def in_state(self, cases: CaseQuerySet, _name: str, state: str) -> CaseQuerySet:
        """Filter by a status or a group of statuses."""
        _label, select = GROUPS.get(state, ("", None))
        return select(cases) if select else cases.filter(status=state)
