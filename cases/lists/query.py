"""The query string of a list, which pages and forms carry to return to it."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import QueryDict


def only(text: str, names: Iterable[str]) -> str:
    """Return the parameters ``names`` of the untrusted query string ``text``, as a query string."""
    given, kept = QueryDict(text[:2000]), QueryDict(mutable=True)
    for name in names:
        if value := given.get(name):
            kept[name] = value
    return kept.urlencode()
