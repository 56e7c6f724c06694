"""Keyset pagination: the cost of a page does not depend on its position."""

from __future__ import annotations

import base64
import binascii
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from operator import attrgetter
from typing import Any, Generic, TypeVar

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import DateTimeField, Field, Model, Q, QuerySet
from django.utils.dateparse import parse_datetime

M = TypeVar("M", bound=Model)
Row = TypeVar("Row")

# Valid years in cursors. Rows use year 9999 for "never"; other years may overflow when converted to UTC.
_YEARS = range(1900, 10_000)
_MAX_TEXT_LENGTH = 2000


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page: the rows, and the cursors of the next and the previous page or ``None``."""

    rows: list[Row]
    next: str | None
    previous: str | None


def paginate(
    rows: QuerySet[M], *, order: tuple[str, ...], cursor: str | None, size: int = 50
) -> Page[M]:
    """Return the page of ``rows`` at ``cursor``, or the first page.

    ``order`` lists non-null fields, with ``-`` for descending; the last one must be unique. An invalid cursor gives
    the first page.
    """
    return paginate_merged([rows], order=order, cursor=cursor, size=size)


def paginate_merged(
    parts: Sequence[QuerySet[Any]], *, order: tuple[str, ...], cursor: str | None, size: int = 50
) -> Page[Any]:
    """Return the page of the rows of all ``parts``, merged in ``order``. It is one query for each part.

    Each part has the fields of ``order``, which are dates and numbers: PostgreSQL and Python sort them alike. No two
    rows of different parts have equal values of all of them. Otherwise as :func:`paginate`.
    """
    backwards, values = _decode(parts[0], order, cursor)
    ordering = reversed_order(order) if backwards else order
    found: list[Any] = []
    for rows in parts:
        selection = rows.order_by(*ordering)
        if values is not None:
            selection = selection.filter(_beyond(ordering, values))
        found += selection[: size + 1]
    if len(parts) > 1:
        for name in reversed(ordering):  # sort() is stable
            found.sort(key=attrgetter(name.lstrip("-")), reverse=name.startswith("-"))
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


def reversed_order(order: tuple[str, ...]) -> tuple[str, ...]:
    """Return the opposite of ``order``."""
    return tuple(_flip(name) for name in order)


def beyond(order: tuple[str, ...], row: Model) -> Q | None:
    """Return the condition for the rows strictly after ``row``; ``None`` if ``row`` lacks a value of ``order``."""
    values = [getattr(row, name.lstrip("-")) for name in order]
    return None if None in values else _beyond(order, values)


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


def _decode(
    rows: QuerySet[M], order: tuple[str, ...], cursor: str | None
) -> tuple[bool, list[Any] | None]:
    """Return whether the cursor points backwards, and its values or ``None`` if it is invalid."""
    if not cursor:
        return False, None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        direction, *values = json.loads(base64.urlsafe_b64decode(padded))
        if direction not in ("n", "p") or len(values) != len(order):
            return False, None
        cleaned = [
            _clean(_field(rows, name.lstrip("-")), value)
            for name, value in zip(order, values, strict=True)
        ]
    except (ValueError, TypeError, OverflowError, RecursionError, binascii.Error, ValidationError):
        return False, None
    return direction == "p", cleaned


def _field(rows: QuerySet[M], name: str) -> Field[Any, Any]:
    """Return the field of ``rows`` called ``name``: an annotation, or a field of the model or a related one."""
    if name in rows.query.annotations:
        field: Field[Any, Any] = rows.query.annotations[name].output_field
        return field
    model: Any = rows.model
    *path, last = name.split("__")
    for step in path:
        model = model._meta.get_field(step).related_model
    try:
        found: Field[Any, Any] = model._meta.get_field(last)
    except FieldDoesNotExist:
        if last != "pk":
            raise
        found = model._meta.pk
    return found


def _clean(field: Field[Any, Any], value: Any) -> Any:
    """Return ``value`` converted by ``field``. Raises one of several errors if it is invalid."""
    if value is None or isinstance(value, list | dict):
        raise ValueError("invalid value")
    if isinstance(field, DateTimeField):
        timestamp = parse_datetime(str(value))
        if timestamp is None or timestamp.tzinfo is None:
            raise ValueError("invalid timestamp")
    cleaned = field.to_python(value)
    if isinstance(cleaned, str):
        cleaned.encode()  # raises for lone surrogates, which PostgreSQL does not store
        if "\0" in cleaned or len(cleaned) > _MAX_TEXT_LENGTH:
            raise ValueError("invalid text")
    moment = cleaned.astimezone(UTC) if isinstance(cleaned, datetime) else cleaned
    if isinstance(moment, date) and moment.year not in _YEARS:
        raise ValueError("invalid date")
    return cleaned


def is_cursor(rows: QuerySet[M], *, order: tuple[str, ...], cursor: str) -> bool:
    """Return whether ``cursor`` comes from a list in this ``order``."""
    return _decode(rows, order, cursor)[1] is not None
