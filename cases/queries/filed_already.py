"""Listings of a draft that are already in open cases of the brand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cases.models import Case, Listing
from cases.states import OPEN


@dataclass(frozen=True)
class FiledListing:
    """A listing of the draft, and the open case that already has it."""

    url: str
    key: str
    case: Case


def of_draft(case: Case, listings: Sequence[Listing] | None = None) -> list[FiledListing]:
    """Return the listings of a draft that are already filed, in the draft's order.

    ``listings`` are those of the draft in order, if the caller has read them. Makes one query, or two without them.
    """
    if listings is None:
        listings = list(case.listings.order_by("position"))
    if not listings:
        return []
    draft = {listing.canonical_key: listing.url for listing in listings}
    # ``is_open`` cannot be used: of two open cases with the same key (KeyClash), one has it unset.
    filed = (
        Listing.objects.filter(
            brand_id=case.brand_id,
            canonical_key__in=case.listings.values("canonical_key"),
            case__status__in=OPEN,
            case__submitted_at__isnull=False,
        )
        .exclude(case=case)
        .exclude(status=Listing.Status.LEFT_UP)
        .select_related("case")
        .order_by("-case__submitted_at", "case_id")
    )
    by_key = {listing.canonical_key: listing.case for listing in filed}
    return [
        FiledListing(url=url, key=key, case=by_key[key])
        for key, url in draft.items()
        if key in by_key
    ]
