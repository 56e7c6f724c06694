"""Restores the database after transactional tests in milliseconds instead of a second.

Django truncates every table, which makes PostgreSQL create new files for each table and index, and then creates
permissions and content types again. Here a function in the database deletes the rows instead, and restores those that
the migrations create from a copy in the schema ``baseline``. The triggers that forbid deletion are ignored meanwhile,
and foreign keys are checked at the end of the transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.management import create_contenttypes
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations
from django.db.models.signals import post_migrate

_truncate = DatabaseOperations.sql_flush

# Every deleted row is looked up in the tables that may refer to it. With more rows than this, tables are truncated.
MANY_ROWS = 500

_FUNCTION = """
    CREATE FUNCTION baseline.restore() RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM set_config('pgtrigger.ignore', array_agg(tgname)::text, true) FROM pg_trigger WHERE NOT tgisinternal;
        IF {many} THEN
            TRUNCATE {tables};
        ELSE
            {delete}
        END IF;
        {restore}
    END $$
"""
# Only the rows that a test has changed: there are hundreds of permissions.
_RESTORE = """
    DELETE FROM {table} AS now WHERE now::text NOT IN (SELECT kept::text FROM baseline.{table} AS kept);
    INSERT INTO {table} SELECT kept.* FROM baseline.{table} AS kept
     WHERE kept::text NOT IN (SELECT now::text FROM {table} AS now);
"""


def install() -> None:
    """Copy the rows of the migrated database and replace Django's own implementation for this test run."""
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    tables = [connection.ops.quote_name(name) for name in sorted(names)]
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS baseline CASCADE")  # left by --reuse-db
        cursor.execute("CREATE SCHEMA baseline")
        filled = [table for table in tables if _has_rows(cursor, table)]
        for table in filled:
            cursor.execute(f"CREATE TABLE baseline.{table} AS TABLE {table}")
        cursor.execute(_function([table for table in tables if table not in filled], filled))
    DatabaseOperations.sql_flush = _sql_flush  # type: ignore[method-assign]
    post_migrate.disconnect(create_contenttypes)
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")


def _has_rows(cursor: Any, table: str) -> bool:
    cursor.execute(f"SELECT EXISTS (SELECT FROM {table})")
    return bool(cursor.fetchone()[0])


def _function(empty: list[str], filled: list[str]) -> str:
    return _FUNCTION.format(
        many=" OR ".join(f"EXISTS (SELECT FROM {table} OFFSET {MANY_ROWS})" for table in empty),
        tables=", ".join(empty),
        delete=" ".join(f"DELETE FROM {table};" for table in empty),
        restore="".join(_RESTORE.format(table=table) for table in filled),
    )


def _sql_flush(
    self: DatabaseOperations, style: Any, tables: Iterable[str], **options: Any
) -> list[str]:
    """Return the statement that restores the migrated database."""
    if options.get("reset_sequences"):
        return _truncate(self, style, tables, **options)
    return ["SELECT baseline.restore()"]
