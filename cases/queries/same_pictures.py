"""Other cases with the same picture: similar perceptual hashes, also if it was turned, mirrored or cropped a little."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.expressions import RawSQL

from alliance.lib import similar
from cases.models import Case, Evidence, Preview
from cases.states import Status

# Cases to show, and the number from which the page says “more than”.
SHOWN, AT_MOST = 8, 50


@dataclass(frozen=True)
class SamePictures:
    """``cases`` are other cases with one of the pictures, the latest first; ``more`` says that there are others."""

    cases: list[Case]
    more: bool

    @property
    def shown(self) -> list[Case]:
        return self.cases[:SHOWN]

    @property
    def hidden(self) -> list[Case]:
        return self.cases[SHOWN:]


NONE = SamePictures([], more=False)


def are_hashed() -> Exists:
    """Return whether a case has a hashed picture, as an annotation of cases. Without one, there are no same pictures."""
    return Exists(Preview.objects.filter(evidence__case=OuterRef("pk")).exclude(pdq=""))


def for_moderators(case: Case) -> SamePictures:
    """Return the submitted cases of all members with a picture of ``case``. Makes one query."""
    return _found(case, Case.objects.filter(submitted_at__isnull=False))


def for_member(case: Case) -> SamePictures:
    """Return the cases of the same member with a picture of ``case``, drafts included. Makes one query."""
    return _found(
        case,
        Case.objects.filter(member=case.member_id).exclude(
            submitted_at=None, status=Status.WITHDRAWN
        ),
    )


def other_pictures(case: Case) -> RawSQL:
    """Return the ids of pictures of other cases that are the same as one of ``case``, as a subquery."""
    return RawSQL(_SAME, (case.pk, similar.MAX_DISTANCE))  # noqa: S611  (the text is constant)


def _found(case: Case, among: QuerySet[Case]) -> SamePictures:
    pictures = Evidence.objects.filter(pk__in=other_pictures(case))
    rows = among.exclude(pk=case.pk).filter(pk__in=pictures.values("case"))
    found = list(rows.select_related("brand", "seller").order_by("-pk")[: AT_MOST + 1])
    return SamePictures(found[:AT_MOST], more=len(found) > AT_MOST)


# The index finds the pictures that have a band in common with a form of one of the case's own; the distance decides.
# ``bands`` of the eight forms are computed here from their digits, as alliance.lib.similar.bands does.
_SAME = """
WITH own AS MATERIALIZED (
SELECT preview.evidence_id, preview.forms,
       (SELECT array_agg(band << 16 | ('x' || substr(form, band * 4 + 1, 4))::bit(16)::int)
          FROM unnest(preview.forms) AS form, generate_series(0, 15) AS band) AS keys
  FROM cases_preview AS preview JOIN cases_evidence AS evidence ON evidence.id = preview.evidence_id
 WHERE evidence.case_id = %s AND preview.pdq > '')
SELECT other.evidence_id
  FROM own CROSS JOIN LATERAL (
SELECT preview.evidence_id, preview.pdq FROM cases_preview AS preview WHERE preview.bands && own.keys OFFSET 0) AS other
 WHERE EXISTS (SELECT FROM unnest(own.forms) AS form
                WHERE bit_count(('x' || form)::bit(256) # ('x' || other.pdq)::bit(256)) <= %s)
"""
