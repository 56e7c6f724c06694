"""The change history of one row, made readable: who changed which field, when, from what to what.

Reads what the triggers of :mod:`alliance.lib.history` wrote. What a page shows costs the same number of
queries however many changes are on it.
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

NOTHING = "–"
LONGEST = 300

ACTIONS = {
    "insert": gettext_lazy("Added"),
    "update": gettext_lazy("Changed"),
    "delete": gettext_lazy("Deleted"),
}

Names = dict[tuple[type[Model], Any], str]


@dataclass(frozen=True)
class FieldChange:
    """One field, as people read it."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Change:
    """One row of the history. ``who`` is empty when it did not come through a page of the portal.

    ``unknown`` says that the state before was never recorded, so that ``fields`` cannot be told.
    """

    at: datetime
    action: str
    who: str
    where: str
    fields: list[FieldChange]
    unknown: bool


def is_tracked(model: type[Model]) -> bool:
    """Say whether changes of ``model`` are recorded."""
    return hasattr(model, "pgh_event_model")


def rows_of(model: type[Model], pk: Any) -> QuerySet[Any]:
    """Return the recorded rows of one object, newest first; it may have been deleted since.

    There are none of a model that is not tracked.
    """
    if not is_tracked(model):
        return model._base_manager.none()
    event_model: Any = model.pgh_event_model  # type: ignore[attr-defined]
    rows: QuerySet[Any] = event_model.objects.filter(pgh_obj_id=pk)
    return rows.select_related("pgh_context").order_by("-pgh_id")


def latest(obj: Model) -> Any | None:
    """Return the newest recorded row of ``obj``; ``None`` when there is none."""
    return rows_of(type(obj), obj.pk).first()


def describe(rows: Sequence[Any]) -> list[Change]:
    """Return a change for each of ``rows`` (newest first) but the last, which is only compared with.

    The caller hands in one row more than it shows, or ends the list with ``None`` where history begins.
    """
    shown = [(row, before) for row, before in pairwise(rows) if row is not None]
    if not shown:
        return []
    fields = _fields(type(shown[0][0]))
    names = _names(fields, [row for pair in shown for row in pair if row is not None])
    people = _people([row for row, _before in shown])
    return [_change(row, before, fields, names, people) for row, before in shown]


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
                        old=_shown(field, old, names),
                        new=_shown(field, new, names),
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
    """The tracked model's own fields, as far as the history has them, the key left out."""
    tracked: Any = event_model.pgh_tracked_model  # type: ignore[attr-defined]
    kept = {field.attname for field in event_model._meta.concrete_fields}
    return [f for f in tracked._meta.concrete_fields if f.attname in kept and not f.primary_key]


def _value(row: Any, field: Field[Any, Any]) -> Any:
    return getattr(row, field.attname)


def _names(fields: list[Field[Any, Any]], rows: list[Any]) -> Names:
    """Look up what the foreign keys in ``rows`` point to: one query for each model."""
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


def _shown(field: Field[Any, Any], value: Any, names: Names) -> str:
    if value is None or value == "" or value == []:
        return NOTHING
    if field.is_relation:
        model: Any = field.related_model
        return names.get((model, value), f"#{value}")
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        text = formats.date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
    elif isinstance(value, list):
        text = ", ".join(str(item) for item in value)
    elif isinstance(value, dict):
        text = json.dumps(value, ensure_ascii=False)
    else:
        text = str(dict(field.flatchoices).get(value) or _plain(value))
    return Truncator(text).chars(LONGEST)


def _plain(value: Any) -> str:
    if isinstance(value, int | float | Decimal):
        return formats.number_format(value, force_grouping=True)
    return str(formats.localize(value))
