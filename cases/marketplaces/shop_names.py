"""Names of shops as they are searched: folded, and cut into pieces of two characters.

PostgreSQL has no index for "contains" without an extension, and words do not help with Chinese, Japanese or
Korean. So the pieces of a name are kept in an array with a GIN index: whatever contains the words that were
typed contains their pieces, too.
"""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from cases.marketplaces import shops


def fold(text: str) -> str:
    """Return ``text`` without differences of case, width, invisible characters, hyphens and blanks."""
    return shops.plain(shops.plain(text).casefold())


def pieces(text: str) -> set[str]:
    """Return the characters of the folded ``text`` and its pairs of neighbours, blanks left out."""
    found = set()
    for word in fold(text).split():
        found |= set(word) | {word[at : at + 2] for at in range(len(word) - 1)}
    return found


def matching(words: str) -> Q:
    """Return the condition that a seller's name or ID contains ``words``; nothing matches words without letters."""
    folded = fold(words)
    pairs = [piece for piece in pieces(words) if len(piece) == 2]
    single = [word for word in folded.split() if len(word) == 1]
    if not folded:
        return Q(pk__in=())
    said = Q(name_key__contains=folded) | Q(external_id__icontains=folded)
    return said & Q(name_pieces__contains=sorted({*pairs, *single}))


class _OfSeller(models.Field):
    """A field computed from the seller's other fields whenever the row is saved; not by ``update()``."""

    def make(self, seller: Any) -> Any:
        """Return the value for ``seller``."""
        raise NotImplementedError

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        made = self.make(model_instance)
        setattr(model_instance, self.attname, made)
        return made


class NameKeyField(_OfSeller, models.TextField):
    """The folded name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"editable": False, "default": ""})

    def make(self, seller: Any) -> str:
        return fold(seller.name)


class NamePiecesField(_OfSeller, ArrayField):
    """The pieces of the name and of the shop's ID."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs |= {"base_field": models.CharField(max_length=2), "editable": False, "default": list}
        super().__init__(*args, **kwargs)

    def make(self, seller: Any) -> list[str]:
        return sorted(pieces(seller.name) | pieces(seller.external_id))
