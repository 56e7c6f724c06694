"""Finds the part of a URL that identifies the shop, by a marketplace's list of shop pages.

Each entry is a host and a path with placeholders, such as ``facebook.com/{name}``,
``sites.google.com/view/{name}``, ``video.example/channel/{code}``, ``social.example/profile.php?id={code}``
or ``{name}.builder.example/{name}``. A ``name`` ignores case; a ``code`` is case-sensitive, so a marketplace with
a ``code`` has case-sensitive shop IDs (a constraint of the model). An entry without a placeholder matches pages
that identify no shop, such as ``facebook.com/groups``. If several entries match, the one with the most fixed parts
is used.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

from cases.marketplaces import shops
from cases.marketplaces.normalisation import NormalisedURL

CODE = "{code}"
_PLACE = re.compile(r"\{(name|code)\}")
_PART = re.compile(r"[^{}\s/?]*(\{(name|code)\})?[^{}\s/?]*")
_PARAMETER = re.compile(r"([\w.-]+)=\{(name|code)\}")
_HOST = re.compile(r"(\{name\}\.)?[a-z0-9_][a-z0-9_.-]*\.[a-z0-9-]+")


class Found(NamedTuple):
    """The result of matching a URL with a list of shop pages.

    ``shop`` identifies the shop; it is empty if the URL does not. ``whole`` says that the URL is the shop's own
    page and not a page below it. ``value`` is the value of the placeholder in its original case, or empty if the
    entry has none or several. ``is_code`` says that the placeholder is a ``code``.
    """

    shop: str
    whole: bool
    value: str = ""
    is_code: bool = False


@dataclass(frozen=True)
class Entry:
    """A parsed entry of a list of shop pages.

    ``host_names_shop`` says that the subdomain of ``host`` is a placeholder. ``parts`` are the segments of the path.
    ``parameter`` is the name of the parameter with a placeholder, and ``parameter_kind`` is ``name`` or ``code``; both
    may be empty.
    """

    host: str
    host_names_shop: bool
    parts: tuple[str, ...]
    parameter: str
    parameter_kind: str

    @property
    def rank(self) -> tuple[int, int]:
        """The number of fixed parts, a parameter counting twice, then the number of parts."""
        fixed = sum(not _PLACE.search(part) for part in self.parts)
        return (fixed + bool(self.parameter) * 2, len(self.parts))


def entry(text: str) -> Entry:
    """Parse one entry. Raises :class:`ValueError` if it is invalid."""
    place, _question, query = text.strip().partition("?")
    host, _slash, path = place.partition("/")
    host = host.lower()
    parameter = _PARAMETER.fullmatch(query) if query else None
    parts = tuple(part for part in path.split("/") if part)
    if not _HOST.fullmatch(host) or (query and not parameter):
        raise ValueError(text)
    if not all(_PART.fullmatch(part) for part in parts):
        raise ValueError(text)
    wild = bool(_PLACE.match(host))
    return Entry(
        host=host.partition("}.")[2] if wild else host,
        host_names_shop=wild,
        parts=parts,
        parameter=parameter[1] if parameter else "",
        parameter_kind=parameter[2] if parameter else "",
    )


def find(address: NormalisedURL, pages: Sequence[str]) -> Found | None:
    """Match ``address`` with ``pages``; return ``None`` if no entry has its host."""
    known = [e for e in _entries(tuple(pages)) if _is_on(address.name, e)]
    if not known:
        return None
    matches = [(e, read) for e in known if (read := _read(address, e)) is not None]
    if not matches:
        return Found("", False)
    best, (shop, values) = max(matches, key=lambda match: match[0].rank)
    depth = len([part for part in address.path.split("/") if part])
    kind, value = values[0] if len(values) == 1 else ("", "")
    return Found(
        shop,
        whole=bool(shop) and depth == len(best.parts),
        value=shops.plain(unquote(value)),
        is_code=kind == "code",
    )


def has_code(pages: Sequence[str]) -> bool:
    """Return whether an entry has a ``{code}``."""
    return any(CODE in text for text in pages)


@lru_cache(maxsize=200)
def _entries(pages: tuple[str, ...]) -> tuple[Entry, ...]:
    found = []
    for text in pages:
        try:
            found.append(entry(text))
        except ValueError:
            continue  # The form rejects invalid entries; one written by SQL is ignored.
    return tuple(found)


def _is_on(name: str, known: Entry) -> bool:
    if known.host_names_shop:
        return name.endswith(f".{known.host}")
    return name == known.host or name.endswith(f".{known.host}")


def _read(address: NormalisedURL, known: Entry) -> tuple[str, list[tuple[str, str]]] | None:
    """Match ``address`` with an entry: return the shop's identity and the kind and value of each placeholder.

    Return ``None`` if it does not match. The identity is empty if the entry has no placeholder.
    """
    given = [part for part in address.path.split("/") if part]
    if len(given) < len(known.parts):
        return None
    values: list[tuple[str, str]] = []
    identity = known.host
    if known.host_names_shop:
        identity = address.name
        values.append(("name", address.name.removesuffix(f".{known.host}")))
    for pattern, part in zip(known.parts, given, strict=False):
        place = _PLACE.search(pattern)
        if place is None:
            if part.lower() != pattern.lower():
                return None
            identity += f"/{pattern}"
            continue
        value = _between(part, pattern[: place.start()], pattern[place.end() :])
        if not value:
            return None
        values.append((place[1], value))
        identity += "/" + (part.lower() if place[1] == "name" else part)
    if known.parameter:
        value = dict(address.pairs).get(known.parameter, "")
        if not value:
            return None
        values.append((known.parameter_kind, value))
        value = value.lower() if known.parameter_kind == "name" else value
        identity += f"?{known.parameter}={value}"
    return (identity if values else ""), values


def _between(part: str, before: str, after: str) -> str:
    """Return the text between ``before`` and ``after``, ignoring their case; empty if they do not match."""
    if not (part.lower().startswith(before.lower()) and part.lower().endswith(after.lower())):
        return ""
    return part[len(before) : len(part) - len(after)]
