"""The views of the triage list, and the filters over each of them."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import django_filters
from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.models import Case, Marketplace
from cases.models.case import CaseQuerySet
from cases.queries import sellers
from cases.states import Priority, Status, Violation
from members.models import Member, User


@dataclass(frozen=True)
class View:
    """A saved view: an address of its own, which cases it shows, in which order."""

    slug: str
    label: str | Promise
    order: tuple[str, ...]
    select: Callable[[CaseQuerySet, User], CaseQuerySet]
    counted: bool = False


VIEWS: dict[str, View] = {
    view.slug: view
    for view in (
        View(
            "waiting",
            _("Waiting"),
            # The due time follows from the priority: what is overdue comes first, whatever its priority.
            ("due_at", "id"),
            lambda cases, user: cases.awaiting_triage(),
            counted=True,
        ),
        View(
            "mine",
            _("Mine"),
            ("lease_until", "id"),
            lambda cases, user: cases.filter(assignee=user),
            counted=True,
        ),
        View(
            "awaiting-member",
            _("Waiting for the member"),
            ("answer_due_at", "id"),
            lambda cases, user: cases.awaiting_answer(),
            counted=True,
        ),
        View(
            "counter-noticed",
            _("Counter-noticed"),
            ("submitted_at", "id"),
            lambda cases, user: cases.filter(status=Status.COUNTER_NOTICED),
            counted=True,
        ),
        View(
            "upheld",
            _("Awaiting removal"),
            ("submitted_at", "id"),
            lambda cases, user: cases.filter(status=Status.UPHELD),
            counted=True,
        ),
        View(
            "decided",
            _("Decided"),
            ("-decided_at", "-id"),
            lambda cases, user: cases.filter(decided_at__isnull=False),
        ),
        View("all", _("All"), ("-submitted_at", "-id"), lambda cases, user: cases),
    )
}
DEFAULT_VIEW = VIEWS["waiting"]
FIELDS = ("q", "violation", "priority", "member", "marketplace")
# What of an address makes up the list somebody came from; anything else in it is dropped.
PLACE = ("view", *FIELDS, "cursor")


class CaseFilter(django_filters.FilterSet):
    """Narrows a view of the triage list. A choice that does not exist is an error and filters nothing."""

    q = django_filters.CharFilter(
        label=_("Reference or seller"),
        method="search",
        max_length=120,
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "autocomplete": "off",
                "data-shortcut": "/",
                "data-shortcut-label": _("Search"),
            }
        ),
    )
    violation = django_filters.ChoiceFilter(
        label=_("Violation"), choices=Violation.choices, empty_label=_("All")
    )
    priority = django_filters.ChoiceFilter(
        label=_("Priority"), choices=Priority.choices, empty_label=_("All")
    )
    member = django_filters.ChoiceFilter(label=_("Member"), empty_label=_("All"))
    marketplace = django_filters.ChoiceFilter(
        label=_("Marketplace"), field_name="seller__marketplace", empty_label=_("All")
    )

    class Meta:
        model = Case
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Read when the form is shown or checked, and once.
        self.filters["member"].extra["choices"] = cache(_members)
        self.filters["marketplace"].extra["choices"] = cache(_marketplaces)

    def search(self, cases: CaseQuerySet, _name: str, value: str) -> CaseQuerySet:
        """Find cases by the beginning of their reference, or by the seller's name or number."""
        words = unicodedata.normalize("NFKC", value).strip().replace("\0", "")
        reference = words.upper()
        if reference.startswith("AP-"):
            return cases.filter(reference__startswith=reference)
        return cases.filter(seller__in=sellers.keys_of(words))

    @property
    def is_narrowed(self) -> bool:
        """Whether any filter is in force."""
        return any(self.data.get(name) for name in FIELDS)


def _members() -> list[tuple[str, str]]:
    """Names only: there are hundreds of members, and each page offers all of them."""
    members = Member.objects.exclude(status=Member.Status.APPLIED).order_by("name")
    return [(str(pk), name) for pk, name in members.values_list("pk", "name")]


def _marketplaces() -> list[tuple[str, str]]:
    return [(str(one.pk), str(one)) for one in Marketplace.objects.all()]


def view_of(data: Any) -> View:
    """Return the view that the query ``data`` asks for, or the default one."""
    return VIEWS.get(data.get("view", ""), DEFAULT_VIEW)


def place(text: str) -> str:
    """Return the query string of a list from what a form or an address carries; never anything else."""
    given, kept = QueryDict(text[:2000]), QueryDict(mutable=True)
    for name in PLACE:
        if value := given.get(name):
            kept[name] = value
    return kept.urlencode()
