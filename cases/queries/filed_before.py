"""Listings of a draft that were filed before: in decided cases of the brand, or by other members."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.models import Case, Listing
from cases.states import Outcome, Status

# Cases that were decided and no longer prevent their listings from being filed.
_ENDED = (Status.REJECTED, Status.REINSTATED, Status.CLOSED)


@dataclass(frozen=True)
class DecidedListing:
    """A listing of the draft, and the latest decided case of the brand that had it.

    ``reappeared`` says that the listing had been removed.
    """

    url: str
    case: Case
    reappeared: bool

    @property
    def label(self) -> str:
        """What happened to the listing."""
        return _("It was removed and has reappeared") if self.reappeared else _("Decided before")


def decided(case: Case, listings: Sequence[Listing] | None = None) -> list[DecidedListing]:
    """Return the listings of a draft that decided cases of its brand had, in the draft's order.

    ``listings`` are those of the draft in order, if the caller has read them. Makes one query, or two without them.
    """
    if listings is None:
        listings = list(case.listings.order_by("position"))
    draft = {listing.canonical_key: listing.url for listing in listings}
    if not draft:
        return []
    ended = Q(case__status__in=_ENDED) | Q(
        status=Listing.Status.LEFT_UP, case__decided_at__isnull=False
    )
    rows = (
        Listing.objects.filter(ended, brand_id=case.brand_id, canonical_key__in=list(draft))
        .exclude(case=case.pk)
        .select_related("case")
        .order_by("canonical_key", "-case__decided_at", "-case_id")
        .distinct("canonical_key")
    )
    by_key = {row.canonical_key: row for row in rows}
    return [
        DecidedListing(url, by_key[key].case, _was_removed(by_key[key]))
        for key, url in draft.items()
        if key in by_key
    ]


def earlier_case(case: Case, listings: Sequence[Listing]) -> Case | None:
    """Return the case that a draft follows up if it follows none yet: the latest decided one with its ``listings``.

    Cases whose listings have reappeared come first. Makes one query.
    """
    found = decided(case, listings)
    reappeared = [one.case for one in found if one.reappeared]
    others = [one.case for one in found]
    return max(reappeared or others, key=lambda c: (c.decided_at, c.pk), default=None)


def by_other_members(case: Case) -> int:
    """Return the number of listings of a draft that other members have filed. Makes one query."""
    others = Listing.objects.filter(
        canonical_key=OuterRef("canonical_key"), case__submitted_at__isnull=False
    )
    others = others.exclude(case__member=case.member_id).exclude(case__status=Status.WITHDRAWN)
    return case.listings.filter(Exists(others)).count()


def others(count: int) -> str:
    """Return the sentence about ``count`` listings that other members have filed, or ``""``."""
    if not count:
        return ""
    text = ngettext(
        "Another member has already filed %(count)s of these listings. You can submit your case: each right is "
        "decided separately.",
        "Other members have already filed %(count)s of these listings. You can submit your case: each right is "
        "decided separately.",
        count,
    )
    return text % {"count": number_format(count, force_grouping=True)}


def _was_removed(listing: Listing) -> bool:
    return listing.case.outcome == Outcome.UPHELD and listing.status != Listing.Status.LEFT_UP
