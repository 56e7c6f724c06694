"""Sweeps over many URLs in a few tests, which share their personas and logins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from typing import Any, TypeVar

import pytest
from django.db import connection, transaction
from django.test import Client

T = TypeVar("T")

SIZE = 12


def batches(things: Iterable[T]) -> list[Any]:
    """Return the parameters of a test: lists of up to :data:`SIZE` things, each named by its number."""
    every = list(things)
    starts = range(0, len(every), SIZE)
    return [pytest.param(every[at : at + SIZE], id=f"batch {at // SIZE + 1}") for at in starts]


@contextmanager
def undone(client: Client | None = None) -> Iterator[None]:
    """Undo the block's changes of the database, also after a database error, and of the cookies of ``client``."""
    point = transaction.savepoint()
    cookies = SimpleCookie(client.cookies) if client else None
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)
        connection.needs_rollback = False
        if client and cookies is not None:
            client.cookies = cookies
