"""Reads addresses by the catalogue: which listing, shop, live stream, video or advertisement they are of.

Addresses are untrusted text and are never fetched. No pattern backtracks beyond one segment of a path.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, unquote

from django.core.exceptions import ValidationError

from cases.marketplaces.catalogue import apps
from cases.marketplaces.catalogue.pages import Page
from cases.marketplaces.catalogue.rules import Entry, Rule, by_host, entries
from cases.marketplaces.extraction import extract_addresses
from cases.marketplaces.normalisation import INVISIBLE, TRACKING, NormalisedURL, normalise_url

# A website that is no marketplace of the catalogue.
INDEPENDENT = "independent"
# An agent's page can lead to a click counter that leads to a short link.
_MAX_REDIRECTS = 5
_LISTING_KINDS = frozenset(("item", "video", "live", "ad", "short"))
_NO_LISTING_KINDS = frozenset(("search", "home"))
_SCHEME = re.compile("https?://[^/]", re.IGNORECASE)
_ENCODED_SCHEME = re.compile("https?%3a", re.IGNORECASE)


@dataclass(frozen=True)
class Reading:
    """What an address is of.

    ``marketplace`` is the slug of a catalogue entry, or ``independent``. ``kind`` is item, shop, live, video, ad,
    short, search, home or page (a page that no rule knows). ``item``, ``variant`` (SKU or a seller's offer on a
    common page) and ``shop`` are as the address has them, or empty. ``address`` is a canonical address of the same
    thing. ``opens_elsewhere`` marks short links, whose target cannot be known without opening them.
    """

    marketplace: str
    kind: str
    key: str
    address: str
    item: str = ""
    variant: str = ""
    shop: str = ""
    site: str = ""
    opens_elsewhere: bool = False

    @property
    def is_listing(self) -> bool:
        """Whether a case can be about the page."""
        return self.kind in _LISTING_KINDS

    @property
    def is_no_listing(self) -> bool:
        """Whether the page is known to show no listing: a search or a front page."""
        return self.kind in _NO_LISTING_KINDS


def read(text: str) -> Reading:
    """Read one address. Raises :class:`ValidationError` with a message for the user if it is not one."""
    return read_normalised(
        normalise_url(apps.as_web_address(INVISIBLE.sub("", text).strip()), is_strict=False)
    )


def read_text(text: str) -> list[Reading]:
    """Return the readings of the addresses in a text, in order and without repetition."""
    found: dict[str, Reading] = {}
    for line in INVISIBLE.sub("", apps.prepare(text)).splitlines():
        for one in extract_addresses(line.strip()):
            try:
                reading = read(one.text)
            except ValidationError:
                continue
            found.setdefault(reading.key, reading)
    return list(found.values())


def read_normalised(url: NormalisedURL) -> Reading:
    """Read a normalised address. Redirects with a readable target are followed."""
    for _turn in range(_MAX_REDIRECTS):
        page = Page(url)
        match = _match(page)
        if match is None:
            return _unknown(page)
        if match.target is None:
            return _reading(page, match)
        url = match.target
    return _unknown(Page(url))


@dataclass(frozen=True)
class _Match:
    """The rule that an address matches, and what it found. ``target`` is where a redirect leads."""

    entry: Entry
    site: str
    rule: Rule
    found: dict[str, str]
    target: NormalisedURL | None = None


def _match(page: Page) -> _Match | None:
    for entry, site, subdomain in (*_on_host(page.address.hostname), *_anywhere()):
        for rule in entry.rules:
            found = rule.match(page, subdomain)
            if found is None:
                continue
            if rule.kind != "redirect":
                return _Match(entry, found.pop("site", site).lower(), rule, found)
            if target := _target(page, rule, found):
                return _Match(entry, site, rule, found, target)
    return None


def _on_host(hostname: str) -> Iterator[tuple[Entry, str, str]]:
    """Yield the entries whose host ``hostname`` is or ends with, the longest host first.

    Each comes with its country site and the part of ``hostname`` before that host.
    """
    known = by_host()
    hostname = hostname.removeprefix("www.")
    labels = hostname.split(".")
    for at in range(len(labels) - 1):
        for entry, site in known.get(".".join(labels[at:]), ()):
            yield entry, site, ".".join(labels[:at])


def _anywhere() -> Iterator[tuple[Entry, str, str]]:
    """Yield the entry whose rules apply to all other hosts."""
    yield entries()[INDEPENDENT], "", ""


def is_known(hostname: str) -> bool:
    """Return whether an entry has the host or a domain above it."""
    return next(_on_host(hostname.lower()), None) is not None


def _target(page: Page, rule: Rule, found: dict[str, str]) -> NormalisedURL | None:
    """Return where a redirect leads, or ``None`` if the address does not say it."""
    text = found.get("to", "")
    if rule.leads:
        entry = entries().get(rule.leads.get(found.get("channel", "").lower(), ""))
        text = _filled(entry.address, found) if entry else ""
    elif rule.address:
        text = _filled(rule.address, found)
    if _ENCODED_SCHEME.match(text):
        text = unquote(text)
    if text.startswith("//"):
        text = f"https:{text}"
    elif text.startswith("/"):
        text = f"https://{page.address.hostname}{text}"
    text = apps.as_web_address(text)
    if not _SCHEME.match(text) and not is_known(text.partition("/")[0]):
        return None
    try:
        return normalise_url("%20".join(text.split()), is_strict=False)
    except ValidationError:
        return None


def _reading(page: Page, match: _Match) -> Reading:
    entry, rule, found = match.entry, match.rule, match.found
    is_opaque = rule.kind in ("short", "ad") and not rule.key
    host = page.address.hostname.removeprefix("www.")
    if is_opaque:
        parts = [host + page.path, *(found[group] for group, *_rest in rule.parameters)]
        key = f"{rule.kind}:{'?'.join(parts)}"
    else:
        found["host"] = page.address.host
        groups = rule.key or (("item",) if "item" in found else ("shop",))
        parts = [
            "" if rule.is_of_all_sites else match.site,
            *(found[group] for group in groups if found.get(group)),
        ]
        parts = [part.replace("/", "%2F") for part in parts if part]
        if not any(found.get(group) for group in groups):
            parts = [_whole(page.address, on_marketplace=entry.is_marketplace)]
        key = f"{entry.family}:{rule.space or 'item'}:{'/'.join(parts)}"
    return Reading(
        marketplace=entry.marketplace,
        kind=rule.kind,
        key=key,
        address=_canonical(page, match, is_opaque=is_opaque),
        item=found.get("item", ""),
        variant=found.get("variant", ""),
        shop=found.get("shop", ""),
        site=match.site,
        opens_elsewhere=rule.kind == "short",
    )


def _canonical(page: Page, match: _Match, *, is_opaque: bool) -> str:
    """Return the shortest address that the rules read as the same thing."""
    entry, rule = match.entry, match.rule
    if rule.kind == "item" and not rule.space and entry.address:
        hosts = [host for host, site in entry.hosts.items() if site == match.site]
        host = hosts[0] if hosts else page.address.hostname
        return _filled(entry.address, {**match.found, "host": host, "site": match.site})
    if is_opaque and not rule.parameters:
        return f"https://{page.address.hostname}{_path(page)}"
    return _plain(page)


def _filled(template: str, found: dict[str, str]) -> str:
    return template.format_map({name: quote(value) for name, value in found.items()})


def _plain(page: Page) -> str:
    """Return the address without tracking."""
    address = page.address
    query = "&".join(
        part
        for part in address.search.split("&")
        if part and not TRACKING.match(part.partition("=")[0])
    )
    fragment = f"#{address.fragment}" if address.fragment else ""
    return f"https://{address.hostname}{_path(page)}{f'?{query}' if query else ''}{fragment}"


def _path(page: Page) -> str:
    """Return the path as it is normalised, without a route of the fragment."""
    return page.address.path.partition("/#")[0] if page.address.fragment else page.address.path


def _whole(address: NormalisedURL, *, on_marketplace: bool) -> str:
    query = address.query(on_marketplace=on_marketplace)
    return address.host + address.path + (f"?{query}" if query else "")


def _unknown(page: Page) -> Reading:
    """Return the reading of an address that no rule matches."""
    address = page.address
    known = (entry for entry, *_rest in _on_host(address.hostname) if entry.is_marketplace)
    entry = next(known, None)
    whole = _whole(address, on_marketplace=entry is not None)
    is_front = whole == address.host
    if entry:
        kind = "home" if is_front else "page"
        return Reading(entry.marketplace, kind, f"{entry.family}:page:{whole}", _plain(page))
    kind = "shop" if is_front else "item"
    return Reading(INDEPENDENT, kind, f"web:{whole}", _plain(page), shop=address.host)
