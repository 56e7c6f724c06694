"""Fill a database with many cases, to measure pages and query plans at the size the portal is built for.

    python -m benchmarks.fill --cases 1000000

PostgreSQL generates the rows; the services would take days. The database must be migrated and otherwise empty,
and its user must own the tables. The data are skewed, to show pages whose cost grows with the number of rows of
their owner: member 1 has 30 % of the cases and member 500 about twenty, seller 1 has 2 % of the cases, agency 1 has
60 % of the referrals and agency 20 has few. 6 % of the cases wait for a moderator. Names are in several scripts. A
case has five listings on average.

The rows are those that the services write, including timelines, decisions, strikes, updates and deliveries. There is
no change history, because its triggers are disabled while the tables are filled. Indexes, foreign keys and unique
constraints are dropped first and recreated at the end, which checks every row. Then the figures are published and
VACUUM ANALYZE runs.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import django

from benchmarks.fill_steps import BIG, FUNCTIONS, STEPS

_FOREIGN_KEYS_AND_UNIQUE = """
SELECT conrelid::regclass, quote_ident(conname), pg_get_constraintdef(oid)
  FROM pg_constraint
 WHERE conrelid = ANY(%s::regclass[]) AND contype IN ('f', 'u')
 ORDER BY contype DESC, conname
"""
_INDEXES = """
SELECT indexrelid::regclass, pg_get_indexdef(indexrelid)
  FROM pg_index
 WHERE indrelid = ANY(%s::regclass[])
   AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype <> 'f')
"""


def main() -> int:
    """Fill the database that DATABASE_URL names; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000)
    arguments = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alliance.settings")
    django.setup()
    from django.db import connection, transaction

    from cases.figures import impact
    from cases.models import Case
    from members.models import User

    if Case.objects.exists() or User.objects.exists():
        print("This database already contains rows. Set DATABASE_URL to an empty one.")
        return 1
    with transaction.atomic(), connection.cursor() as cursor:
        fill(cursor, arguments.cases)
    impact.publish_if_due()
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        timed("vacuum", cursor, "VACUUM ANALYZE")
    return 0


def fill(cursor: Any, cases: int) -> None:
    """Insert ``cases`` cases with all rows that belong to them. Must be called in a transaction."""
    prepare(cursor)
    with without_indexes(cursor, BIG):
        for name, sql in STEPS:
            timed(name, cursor, sql, {"cases": cases})


def prepare(cursor: Any) -> None:
    """Set the limits of the transaction, and create the functions that the steps use."""
    cursor.execute("SET LOCAL statement_timeout = 0")
    cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
    cursor.execute("SET LOCAL work_mem = '128MB'")
    # Executed without parameters, so a percent sign is not doubled.
    cursor.execute(FUNCTIONS.replace("%%", "%"))


@contextmanager
def without_indexes(cursor: Any, big: Sequence[str]) -> Iterator[None]:
    """Within the block, the tables ``big`` have no indexes, foreign keys and unique constraints, and no triggers."""
    tables = list(big)
    cursor.execute(_FOREIGN_KEYS_AND_UNIQUE, [tables])
    constraints = cursor.fetchall()
    cursor.execute(_INDEXES, [tables])
    indexes = cursor.fetchall()
    for table, name, _definition in constraints:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    for name, _definition in indexes:
        cursor.execute(f"DROP INDEX {name}")
    for table in tables:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    for _name, definition in indexes:
        timed(_index_name(definition), cursor, definition)
    for table, name, definition in constraints:
        sql = f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}"
        timed(name, cursor, sql)
    for table in tables:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def _index_name(definition: str) -> str:
    return definition.partition(" ON ")[0].rpartition(" ")[2]


def timed(name: str, cursor: Any, sql: str, parameters: Any = None) -> None:
    """Execute ``sql``, and print ``name`` and the time if it takes more than a second."""
    started = time.perf_counter()
    cursor.execute(sql, parameters)
    took = time.perf_counter() - started
    if took > 1:
        print(f"{name:<50.50} {took:7.1f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main())
