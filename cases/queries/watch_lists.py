"""What watch lists say about marketplaces, for the public pages and for moderators."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.urls import reverse

from cases.marketplaces import catalogue
from cases.models import Marketplace, WatchList, WatchListEntry

# The number of entries beside the marketplace of a case.
SHOWN = 5


def entries() -> QuerySet[WatchListEntry]:
    """Return all entries by marketplace, the latest first."""
    rows = WatchListEntry.objects.select_related("marketplace", "watch_list")
    return rows.order_by("marketplace__name", "marketplace", "-year", "watch_list__name", "pk")


def public_marketplace(slug: str) -> Marketplace | None:
    """Return the marketplace with a public page and this slug, if there is one. Makes one query."""
    rows = Marketplace.objects.annotate(is_listed=is_listed(OuterRef("pk")))
    found = rows.filter(slug=slug).first()
    return found if found and page_of(found, is_listed=found.is_listed) else None


def is_listed(marketplace: OuterRef) -> Exists:
    """Return the condition that a watch list has an entry of the marketplace."""
    return Exists(WatchListEntry.objects.filter(marketplace=marketplace))


def page_of(marketplace: Marketplace, *, is_listed: bool) -> str:
    """Return the URL of the public page of a marketplace, or ``""`` if it has none. Makes no query.

    Marketplaces of the catalogue have one, and those that a watch list has an entry of (``is_listed``). An admin may have
    added another one because of a case, which its page would reveal.
    """
    catalogued = marketplace.is_active and catalogue.has(marketplace.slug)
    if not (catalogued or is_listed):
        return ""
    return reverse("public:marketplace", args=[marketplace.slug])


def latest_of(marketplace: OuterRef) -> QuerySet[Any, dict[str, Any]]:
    """Return the latest entries of a marketplace, as objects for :func:`named`."""
    facts = JSONObject(
        year="year", change="change", name="watch_list__name", name_zh="watch_list__name_zh"
    )
    rows = WatchListEntry.objects.filter(marketplace=marketplace).order_by("-year", "pk")
    return rows.values_list(facts, flat=True)[:SHOWN]


def named(found: list[dict[str, Any]]) -> list[WatchListEntry]:
    """Return the entries that the result of :func:`latest_of` describes, without what it leaves out."""
    return [
        WatchListEntry(
            year=one["year"],
            change=one["change"],
            watch_list=WatchList(name=one["name"], name_zh=one["name_zh"]),
        )
        for one in found
    ]
