"""Emptying the database after a test with real transactions, in milliseconds instead of a second.

Django truncates every table, and PostgreSQL makes new files for each table and index. Here a few
hundred of them hold a few rows at most, so deleting those rows is what is quick. Foreign keys and the
triggers that refuse deletions are off meanwhile, which only a superuser may do: the test engines'
account is one; with any other the tests run as Django has them, slower.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.backends.postgresql.operations import DatabaseOperations

_truncate = DatabaseOperations.sql_flush


def sql_flush(
    self: DatabaseOperations, style: Any, tables: Iterable[str], **options: Any
) -> list[str]:
    """Return the statements that empty those of ``tables`` that have rows."""
    names = [self.quote_name(table) for table in tables]
    with self.connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if options.get("reset_sequences") or not cursor.fetchone()[0]:
            return _truncate(self, style, tables, **options)
        asked = " UNION ALL ".join(
            f"(SELECT {number} FROM {name} LIMIT 1)" for number, name in enumerate(names)
        )
        cursor.execute(asked)
        filled = [names[number] for (number,) in cursor.fetchall()]
    return [
        "SET LOCAL session_replication_role = replica",
        *(f"DELETE FROM {name}" for name in filled),
    ]


def install() -> None:
    """Put it in the place of Django's own for this test run."""
    DatabaseOperations.sql_flush = sql_flush  # type: ignore[method-assign]
