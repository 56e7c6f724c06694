"""Keyset pages: each page costs the same, however deep, because it starts from a row, not a count."""

from __future__ import annotations

import base64
import binascii
import json
import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Page(Generic[M]):
    """One page: the rows, and the cursors of its neighbours (``None`` where there is none)."""

    rows: list[M]
    next: str | None
    previous: str | None


def paginate(
    rows: QuerySet[M], *, order: tuple[str, ...], cursor: str | None, size: int = 50
) -> Page[M]:
    """Return the page of ``rows`` that the ``cursor`` of a former page points to.

    ``order`` names non-null fields, ``-`` for descending; the last must be unique. A cursor that is
    damaged or from elsewhere gives the first page, never an error.
    """
    backwards, values = _decode(cursor, len(order))
    ordering = tuple(_flip(name) for name in order) if backwards else order
    selection = rows.order_by(*ordering)
    if values is not None:
        try:
            selection = selection.filter(_beyond(ordering, values))
            found = list(selection[: size + 1])
        except (ValueError, TypeError, OverflowError, ValidationError):
            backwards, values = False, None
            found = list(rows.order_by(*order)[: size + 1])
    else:
        found = list(selection[: size + 1])
    more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    has_next, has_previous = (True, more) if backwards else (more, values is not None)
    return Page(
        rows=found,
        next=_encode("n", order, found[-1]) if found and has_next else None,
        previous=_encode("p", order, found[0]) if found and has_previous else None,
    )


def _flip(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _beyond(order: tuple[str, ...], values: list[Any]) -> Q:
    """Rows strictly after ``values``: (a > x) or (a = x and b > y) or …"""
    condition, equal = Q(), Q()
    for name, value in zip(order, values, strict=True):
        field, sign = (name[1:], "lt") if name.startswith("-") else (name, "gt")
        condition |= equal & Q(**{f"{field}__{sign}": value})
        equal &= Q(**{field: value})
    return condition


def _encode(direction: str, order: tuple[str, ...], row: Model) -> str:
    values = [getattr(row, name.lstrip("-")) for name in order]
    text = json.dumps([direction, *map(_plain, values)])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _plain(value: Any) -> Any:
    if isinstance(value, uuid.UUID):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def _decode(cursor: str | None, length: int) -> tuple[bool, list[Any] | None]:
    if not cursor:
        return False, None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        direction, *values = json.loads(base64.urlsafe_b64decode(padded))
    except (ValueError, TypeError, RecursionError, binascii.Error):
        return False, None
    if direction not in ("n", "p") or len(values) != length:
        return False, None
    return direction == "p", values
