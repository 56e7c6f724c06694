"""Suggestions for filers and moderators: contacts found in a case's pictures, neither confirmed nor rejected."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from cases.models import Case, Evidence, FoundContact, SellerIdentifier, StatedIdentifier

# The number of rows that are read for a page. A case has at most 50 files.
AT_MOST = 300


@dataclass(frozen=True)
class Suggestion:
    """A contact, as read with the highest confidence, and the pictures of the case that show it."""

    contact: FoundContact
    pictures: list[Evidence]

    @property
    def percent(self) -> int:
        """The confidence in percent, rounded down."""
        return int(self.contact.confidence * 100)


def in_draft(case: Case) -> list[Suggestion]:
    """Return the suggestions for a draft, without what it states already. Makes one query; none if reading is off."""
    stated = StatedIdentifier.objects.filter(case=case.pk)
    return _suggestions(case, stated)


def for_moderators(case: Case) -> list[Suggestion]:
    """Return the suggestions for a submitted case, without what its seller has already. Queries as :func:`in_draft`."""
    return _suggestions(case, SellerIdentifier.objects.filter(seller=case.seller_id))


def _suggestions(
    case: Case, known: QuerySet[StatedIdentifier] | QuerySet[SellerIdentifier]
) -> list[Suggestion]:
    if not settings.OCR_ENABLED:
        return []
    same = known.filter(kind=OuterRef("kind"), value=OuterRef("value"))
    rows = FoundContact.objects.filter(
        ~Exists(same), evidence__case=case.pk, state=FoundContact.State.PROPOSED
    )
    found: dict[tuple[str, str], Suggestion] = {}
    ordered = rows.select_related("evidence__preview").order_by(
        "kind", "value", "-confidence", "pk"
    )
    for row in ordered[:AT_MOST]:
        one = found.setdefault((row.kind, row.value), Suggestion(row, []))
        one.pictures.append(row.evidence)
    return list(found.values())
