"""A trigger that records when a row last changed."""

from __future__ import annotations

import pgtrigger


def touched(*columns: str) -> pgtrigger.Trigger:
    """Return the trigger that sets ``updated_at`` when one of ``columns`` is written with another value.

    The time is that of the statement, so a row that another transaction committed later can have an earlier time.
    """
    differs = " OR ".join(f'OLD."{name}" IS DISTINCT FROM NEW."{name}"' for name in columns)
    return pgtrigger.Trigger(
        name="touched",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition(differs),
        func="NEW.updated_at = clock_timestamp(); RETURN NEW;",
    )
