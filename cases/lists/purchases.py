"""The filter of the list of a member's test purchases."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib import visible
from cases.marketplaces import shops
from cases.models import Marketplace, Seller, TestPurchase
from cases.models.test_purchase import TestPurchaseQuerySet
from cases.queries import purchases_due
from cases.states import PurchaseStatus, Verdict
from members.forms.list_filter import ListFilterForm
from members.models import Member

# A search for a shop looks at no more shops than this. The same ID may exist on several marketplaces.
MOST_SHOPS = 100


class PurchaseFilterForm(ListFilterForm):
    """Filters a member's test purchases by words, brand, status, marketplace and verdict."""

    q = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        max_length=120,
        widget=forms.TextInput({"type": "search", "dir": "auto"}),
        help_text=gettext_lazy("Reference, order number or shop ID"),
    )
    marketplace = forms.ChoiceField(label=gettext_lazy("Marketplace"), required=False)
    verdict = forms.ChoiceField(label=gettext_lazy("Verdict"), required=False)
    field_order = ("q", "brand", "state", "marketplace", "verdict")

    def __init__(self, data: Any, *, member: Member) -> None:
        states: list[tuple[str, Any]] = [
            ("due", _("Needs your attention")),
            ("late", _("Not received within 30 days")),
            ("kept", _("Need no longer be kept")),
        ]
        super().__init__(data, member=member, states=[*states, *PurchaseStatus.choices])
        self.offer("verdict", Verdict.choices)
        marketplaces = Marketplace.objects.all()
        self.offer("marketplace", [(str(one.pk), one.shown_name) for one in marketplaces])

    @property
    def purchases(self) -> TestPurchaseQuerySet:
        """The member's purchases that match all filters."""
        found = TestPurchase.objects.filter(member=self.member)
        for name in ("brand", "marketplace", "verdict"):
            if value := self.chosen(name):
                found = found.filter(**{name: value})
        if state := self.chosen("state"):
            found = found.filter(_in_state(state))
        words = visible.cleaned(self.chosen("q"))
        return found.filter(_matching(words)) if words else found


class ResultsFilterForm(ListFilterForm):
    """Narrows the results to one brand of the member."""

    def __init__(self, data: Any, *, member: Member) -> None:
        super().__init__(data, member=member, states=[])
        del self.fields["state"]

    @property
    def brand_key(self) -> int | None:
        """The primary key of the chosen brand, or ``None``."""
        chosen = self.chosen("brand")
        return int(chosen) if chosen else None


def _in_state(state: str) -> Q:
    if state == "due":
        return purchases_due.is_due()
    due = purchases_due.reasons()
    return due[state][0] if state in due else Q(status=state)


def _matching(words: str) -> Q:
    """Return the condition of the search: the beginning of the reference, the order number, or the shop's ID or URL."""
    keys = shops.search_keys(words)
    known = Seller.objects.filter(external_key__in=keys)
    found = Q(order_number=words) | Q(
        seller__in=list(known.values_list("pk", flat=True)[:MOST_SHOPS])
    )
    code = re.sub(r"[^0-9A-Z]", "", words.upper()).removeprefix("TP")
    if len(code) >= 4:
        found |= Q(reference__startswith=f"TP-{code[:4]}-{code[4:]}".removesuffix("-"))
    return found
