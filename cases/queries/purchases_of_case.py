"""The test purchases that support a case, for its moderators."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from cases.models import Case, Evidence, TestPurchase, TestPurchaseFile

# A case is about one seller, so more are rare.
SHOWN = 20


def find(case: Case, evidence: Iterable[Evidence]) -> list[tuple[TestPurchase, list[Evidence]]]:
    """Return the purchases, each with those files of the case's ``evidence`` that belong to it. Makes one query."""
    files = TestPurchaseFile.objects.filter(purchase=OuterRef("pk")).values("sha256")
    rows = TestPurchase.objects.filter(in_cases__case=case).annotate(hashes=ArraySubquery(files))
    own = list(evidence)
    return [
        (purchase, [file for file in own if file.sha256 in set(purchase.hashes)])
        for purchase in rows.order_by("pk")[:SHOWN]
    ]
