"""Listings that are already in open cases of the brand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cases.models import Case, Listing
from cases.states import OPEN


@dataclass(frozen=True)
class FiledListing:
    """A listing of the draft, and the open case that already has it."""

    url: str
    key: str
    case: Case

    def __str__(self) -> str:
        text = _("%(url)s is already in your case %(reference)s.")
        return text % {"url": self.url, "reference": self.case.reference}


def of_draft(case: Case, listings: Sequence[Listing] | None = None) -> list[FiledListing]:
    """Return the listings of a draft that are already filed, in the draft's order.

    ``listings`` are those of the draft in order, if the caller has read them. Makes one query, or two without them.
    """
    if listings is None:
        listings = list(case.listings.order_by("position"))
    if not listings:
        return []
    draft = {listing.canonical_key: listing.url for listing in listings}
    # With the keys instead of a subquery, PostgreSQL looks each of them up in the index.
    filed = _filed(case.brand_id, list(draft)).exclude(case=case)
    filed = filed.select_related("case").order_by("-case__submitted_at", "case_id")
    by_key = {listing.canonical_key: listing.case for listing in filed}
    return [
        FiledListing(url=url, key=key, case=by_key[key])
        for key, url in draft.items()
        if key in by_key
    ]


def of_keys(brand_id: int, keys: Collection[str]) -> dict[str, str]:
    """Return the references of the open cases of a brand that have listings with these keys, by key. One query."""
    filed = _filed(brand_id, keys).order_by("case__submitted_at", "-case_id")
    return dict(filed.values_list("canonical_key", "case__reference"))


def _filed(brand_id: int, keys: Collection[str]) -> QuerySet[Listing]:
    # ``is_open`` cannot be used: of two open cases with the same key (KeyClash), one has it unset.
    rows = Listing.objects.filter(
        brand_id=brand_id,
        canonical_key__in=keys,
        case__status__in=OPEN,
        case__submitted_at__isnull=False,
    )
    return rows.exclude(status=Listing.Status.LEFT_UP)
