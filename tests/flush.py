"""Empties the database after transactional tests in milliseconds instead of a second.

Django truncates every table, which makes PostgreSQL create new files for each table and index. The
tables hold only a few rows, so deleting them is faster. The triggers that forbid deletion are ignored
meanwhile, and foreign keys are checked at the end of the transaction. For the tables that a test
filled with many rows, Django's own way is used.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.backends.postgresql.operations import DatabaseOperations

_truncate = DatabaseOperations.sql_flush

# Every deleted row is looked up in the tables that may refer to it.
MANY_ROWS = 500

_IGNORE_TRIGGERS = """
    SELECT set_config('pgtrigger.ignore', array_agg(tgname)::text, true) FROM pg_trigger WHERE NOT tgisinternal
"""


def sql_flush(
    self: DatabaseOperations, style: Any, tables: Iterable[str], **options: Any
) -> list[str]:
    """Return the statements that empty the tables which have rows."""
    names = [self.quote_name(table) for table in tables]
    if options.get("reset_sequences"):
        return _truncate(self, style, tables, **options)
    query = " UNION ALL ".join(
        f"SELECT {number}, count(*) FROM (SELECT FROM {name} LIMIT {MANY_ROWS}) AS rows"
        for number, name in enumerate(names)
    )
    with self.connection.cursor() as cursor:
        cursor.execute(query)
        rows = dict(cursor.fetchall())
    if max(rows.values(), default=0) == MANY_ROWS:
        return _truncate(self, style, tables, **options)
    filled = [names[number] for number, count in rows.items() if count]
    return [_IGNORE_TRIGGERS, *(f"DELETE FROM {name}" for name in filled)]


def install() -> None:
    """Replace Django's own implementation for this test run."""
    DatabaseOperations.sql_flush = sql_flush  # type: ignore[method-assign]
