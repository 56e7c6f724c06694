"""The marketplaces and the reasons for rejections as choices of filters, read with one query."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, F, Value
from django.db.models.functions import Cast

from cases.models import Marketplace, ReasonCode

Choices = list[tuple[str, str]]
_COLUMNS = ("is_reason", "key", "words", "words_zh", "place", "rank")


def marketplaces_and_reasons() -> tuple[Choices, Choices]:
    """Return the marketplaces by slug and the reasons for rejections by code, named in the active language."""
    empty = Value("", output_field=CharField())
    reasons: Any = ReasonCode.objects.filter(use=ReasonCode.Use.REJECT).order_by()
    reasons = reasons.annotate(
        is_reason=Value(value=True),
        key=F("code"),
        words=F("label"),
        words_zh=F("label_zh"),
        place=empty,
        rank=F("position"),
    )
    markets: Any = Marketplace.objects.order_by()
    markets = markets.annotate(
        is_reason=Value(value=False),
        key=F("slug"),
        words=F("name"),
        words_zh=F("name_local"),
        place=Cast("country", CharField()),
        rank=Value(0),
    )
    rows = markets.values_list(*_COLUMNS).union(reasons.values_list(*_COLUMNS), all=True)
    found: tuple[Choices, Choices] = ([], [])
    for is_reason, key, words, chinese, place, _rank in rows.order_by("rank", "words", "key"):
        if is_reason:
            found[1].append((key, str(ReasonCode(label=words, label_zh=chinese))))
        else:
            one = Marketplace(name=words, name_local=chinese, country=place)
            found[0].append((key, one.shown_name))
    return found
