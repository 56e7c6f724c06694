"""The parts of an address that the rules of the catalogue are matched with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote, unquote_plus

from cases.marketplaces.normalisation import NormalisedURL

# A parameter whose equals sign was encoded by a chat or a mail program.
_ENCODED_EQUALS = re.compile(r"%3D", re.IGNORECASE)


@dataclass(frozen=True)
class Page:
    """A normalised address with its parameters by name.

    The path is decoded and has no slash at its end.
    """

    address: NormalisedURL

    @cached_property
    def path(self) -> str:
        path = self.address.path
        if "#" in path and self.address.fragment:
            path = path.partition("/#")[0]
        return re.sub("/+", "/", unquote(path)).rstrip("/") if "%" in path else path

    @cached_property
    def fragment(self) -> str:
        return unquote(self.address.fragment)

    @cached_property
    def search(self) -> str:
        return unquote_plus(self.address.search)

    @cached_property
    def parameters(self) -> dict[str, str]:
        """The parameters with names in lower case. The first of several with one name counts.

        Parameters of the query come before those of the fragment.
        """
        found: dict[str, str] = {}
        _collect(self.address.search, found)
        fragment = self.address.fragment
        if "=" in fragment:
            _collect(fragment.partition("?")[2] or fragment, found)
        return found


def _collect(query: str, found: dict[str, str]) -> None:
    for part in query.split("&"):
        name, equals, value = part.partition("=")
        if not equals and "%" in part:
            name, value = (*_ENCODED_EQUALS.split(part, maxsplit=1), "")[:2]
        if "%" in value or "+" in value:
            value = unquote_plus(value)
        if "%" in name:
            name = unquote(name)
        found.setdefault(name.lower().removeprefix("amp;"), value)


def decoded(text: str) -> str:
    """Return a name from a path without percent encoding and with single spaces."""
    return " ".join(unquote_plus(text).split())
