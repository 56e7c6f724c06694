"""The views of the triage list and their filters."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import django_filters
from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from alliance.lib.forms import Narrowable
from cases.lists import query
from cases.models import Case, Marketplace, Tag
from cases.models.case import CaseQuerySet
from cases.queries import sellers
from cases.queries.teamwork import MOST_TAGS
from cases.states import Priority, Status, Violation
from members.models import Member, User


@dataclass(frozen=True)
class View:
    """A view of the list: ``select`` returns its cases, and its tab shows their number if it is ``counted``."""

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
            # Due times depend on the priority, so overdue cases come first.
            ("due_at", "id"),
            lambda cases, user: cases.awaiting_triage(),
            counted=True,
        ),
        View(
            "mine",
            _("My cases"),
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
            _("Counter-notice received"),
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
FIELDS = ("q", "violation", "priority", "member", "marketplace", "tag")
# The parameters of a list URL that are kept when a reader returns to the list.
QUERY = ("view", *FIELDS, "saved", "cursor")


Choices = Callable[[], list[tuple[str, str]]]


class CaseFilter(Narrowable, django_filters.FilterSet):
    """Filters a view of the triage list. An invalid choice is a form error and does not filter."""

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
        label=_("Violation type"), choices=Violation.choices, empty_label=_("All")
    )
    priority = django_filters.ChoiceFilter(
        label=_("Priority"), choices=Priority.choices, empty_label=_("All")
    )
    member = django_filters.ChoiceFilter(label=_("Member"), empty_label=_("All"))
    marketplace = django_filters.ChoiceFilter(
        label=_("Marketplace"), field_name="seller__marketplace", empty_label=_("All")
    )
    tag = django_filters.ChoiceFilter(
        label=_("Tag"), field_name="tagged__tag", empty_label=_("All")
    )

    class Meta:
        model = Case
        fields: list[str] = []

    def __init__(self, *args: Any, like: CaseFilter | None = None, **kwargs: Any) -> None:
        """``like`` is another filter on the same page, whose choices are used again."""
        super().__init__(*args, **kwargs)
        # Queried once, when a form is rendered or validated.
        own = (cache(_members), cache(_marketplaces), cache(_tags))
        self.choices: tuple[Choices, ...] = like.choices if like else own
        for name, choices in zip(("member", "marketplace", "tag"), self.choices, strict=True):
            self.filters[name].extra["choices"] = choices

    def search(self, cases: CaseQuerySet, _name: str, value: str) -> CaseQuerySet:
        """Search by the beginning of the reference, or by seller name or ID."""
        words = unicodedata.normalize("NFKC", value).strip().replace("\0", "")
        reference = words.upper()
        if reference.startswith("AP-"):
            return cases.filter(reference__startswith=reference)
        return cases.filter(seller__in=sellers.keys_of(words))


def _members() -> list[tuple[str, str]]:
    """Return primary keys and names only, since every page lists hundreds of members."""
    members = Member.objects.exclude(status=Member.Status.APPLIED).order_by("name")
    return [(str(pk), name) for pk, name in members.values_list("pk", "name")]


def _marketplaces() -> list[tuple[str, str]]:
    return [(str(one.pk), str(one)) for one in Marketplace.objects.all()]


def _tags() -> list[tuple[str, str]]:
    return [(str(one.pk), one.name) for one in Tag.objects.all()[:MOST_TAGS]]


def view_of(data: Any) -> View:
    """Return the view named in the query ``data``, or the default view."""
    return VIEWS.get(data.get("view", ""), DEFAULT_VIEW)


def list_query(text: str) -> str:
    """Return the known parameters of a list URL from the untrusted query string ``text``."""
    return query.only(text, QUERY)
