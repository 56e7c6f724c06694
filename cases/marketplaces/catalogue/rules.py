"""The catalogue's entries and rules, read once from the TOML files beside this module.

``README.md`` in this folder describes the format.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from cases.marketplaces.catalogue.pages import Page
from cases.marketplaces.catalogue.values import NORMALISERS, expand, type_of

# A website that is no marketplace of the catalogue.
INDEPENDENT = "independent"
FOLDER = Path(__file__).parent
KINDS = frozenset(
    ("item", "shop", "live", "video", "ad", "short", "search", "home", "page", "redirect")
)
# The end of a value in a parameter: text after it that is not part of a number or code is ignored.
_END_OF_VALUE = "(?![0-9A-Za-z_])"
# The end of what a path's pattern matches. Parameters are often appended without a question mark, and punctuation or
# Chinese words of the text around an address are often copied with it. Compiling a range of all other characters would
# take ten times longer than their complement: 2.5 s for the whole catalogue, in each process.
_END_OF_PART = """(?=[/&?;]|[^\\x00-\\x7f]|[\\s.,:!)\\]}'"”’»。，！）】]*$)"""
_FIELDS = frozenset(
    [
        "kind",
        "space",
        "host",
        "path",
        "fragment",
        "search",
        "query",
        "keep",
        "key",
        "all_sites",
        "values",
        "leads",
        "address",
    ]
)


@dataclass(frozen=True)
class Rule:
    """One rule of an entry. All given parts of an address must match.

    ``parameters`` has for each group the names of the parameters that may hold it and the pattern of the value.
    ``key`` lists the groups of the key. ``leads`` maps the group ``channel`` of a redirect to an entry.
    """

    kind: str
    space: str
    host: re.Pattern[str] | None
    path: re.Pattern[str] | None
    others: tuple[tuple[str, re.Pattern[str]], ...]
    parameters: tuple[tuple[str, tuple[str, ...], re.Pattern[str]], ...]
    kept: tuple[tuple[str, tuple[str, ...], re.Pattern[str]], ...]
    key: tuple[str, ...]
    is_of_all_sites: bool
    values: tuple[tuple[str, Callable[[str], str]], ...]
    leads: dict[str, str] = field(default_factory=dict)
    address: str = ""

    def match(self, page: Page, subdomain: str) -> dict[str, str] | None:
        """Return the groups and what is kept beside the key, or ``None`` if ``page`` does not match."""
        found: dict[str, str] = {}
        if not (self._matches_place(page, subdomain, found) and self._has_parameters(page, found)):
            return None
        for group, names, pattern in self.kept:
            if group not in found and (kept := _parameter(page, names, pattern)):
                found[group] = kept
        for group, normalise in self.values:
            if group in found:
                found[group] = normalise(found[group])
        return found

    def _matches_place(self, page: Page, subdomain: str, found: dict[str, str]) -> bool:
        if self.path:
            if not (match := self.path.match(page.path)):
                return False
            found |= _groups(match)
        if self.host:
            if not (match := self.host.match(subdomain)):
                return False
            found |= _groups(match)
        for part, pattern in self.others:
            if not (match := pattern.match(getattr(page, part))):
                return False
            found |= _groups(match)
        return True

    def _has_parameters(self, page: Page, found: dict[str, str]) -> bool:
        for group, names, pattern in self.parameters:
            value = _parameter(page, names, pattern)
            if value is None:
                return False
            found[group] = value
        return True


def _groups(match: re.Match[str]) -> dict[str, str]:
    """Return the named groups that took part in the match."""
    return {name: value for name, value in match.groupdict().items() if value is not None}


def _parameter(page: Page, names: tuple[str, ...], pattern: re.Pattern[str]) -> str | None:
    given = page.parameters
    for name in names:
        value = given.get(name)
        if value and (match := pattern.match(value)):
            return match[1]
    return None


@dataclass(frozen=True)
class Entry:
    """A marketplace of the catalogue, or a group of short links or redirects.

    ``hosts`` maps each host to its country site, which is part of the keys, or to an empty text. ``family`` is the
    first part of the keys; marketplaces with one range of numbers share it. ``apps`` maps the schemes of apps to the
    host whose rules read their addresses. ``short_links`` are hosts of short links to the marketplace. An entry with
    another ``marketplace`` has rules for more of its hosts. ``shops_have_case`` says that the case of shop IDs counts.
    """

    slug: str
    name: str
    name_local: str
    country: str
    family: str
    hosts: dict[str, str]
    address: str
    rules: tuple[Rule, ...]
    apps: dict[str, str]
    short_links: tuple[str, ...]
    marketplace: str
    is_marketplace: bool
    shops_have_case: bool


@cache
def entries() -> dict[str, Entry]:
    """Return the entries of all files by slug."""
    found: dict[str, Entry] = {}
    for file in sorted(FOLDER.glob("*.toml")):
        for slug, data in tomllib.loads(file.read_text()).items():
            if slug in found:
                raise ValueError(f"{file.name}: {slug} is there twice")
            found[slug] = _entry(slug, data)
    return found


@cache
def marketplaces() -> dict[str, Entry]:
    """Return the entries that are marketplaces, without those that add hosts to one."""
    return {
        slug: entry
        for slug, entry in entries().items()
        if entry.is_marketplace and entry.marketplace == slug
    }


def has(slug: str) -> bool:
    """Return whether ``slug`` is that of a marketplace in the catalogue."""
    return slug in marketplaces()


@cache
def by_host() -> dict[str, tuple[tuple[Entry, str], ...]]:
    """Return the entries of each host, with the country site."""
    found: dict[str, tuple[tuple[Entry, str], ...]] = {}
    for entry in entries().values():
        redirects = tuple(rule for rule in entry.rules if rule.kind == "redirect")
        short = replace(
            entry, rules=(*redirects, _rule({"kind": "short", "path": r"/[!-\x7e]+"}, {}))
        )
        for host in entry.short_links:
            found[host] = (*found.get(host, ()), (short, ""))
        for host, site in entry.hosts.items():
            found[host] = (*found.get(host, ()), (entry, site))
    return found


@lru_cache(maxsize=2000)
def is_known(host: str) -> bool:
    """Return whether an entry has the host, in lower case, or a domain above it."""
    labels = host.split(".")
    return any(".".join(labels[at:]) in by_host() for at in range(len(labels) - 1))


def _entry(slug: str, data: dict[str, Any]) -> Entry:
    hosts = data.get("hosts", [])
    sites = dict.fromkeys(hosts, "") if isinstance(hosts, list) else dict(hosts)
    return Entry(
        slug=slug,
        name=data.get("name", slug),
        name_local=data.get("name_local", ""),
        country=data.get("country", ""),
        family=data.get("family", slug),
        hosts=sites,
        address=data.get("address", ""),
        rules=tuple(_rule(rule, data) for rule in data.get("rules", ())),
        apps=data.get("apps", {}),
        short_links=tuple(data.get("short_links", ())),
        marketplace=data.get("marketplace", slug),
        is_marketplace="name" in data or data.get("marketplace", INDEPENDENT) != INDEPENDENT,
        shops_have_case=data.get("shops_have_case", False),
    )


def _rule(data: dict[str, Any], entry: dict[str, Any]) -> Rule:
    """Compile a rule. What the entry says of all its rules comes first."""
    kind = data["kind"]
    unknown = set(data) - _FIELDS
    if kind not in KINDS or unknown:
        raise ValueError(f"not a rule: {data}")
    free = tuple(entry.get("reserved", ()))
    path = data.get("path")
    if path is not None:
        path = entry.get("prefix", "") + path
    query = data.get("query", {})
    kept = {**entry.get("keep", {}), **data.get("keep", {})}
    values = {**entry.get("values", {}), **data.get("values", {})}
    return Rule(
        kind=kind,
        space=data.get("space", "" if kind == "item" else kind),
        host=_pattern(data.get("host"), free, "$"),
        path=_pattern(path, free, _END_OF_PART),
        others=tuple(
            (part, pattern)
            for part in ("fragment", "search")
            if (pattern := _pattern(data.get(part), free, ""))
        ),
        parameters=tuple((group, *_names(text, free)) for group, text in query.items()),
        kept=tuple(
            (group, *_names(text, free))
            for group, texts in kept.items()
            for text in ([texts] if isinstance(texts, str) else texts)
        ),
        key=tuple(data.get("key", "").split()),
        is_of_all_sites=data.get("all_sites", False),
        values=tuple((group, NORMALISERS[name]) for group, name in values.items()),
        leads=data.get("leads", {}),
        address=data.get("address", ""),
    )


def _pattern(text: str | None, reserved: tuple[str, ...], end: str) -> re.Pattern[str] | None:
    if text is None:
        return None
    return re.compile(f"(?:{expand(text, reserved)}){end}", re.IGNORECASE)


def _names(text: str, reserved: tuple[str, ...]) -> tuple[tuple[str, ...], re.Pattern[str]]:
    """Parse ``id|itemId:digits`` into the names in lower case and the pattern of the value.

    The pattern is a type, or a regular expression whose first group is the value.
    """
    names, _colon, kind = text.partition(":")
    pattern = kind if "(" in kind else f"({type_of(kind or 'any', reserved)})"
    return tuple(names.lower().split("|")), re.compile(
        f"\\s*{pattern}{_END_OF_VALUE}", re.IGNORECASE
    )
