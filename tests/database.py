"""All rows of several tables in one query, to see whether a call changed anything."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.db import connection


def rows(tables: Mapping[str, str], key: int) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of each table in the order of their keys.

    ``tables`` has an SQL condition for each table, in which ``%(key)s`` stands for ``key``.
    """
    selects = [
        f"SELECT '{table}', coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.id), '[]')"
        f" FROM {table} AS t WHERE {condition}"
        for table, condition in tables.items()
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(selects), {"key": key})
        return {table: json.loads(found) for table, found in cursor.fetchall()}
