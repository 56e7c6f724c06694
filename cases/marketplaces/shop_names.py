"""Search for shops by part of their name, with an index of bigrams.

A trigram index requires an extension, and full-text search does not split Chinese or Japanese into words. So the
characters and bigrams of a name are stored in an array with a GIN index. A name that contains the search text also
contains its bigrams.
"""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from alliance.lib.computed import ComputedField
from cases.marketplaces import shops


def fold(text: str) -> str:
    """Return ``text`` with case folded, and with width, hyphens and spaces normalised by :func:`shops.plain`."""
    return shops.plain(shops.plain(text).casefold())


def pieces(text: str) -> set[str]:
    """Return the characters and the bigrams of each word of the folded ``text``."""
    found = set()
    for word in fold(text).split():
        found |= set(word) | {word[at : at + 2] for at in range(len(word) - 1)}
    return found


def matching(words: str) -> Q:
    """Return the condition that a seller's name or ID contains ``words``. No seller matches if they are blank."""
    folded = fold(words)
    pairs = [piece for piece in pieces(words) if len(piece) == 2]
    single = [word for word in folded.split() if len(word) == 1]
    if not folded:
        return Q(pk__in=())
    # The second condition uses the index, the first one checks its results.
    contains = Q(name_key__contains=folded) | Q(external_id__icontains=folded)
    return contains & Q(name_pieces__contains=sorted({*pairs, *single}))


class NameKeyField(ComputedField, models.TextField):
    """The folded name, see :func:`fold`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"editable": False, "default": ""})

    def compute(self, row: Any) -> str:
        return fold(row.name)


class NamePiecesField(ComputedField, ArrayField):
    """The pieces of the name and of the shop's ID, see :func:`pieces`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs |= {"base_field": models.CharField(max_length=2), "editable": False, "default": list}
        super().__init__(*args, **kwargs)

    def compute(self, row: Any) -> list[str]:
        return sorted(pieces(row.name) | pieces(row.external_id))
