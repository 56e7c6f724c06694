"""What watch lists say about marketplaces, for the public page and for moderators."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from cases.models import WatchList, WatchListEntry

# The number of entries beside the marketplace of a case.
SHOWN = 5


def entries(marketplace: str = "") -> QuerySet[WatchListEntry]:
    """Return all entries by marketplace, the latest first, or those of the marketplace with this slug."""
    rows = WatchListEntry.objects.select_related("marketplace", "watch_list")
    rows = rows.order_by("marketplace__name", "marketplace", "-year", "watch_list__name", "pk")
    return rows.filter(marketplace__slug=marketplace) if marketplace else rows


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
