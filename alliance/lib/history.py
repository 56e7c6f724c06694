"""Change history for models, written by database triggers (django-pghistory)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import pghistory
import pgtrigger
from django.db import models, transaction
from pghistory.models import Event

M = TypeVar("M")


class HistoryRow(Event):
    """Base class of history tables, with a 64-bit key. The library's key has 32 bits."""

    pgh_id = models.BigAutoField(primary_key=True)

    class Meta:
        abstract = True


def tracked(*, exclude: tuple[str, ...] = (), inserts: bool = True) -> Callable[[M], M]:
    """Record every change of the decorated model in ``<Model>History``, including changes by plain SQL.

    ``exclude`` names columns that are not copied, such as secrets. ``inserts=False`` does not record insertions, for
    large tables whose rows rarely change.
    """

    def decorate(model: Any) -> Any:
        trackers: list[Any] = [pghistory.UpdateEvent(), pghistory.DeleteEvent()]
        if inserts:
            trackers.insert(0, pghistory.InsertEvent())
        options: dict[str, Any] = {"exclude": list(exclude)} if exclude else {}
        name = f"{model.__name__}History"
        # The default related name, "events", is used by the timeline of cases.
        obj_field = pghistory.ObjForeignKey(related_name="history")
        options |= {"model_name": name, "obj_field": obj_field, "base_model": HistoryRow}
        return pghistory.track(*trackers, **options)(model)

    return decorate


def forget(model: type[models.Model], keys: Iterable[Any]) -> None:
    """Delete the history of deleted rows that were never a record, such as drafts of people outside the portal.

    History is append-only otherwise. ``keys`` are the primary keys that the rows had.
    """
    table: Any = model.pgh_event_model  # type: ignore[attr-defined]
    with transaction.atomic(), pgtrigger.ignore(f"{table._meta.label}:append_only"):
        table._default_manager.filter(pgh_obj_id__in=list(keys)).delete()
