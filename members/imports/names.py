"""Names in sheets, compared without regard to case, width and invisible characters, in every language of the portal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from alliance.lib import visible
from members.models import Brand, IPRight


def plain(name: str) -> str:
    return visible.cleaned(unicodedata.normalize("NFKC", name)).casefold()


class Brands:
    """Brands by each of their names, and by both together."""

    def __init__(self, brands: Iterable[Brand]) -> None:
        self._exact: dict[str, Brand] = {}
        self._found: dict[str, Brand] = {}
        self._ambiguous: set[str] = set()
        for brand in brands:
            self._exact.setdefault(brand.name, brand)
            for name in (brand.name, brand.name_local, str(brand)):
                if name and self._found.setdefault(plain(name), brand) != brand:
                    self._ambiguous.add(plain(name))

    def get(self, name: str) -> Brand | None:
        """Return the brand of a name, ``None`` if there is none or :meth:`is_ambiguous` is true."""
        if self.is_ambiguous(name):
            return None
        return self._exact.get(name) or self._found.get(plain(name))

    def is_ambiguous(self, name: str) -> bool:
        """Return whether the name matches several brands and is exactly the name of none."""
        return plain(name) in self._ambiguous and name not in self._exact


def ambiguous() -> str:
    """Return the message for a name of several brands."""
    return _("Several brands have this name. Write it exactly as on the page of the brand.")


@cache
def kinds_of_right() -> dict[str, str]:
    """Return the values of the kinds of rights by value and label."""
    found = {plain(value): value for value in IPRight.Kind.values}
    for language, _label in settings.LANGUAGES:
        with translation.override(language):
            found |= {plain(str(kind.label)): kind.value for kind in IPRight.Kind}
    return found
