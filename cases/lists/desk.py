"""The filters of the list of a member's own cases."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, Q
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib import clock
from alliance.lib.forms import day_input
from cases.marketplaces import shops
from cases.models import Case, Decision
from cases.models.case import CaseQuerySet
from cases.queries import filter_choices, sellers
from cases.states import Outcome, Status, Violation
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


# Filters that the list shows on request.
FURTHER = ("outcome", "reason", "marketplace", "dated", "since", "until")
# Days that filters accept. Others overflow when converted to UTC.


@dataclass(frozen=True)
class MemberChoice:
    """The members at which the user has a role, and the one that the dashboard and the list are narrowed to.

    The choice is in the URL and not in the session: two tabs can show two members, a link or a bookmark keeps its
    meaning, and there is nothing that outlives a role. It only narrows the user's own members.
    """

    all: list[Member]
    one: Member | None

    @classmethod
    def of(cls, members: list[Member], slug: str | None) -> MemberChoice:
        """Return the choice of the URL's ``member``. Raises ``Http404`` if the user has no role there today."""
        if not slug:
            return cls(members, None)
        one = next((member for member in members if member.slug == slug), None)
        if one is None:
            raise Http404
        return cls(members, one)

    @property
    def members(self) -> list[Member]:
        """The members whose cases are shown."""
        return [self.one] if self.one else self.all

    @property
    def is_needed(self) -> bool:
        """Whether there is a choice."""
        return len(self.all) > 1

    @property
    def query(self) -> str:
        """The choice as the beginning of a query string, for links."""
        return f"member={self.one.slug}&" if self.one else ""


class CaseFilter(django_filters.FilterSet):
    """Filters cases. The choices of ``brand`` are the brands of the chosen members."""

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
    # The view narrows the members by it, since the other choices depend on them.
    member = django_filters.ChoiceFilter(
        label=_("Member"), method="unchanged", empty_label=_("All members")
    )
    brand = django_filters.ChoiceFilter(label=_("Brand"), empty_label=_("Any"))
    violation = django_filters.ChoiceFilter(
        label=_("Violation type"), empty_label=_("Any"), choices=Violation.choices
    )
    outcome = django_filters.ChoiceFilter(
        label=_("Outcome"), empty_label=_("Any"), choices=Outcome.choices
    )
    reason = django_filters.ChoiceFilter(
        label=_("Reason for rejection"), method="rejected_for", empty_label=_("Any")
    )
    marketplace = django_filters.ChoiceFilter(
        label=_("Marketplace"), field_name="seller__marketplace__slug", empty_label=_("Any")
    )
    dated = django_filters.ChoiceFilter(
        label=_("Day of"),
        method="unchanged",
        empty_label=pgettext_lazy("day of", "Submission"),
        choices=[("decided", pgettext_lazy("day of", "Decision"))],
    )
    since = django_filters.DateFilter(label=_("From"), method="in_days", widget=day_input())
    until = django_filters.DateFilter(label=_("To"), method="in_days", widget=day_input())
    order = django_filters.ChoiceFilter(
        label=_("Order"),
        method="unchanged",
        empty_label=ORDERS[""][0],
        choices=[(slug, label) for slug, (label, _fields) in ORDERS.items() if slug],
    )

    class Meta:
        model = Case
        fields: list[str] = []

    def __init__(self, *args: Any, chosen: MemberChoice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if chosen.is_needed:
            self.filters["member"].extra["choices"] = [
                (member.slug, member.shown_name) for member in chosen.all
            ]
        else:
            del self.filters["member"]
        brands = Brand.objects.filter(member__in=chosen.members).order_by("name", "pk")
        self.filters["brand"].extra["choices"] = [(str(brand.pk), str(brand)) for brand in brands]
        marketplaces, reasons = filter_choices.marketplaces_and_reasons()
        self.filters["marketplace"].extra["choices"] = marketplaces
        self.filters["reason"].extra["choices"] = reasons

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

    def rejected_for(self, cases: CaseQuerySet, _name: str, code: str) -> CaseQuerySet:
        """Filter rejected cases by the code of the reason."""
        decisions = Decision.objects.filter(case=OuterRef("pk"), superseded_at=None)
        return cases.filter(Exists(decisions.filter(reason__code=code)), outcome=Outcome.REJECTED)

    def in_days(self, cases: CaseQuerySet, name: str, day: date) -> CaseQuerySet:
        """Filter by the first or last day of submission or decision, in the active time zone."""
        decided = self.form.cleaned_data.get("dated") == "decided"
        field = "decided_at" if decided else "submitted_at"
        if name == "since":
            return cases.filter(**{f"{field}__gte": clock.start_of(day)})
        return cases.filter(**{f"{field}__lt": clock.end_of(day)})

    def in_state(self, cases: CaseQuerySet, _name: str, state: str) -> CaseQuerySet:
        """Filter by a status or a group of statuses."""
        _label, select = GROUPS.get(state, ("", None))
        return select(cases) if select else cases.filter(status=state)
