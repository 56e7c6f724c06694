"""The parts of an address that the rules of the catalogue are matched with."""

from __future__ import annotations

import re
from urllib.parse import unquote, unquote_plus

from cases.marketplaces.normalisation import NormalisedURL

# A parameter whose equals sign was encoded by a chat or a mail program.
_ENCODED_EQUALS = re.compile(r"%3D", re.IGNORECASE)


class Page:
    """A normalised address with its parameters by name.

    The path is decoded and has no slash at its end. The other parts are decoded when a rule asks for them.
    """

    __slots__ = ("_parameters", "address", "path")

    def __init__(self, address: NormalisedURL) -> None:
        path = address.pathname
        self.address = address
        self.path = re.sub("/+", "/", unquote(path)).rstrip("/") if "%" in path else path
        self._parameters: dict[str, str] | None = None

    @property
    def fragment(self) -> str:
        return unquote(self.address.fragment)

    @property
    def search(self) -> str:
        return unquote_plus(self.address.search)

    @property
    def parameters(self) -> dict[str, str]:
        """The parameters with names in lower case. The first of several with one name counts.

        Parameters of the query come before those of the fragment.
        """
        if self._parameters is None:
            found: dict[str, str] = {}
            self._parameters = found
            _collect(self.address.search, found)
            fragment = self.address.fragment
            if "=" in fragment:
                _collect(fragment.partition("?")[2] or fragment, found)
        return self._parameters


def _collect(query: str, found: dict[str, str]) -> None:
    if not query:
        return
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
