"""Identifiers of sellers that a member has stated in its cases."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from cases.models import Case, StatedIdentifier
from cases.queries.seller_history import MAX_OWN, Identifier


def of_case(case: Case) -> list[Identifier]:
    """Return the kinds and values that ``case`` states, in order. Makes one query."""
    rows = StatedIdentifier.objects.filter(case=case.pk).order_by("kind", "value")
    return list(rows.values_list("kind", "value"))


def in_cases() -> Any:
    """Return the expression for an annotation of cases; :func:`rows` makes rows of it."""
    stated = StatedIdentifier.objects.filter(case=OuterRef("pk")).order_by("kind", "value")
    return ArraySubquery(stated.values_list(JSONObject(kind="kind", value="value"), flat=True))


def rows(annotated: list[dict[str, str]]) -> list[StatedIdentifier]:
    """Return unsaved rows for display from the value of :func:`in_cases`."""
    return [StatedIdentifier(**one) for one in annotated]


def known_to_member(case: Case) -> list[StatedIdentifier]:
    """Return what other submitted cases of the member state about the seller of a draft, for display.

    Makes at most one query. The limit is :data:`MAX_OWN`.
    """
    if case.seller_id is None:
        return []
    filed = Case.objects.filter(
        seller=case.seller_id, member=case.member_id, submitted_at__isnull=False
    )
    stated = StatedIdentifier.objects.filter(case__in=filed.exclude(pk=case.pk))
    pairs = stated.order_by("kind", "value").values_list("kind", "value").distinct()
    return [StatedIdentifier(kind=kind, value=value) for kind, value in pairs[:MAX_OWN]]
