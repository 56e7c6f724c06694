"""Objects related to a case: other cases of the seller, linked shops, the same evidence and listings.

For moderators and admins only, since the results include cases of other members.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Case as Choice
from django.db.models import Q, QuerySet, When

from cases.models import Case, Evidence, Listing, Seller, SellerIdentifier
from cases.queries import seller_history
from members.models import Brand

# Limits. The page links to the list of all cases of the seller.
CASES, SHOWN, MAX_LINKED = 50, 8, 12
# The number of the case's own listings or files to read: more than a case can have.
MAX_OWN = 2000


@dataclass(frozen=True)
class Related:
    """The objects related to a case, and its own listings and files.

    ``cases`` are other submitted cases against the seller, latest first; ``more`` says that there are others.
    ``brands`` are the other brands in ``cases``, with their numbers of cases. ``points`` are the seller's live
    strike points. ``linked`` are other sellers, each with an identifier that it shares with this one.
    ``evidence`` and ``listings`` are those of other cases with the same hash or key.
    """

    cases: list[Case]
    more: bool
    brands: list[tuple[Brand, int]]
    points: int
    linked: list[tuple[Seller, SellerIdentifier]]
    own_listings: list[Listing]
    own_evidence: list[Evidence]
    other_names: list[str]
    evidence: list[Evidence]
    listings: list[Listing]

    @property
    def upheld(self) -> int:
        """The number of ``cases`` decided against the seller."""
        return sum(case.is_upheld for case in self.cases)

    @property
    def shown(self) -> list[Case]:
        """The latest of ``cases``, for display."""
        return self.cases[:SHOWN]


def find_related(case: Case) -> Related:
    """Return the objects related to a submitted ``case``. The number of queries is constant.

    The case's own listings and files are included, since the same queries find them.
    """
    seller = case.seller
    assert seller is not None  # constraint: a submitted case names a seller
    filed = Case.objects.filter(submitted_at__isnull=False).exclude(pk=case.pk)
    others = list(
        filed.filter(seller=seller)
        .select_related("brand", "member")
        .order_by("-submitted_at", "-pk")[: CASES + 1]
    )
    more, others = len(others) > CASES, others[:CASES]
    keys = case.listings.order_by().values("canonical_key")
    listings = _own_first(case, Listing.objects.filter(canonical_key__in=keys))
    hashes = case.evidence.order_by().values("sha256")
    files = _own_first(case, Evidence.objects.filter(sha256__in=hashes).select_related("preview"))
    own = [listing for listing in listings if listing.case_id == case.pk]
    return Related(
        cases=others,
        more=more,
        brands=Counter(c.brand for c in others if c.brand_id != case.brand_id).most_common(),
        points=seller_history.points_of(case),
        linked=seller_history.linked(
            seller, limit=MAX_LINKED, values=seller_history.distinctive_of(case)
        ),
        other_names=seller_history.other_names_of(case),
        own_listings=sorted(own, key=lambda listing: listing.position),
        own_evidence=sorted(
            (file for file in files if file.case_id == case.pk), key=lambda file: file.uploaded_at
        ),
        evidence=[file for file in files if file.case_id != case.pk][:MAX_LINKED],
        listings=[listing for listing in listings if listing.case_id != case.pk][:MAX_LINKED],
    )


def _own_first(case: Case, rows: QuerySet[Any]) -> list[Any]:
    """Return the rows of ``case``, then those of other submitted cases, the latest case first."""
    is_other = Choice(When(case=case, then=0), default=1)
    rows = rows.filter(Q(case=case) | Q(case__submitted_at__isnull=False))
    rows = rows.select_related("case__brand", "case__seller").order_by(is_other, "-case", "pk")
    return list(rows[: MAX_OWN + MAX_LINKED])
