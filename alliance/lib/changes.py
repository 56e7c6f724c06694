"""A readable change history of one row: who changed which field, when, and from what to what.

Reads the rows written by the triggers of :mod:`alliance.lib.history`. The number of queries does not depend on the
number of changes.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Field, Model, QuerySet
from django.utils import formats, timezone
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib import text

NOTHING = "–"
MAX_LENGTH = 300

ACTIONS = {
    "insert": gettext_lazy("Added"),
    "update": gettext_lazy("Changed"),
    "delete": gettext_lazy("Deleted"),
}

Names = dict[tuple[type[Model], Any], str]


@dataclass(frozen=True)
class FieldChange:
    """The change of one field, formatted for display."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Change:
    """One row of the history. ``who`` is empty if the change was not made through a page of the portal.

    ``unknown`` is true if the previous state was not recorded, so ``fields`` is empty.
    """

    at: datetime
    action: str
    who: str
    where: str
    fields: list[FieldChange]
    unknown: bool


def is_tracked(model: type[Model]) -> bool:
    """Return whether changes of ``model`` are recorded."""
    return hasattr(model, "pgh_event_model")


def rows_of(model: type[Model], pk: Any) -> QuerySet[Any]:
    """Return the history rows of one object, newest first. The object may have been deleted.

    Returns an empty queryset if the model is not tracked.
    """
    if not is_tracked(model):
        return model._base_manager.none()
    event_model: Any = model.pgh_event_model  # type: ignore[attr-defined]
    rows: QuerySet[Any] = event_model.objects.filter(pgh_obj_id=pk)
    return rows.select_related("pgh_context").order_by("-pgh_id")


def latest(obj: Model) -> Any | None:
    """Return the newest history row of ``obj``, or ``None``."""
    return rows_of(type(obj), obj.pk).first()


def describe(rows: Sequence[Any]) -> list[Change]:
    """Return a change for each of ``rows`` (newest first) except the last, which is only used for comparison.

    The caller passes one row more than it displays, or ``None`` as the last row at the start of the history.
    """
    pairs = [(row, before) for row, before in pairwise(rows) if row is not None]
    if not pairs:
        return []
    fields = _fields(type(pairs[0][0]))
    names = _names(fields, [row for pair in pairs for row in pair if row is not None])
    people = _people([row for row, _before in pairs])
    return [_change(row, before, fields, names, people) for row, before in pairs]


def _change(
    row: Any, before: Any, fields: list[Field[Any, Any]], names: Names, people: dict[Any, str]
) -> Change:
    context = row.pgh_context.metadata if row.pgh_context else {}
    inserted = row.pgh_label == "insert"
    changed = []
    if before is not None or inserted:
        for field in fields:
            old = _value(before, field) if before is not None and not inserted else None
            new = _value(row, field)
            if (inserted and new not in (None, "", [])) or (not inserted and old != new):
                changed.append(
                    FieldChange(
                        label=str(capfirst(field.verbose_name)),
                        old=_formatted(field, old, names),
                        new=_formatted(field, new, names),
                    )
                )
    user = context.get("user")
    return Change(
        at=row.pgh_created_at,
        action=str(ACTIONS.get(row.pgh_label, row.pgh_label)),
        who=people.get(user, f"#{user}") if user else "",
        where=str(context.get("url") or ""),
        fields=[] if row.pgh_label == "delete" else changed,
        unknown=before is None and row.pgh_label == "update",
    )


def _fields(event_model: type[Model]) -> list[Field[Any, Any]]:
    """Return the fields of the tracked model that the history has, without the primary key."""
    tracked: Any = event_model.pgh_tracked_model  # type: ignore[attr-defined]
    kept = {field.attname for field in event_model._meta.concrete_fields}
    return [f for f in tracked._meta.concrete_fields if f.attname in kept and not f.primary_key]


def _value(row: Any, field: Field[Any, Any]) -> Any:
    return getattr(row, field.attname)


def _names(fields: list[Field[Any, Any]], rows: list[Any]) -> Names:
    """Return the names of the objects that foreign keys in ``rows`` refer to, with one query per model."""
    wanted: dict[type[Model], set[Any]] = defaultdict(set)
    for field in fields:
        if field.is_relation:
            values = {_value(row, field) for row in rows} - {None}
            wanted[field.related_model].update(values)  # type: ignore[index]
    return {
        (model, pk): str(found)
        for model, keys in wanted.items()
        if keys
        for pk, found in model._base_manager.in_bulk(list(keys)).items()
    }


def _people(rows: list[Any]) -> dict[Any, str]:
    keys = {row.pgh_context.metadata.get("user") for row in rows if row.pgh_context} - {None}
    if not keys:
        return {}
    return {
        pk: str(user) for pk, user in get_user_model()._base_manager.in_bulk(list(keys)).items()
    }


def _formatted(field: Field[Any, Any], value: Any, names: Names) -> str:
    if value is None or value == "" or value == []:
        return NOTHING
    if field.is_relation:
        model: Any = field.related_model
        return names.get((model, value), f"#{value}")
    if show := getattr(field.model, "history_shows", {}).get(field.name):
        return str(show(value))
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        formatted = formats.date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
    elif isinstance(value, list):
        formatted = text.join(value)
    elif isinstance(value, dict):
        formatted = json.dumps(value, ensure_ascii=False)
    else:
        formatted = str(dict(field.flatchoices).get(value) or _plain(value))
    return Truncator(formatted).chars(MAX_LENGTH)


def _plain(value: Any) -> str:
    if isinstance(value, int | float | Decimal):
        return formats.number_format(value, force_grouping=True)
    return str(formats.localize(value))
