"""The test purchases that support a case, and the cases that a test purchase supports."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q

from alliance.lib import counts
from cases.models import Case, Evidence, PurchaseInCase, TestPurchase, TestPurchaseFile
from cases.states import TAKES_ADDITIONS

# A case is about one seller, so more are rare.
SHOWN = 20
# More cases and drafts of a brand against one seller are rare.
CASES = 50


def support() -> Exists:
    """Return whether a test purchase supports a case, as an annotation of cases."""
    return Exists(PurchaseInCase.objects.filter(case=OuterRef("pk")))


def find(case: Case, evidence: Iterable[Evidence]) -> list[tuple[TestPurchase, list[Evidence]]]:
    """Return the purchases, each with those files of the case's ``evidence`` that belong to it. Makes one query."""
    files = TestPurchaseFile.objects.filter(purchase=OuterRef("pk")).values("sha256")
    rows = TestPurchase.objects.filter(in_cases__case=case).annotate(hashes=ArraySubquery(files))
    own = list(evidence)
    return [
        (purchase, [file for file in own if file.sha256 in set(purchase.hashes)])
        for purchase in rows.order_by("pk")[:SHOWN]
    ]


def cases_for(purchase: TestPurchase, hashes: Sequence[str]) -> list[Any]:
    """Return the latest cases that the purchase supports or could support, with ``is_linked`` and ``is_complete``.

    ``hashes`` are those of the purchase's files: a case is complete if all of them are its evidence. Makes one query.
    """
    linked = PurchaseInCase.objects.filter(case=OuterRef("pk"), purchase=purchase)
    known = Evidence.objects.filter(case=OuterRef("pk"), sha256__in=hashes)
    same = Case.objects.filter(
        member=purchase.member_id, brand=purchase.brand_id, seller=purchase.seller_id
    )
    rows: Any = same.annotate(is_linked=Exists(linked), known=counts.Number(known.values("pk")))
    rows = (
        rows.without_discarded()
        .filter(Q(is_linked=True) | Q(status__in=TAKES_ADDITIONS))
        .order_by("-pk")[:CASES]
    )
    found: list[Any] = list(rows)
    for case in found:
        case.is_complete = case.is_linked and case.known == len(hashes)
    return found
