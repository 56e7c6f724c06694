"""Names in sheets, compared without regard to case, width and invisible characters, in every language of the portal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache

from django.conf import settings
from django.utils import translation

from alliance.lib import visible
from members.models import Brand, IPRight


def plain(name: str) -> str:
    return visible.cleaned(unicodedata.normalize("NFKC", name)).casefold()


def by_name(brands: Iterable[Brand]) -> dict[str, Brand]:
    """Return brands by each of their names, and by both together. A name of two brands stands for the first."""
    found: dict[str, Brand] = {}
    for brand in brands:
        for name in (brand.name, brand.name_local, str(brand)):
            if name:
                found.setdefault(plain(name), brand)
    return found


@cache
def kinds_of_right() -> dict[str, str]:
    """Return the values of the kinds of rights by value and label."""
    found = {plain(value): value for value in IPRight.Kind.values}
    for language, _label in settings.LANGUAGES:
        with translation.override(language):
            found |= {plain(str(kind.label)): kind.value for kind in IPRight.Kind}
    return found
