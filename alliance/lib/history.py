"""Change history for models, written by database triggers (django-pghistory)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import pghistory
from django.db import models
from pghistory.models import Event

M = TypeVar("M")


class HistoryRow(Event):
    """The base of every history table. Its key has 64 bits; the library's has 32."""

    pgh_id = models.BigAutoField(primary_key=True)

    class Meta:
        abstract = True


def tracked(*, exclude: tuple[str, ...] = (), inserts: bool = True) -> Callable[[M], M]:
    """Keep every change of the decorated model in ``<Model>History``, SQL by hand included.

    ``exclude`` names columns that are never copied (secrets). ``inserts=False`` leaves out the first
    state, for big tables where the row itself tells it.
    """

    def decorate(model: Any) -> Any:
        trackers: list[Any] = [pghistory.UpdateEvent(), pghistory.DeleteEvent()]
        if inserts:
            trackers.insert(0, pghistory.InsertEvent())
        options: dict[str, Any] = {"exclude": list(exclude)} if exclude else {}
        name = f"{model.__name__}History"
        # The library's default name, "events", is taken by the timeline of cases.
        obj_field = pghistory.ObjForeignKey(related_name="history")
        options |= {"model_name": name, "obj_field": obj_field, "base_model": HistoryRow}
        return pghistory.track(*trackers, **options)(model)

    return decorate
