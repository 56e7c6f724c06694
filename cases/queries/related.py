"""What is related to a case: other cases of the seller, linked shops, the same evidence and listings.

For moderators and admins only, since the results include other members.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from cases.models import Case, Evidence, Listing, Seller, SellerIdentifier
from cases.queries import seller_history
from members.models import Brand

# Limits. The page links to the list of all cases of the seller.
CASES, SHOWN, MAX_LINKED = 50, 8, 12


@dataclass(frozen=True)
class Related:
    """``points`` are the seller's live strike points. ``more`` says that the seller has more ``cases``."""

    cases: list[Case]
    more: bool
    brands: list[tuple[Brand, int]]
    points: int
    linked: list[tuple[Seller, SellerIdentifier]]
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
    """Return what is related to a submitted ``case``, in a constant number of queries."""
    seller = case.seller
    assert seller is not None  # constraint: a submitted case names a seller
    filed = Case.objects.filter(submitted_at__isnull=False).exclude(pk=case.pk)
    others = list(
        filed.filter(seller=seller)
        .select_related("brand", "member")
        .order_by("-submitted_at", "-pk")[: CASES + 1]
    )
    more, others = len(others) > CASES, others[:CASES]
    return Related(
        cases=others,
        more=more,
        brands=Counter(c.brand for c in others if c.brand_id != case.brand_id).most_common(),
        points=seller_history.live_points(seller),
        linked=seller_history.linked(seller, limit=MAX_LINKED),
        other_names=list(seller.other_names.values_list("name", flat=True)[:MAX_LINKED]),
        evidence=list(
            Evidence.objects.filter(
                sha256__in=case.evidence.values("sha256"), case__submitted_at__isnull=False
            )
            .exclude(case=case)
            .select_related("case__brand", "case__seller")
            .order_by("-uploaded_at")[:MAX_LINKED]
        ),
        listings=list(
            Listing.objects.filter(
                canonical_key__in=case.listings.values("canonical_key"),
                case__submitted_at__isnull=False,
            )
            .exclude(case=case)
            .select_related("case__brand")
            .order_by("-case_id", "position")[:MAX_LINKED]
        ),
    )
