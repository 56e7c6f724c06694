"""Empties the database after transactional tests in milliseconds instead of a second.

Django truncates every table, which makes PostgreSQL create new files for each table and index. The
tables hold only a few rows, so deleting them is faster. Foreign keys and the triggers that forbid
deletion are disabled meanwhile, which needs a superuser; without one, Django's own way is used.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.backends.postgresql.operations import DatabaseOperations

_truncate = DatabaseOperations.sql_flush


def sql_flush(
    self: DatabaseOperations, style: Any, tables: Iterable[str], **options: Any
) -> list[str]:
    """Return the statements that empty the tables which have rows."""
    names = [self.quote_name(table) for table in tables]
    with self.connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if options.get("reset_sequences") or not cursor.fetchone()[0]:
            return _truncate(self, style, tables, **options)
        query = " UNION ALL ".join(
            f"(SELECT {number} FROM {name} LIMIT 1)" for number, name in enumerate(names)
        )
        cursor.execute(query)
        filled = [names[number] for (number,) in cursor.fetchall()]
    return [
        "SET LOCAL session_replication_role = replica",
        *(f"DELETE FROM {name}" for name in filled),
    ]


def install() -> None:
    """Replace Django's own implementation for this test run."""
    DatabaseOperations.sql_flush = sql_flush  # type: ignore[method-assign]
