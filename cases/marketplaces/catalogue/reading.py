"""Reads addresses by the catalogue: which listing, shop, live stream, video or advertisement they are of.

Addresses are untrusted text and are never fetched. No pattern backtracks beyond one segment of a path.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple
from urllib.parse import quote, unquote

from cases.marketplaces.catalogue import apps
from cases.marketplaces.catalogue.pages import Page
from cases.marketplaces.catalogue.rules import INDEPENDENT, Entry, Rule, by_host, entries, is_known
from cases.marketplaces.normalisation import TRACKING, NormalisedURL, normalise_url

# An agent's page can lead to a click counter that leads to a short link.
_MAX_REDIRECTS = 5
LISTING_KINDS = frozenset(("item", "video", "live", "ad", "short"))
_NO_LISTING_KINDS = frozenset(("search", "home"))
_SCHEME = re.compile("https?://[^/]", re.IGNORECASE)
_ONE_SLASH = re.compile("(?<=^http):/(?!/)|(?<=^https):/(?!/)", re.IGNORECASE)
_CODE = re.compile("[!-~]+")
_ENCODED_SCHEME = re.compile("https?%3a", re.IGNORECASE)


class Reading(NamedTuple):
    """What an address is of.

    ``normalised`` is the address, or the one that a redirect leads to. ``marketplace`` is the slug of a catalogue entry, or ``independent``. ``kind`` is item, shop, live, video, ad,
    short, search, home or page (a page that no rule knows). ``item``, ``variant`` (SKU or a seller's offer on a
    common page) and ``shop`` are as the address has them, or empty. ``address`` is a canonical address of the same
    thing. ``opens_elsewhere`` marks short links, whose target cannot be known without opening them.
    """

    normalised: NormalisedURL
    marketplace: str
    kind: str
    key: str
    address: str
    item: str = ""
    variant: str = ""
    shop: str = ""
    opens_elsewhere: bool = False

    @property
    def is_listing(self) -> bool:
        """Whether a case can be about the page."""
        return self.kind in LISTING_KINDS

    @property
    def is_no_listing(self) -> bool:
        """Whether the page is known to show no listing: a search or a front page."""
        return self.kind in _NO_LISTING_KINDS


# Filing a case reads its listings several times: as they are given, for their keys, and in the checks of the submission.
@lru_cache(maxsize=1000)
def read(text: str) -> Reading:
    """Read one address, or the one that a redirect leads to if its address says it.

    Raises :class:`~django.core.exceptions.ValidationError` with a message for the user if it is not one.
    """
    page, match = _followed(normalise_url(apps.as_web_address(text)))
    return _unknown(page) if match is None else _reading(page, match)


def _followed(url: NormalisedURL) -> tuple[Page, _Match | None]:
    for _turn in range(_MAX_REDIRECTS):
        page = Page(url)
        match = _match(page)
        if match is None or match.target is None:
            return page, match
        url = match.target
    return Page(url), None


class _Match(NamedTuple):
    """The rule that an address matches, and what it found. ``target`` is where a redirect leads."""

    entry: Entry
    site: str
    rule: Rule
    found: dict[str, str]
    target: NormalisedURL | None = None


def _match(page: Page) -> _Match | None:
    known = _on_host(page.address.hostname)
    if not any(entry.is_marketplace for entry, *_rest in known):
        known = (*known, _anywhere())
    for entry, site, subdomain in known:
        for rule in entry.rules:
            found = rule.match(page, subdomain)
            if found is None:
                continue
            if rule.kind != "redirect":
                return _Match(entry, found.pop("site", site).lower(), rule, found)
            if target := _target(page, rule, found, is_relative=entry.is_marketplace):
                return _Match(entry, site, rule, found, target)
    return None


@lru_cache(maxsize=2000)
def _on_host(hostname: str) -> tuple[tuple[Entry, str, str], ...]:
    """Return the entries whose host ``hostname`` is or ends with, the longest host first.

    Each comes with its country site and the part of ``hostname`` before that host.
    """
    known = by_host()
    labels = hostname.removeprefix("www.").split(".")
    return tuple(
        (entry, site, ".".join(labels[:at]))
        for at in range(len(labels) - 1)
        for entry, site in known.get(".".join(labels[at:]), ())
    )


@cache
def _anywhere() -> tuple[Entry, str, str]:
    """Return the entry whose rules apply to all other hosts."""
    return entries()[INDEPENDENT], "", ""


def _target(
    page: Page, rule: Rule, found: dict[str, str], *, is_relative: bool
) -> NormalisedURL | None:
    """Return where a redirect leads, or ``None`` if the address does not say it.

    ``is_relative`` says that it may lead to another page of its own host.
    """
    text = _nested(page, found.get("to", ""))
    if rule.leads:
        entry = entries().get(rule.leads.get(found.get("channel", "").lower(), ""))
        text = _filled(entry.address, found) if entry else ""
    elif rule.address:
        text = _filled(rule.address, found)
    if _ENCODED_SCHEME.match(text):
        text = unquote(text)
    if text.startswith("//"):
        text = f"https:{text}"
    elif text.startswith("/") and is_relative:
        text = f"https://{page.address.hostname}{text}"
    text = apps.as_web_address(text)
    if not _SCHEME.match(text) and not is_known(text.partition("/")[0].lower()):
        return None
    return normalise_url("%20".join(text.split()))


def _nested(page: Page, text: str) -> str:
    """Return a nested address with the parameters that belong to it because it is not encoded."""
    search = page.address.search
    if page.path.endswith(text) and search:
        text = f"{text}?{search}"
    elif "?" in text and (at := search.find(text)) >= 0:
        text = search[at:]
    return _ONE_SLASH.sub("://", text)


def _reading(page: Page, match: _Match) -> Reading:
    entry, rule, found = match.entry, match.rule, match.found
    is_opaque = rule.kind in ("short", "ad") and not rule.key
    return Reading(
        normalised=page.address,
        marketplace=entry.marketplace,
        kind=rule.kind,
        key=_opaque_key(page, match) if is_opaque else _key(page, match),
        address=_canonical(page, match, is_opaque=is_opaque),
        item=found.get("item", ""),
        variant=found.get("variant", ""),
        shop=found.get("shop", ""),
        opens_elsewhere=rule.kind == "short",
    )


def _opaque_key(page: Page, match: _Match) -> str:
    """Return the key of a short link: the address as given, without tracking."""
    host = page.address.hostname.removeprefix("www.")
    parts = [
        host + _code(page.path),
        *(match.found[group] for group, *_rest in match.rule.parameters),
    ]
    return f"{match.rule.kind}:{'?'.join(parts)}"


def _code(path: str) -> str:
    """Return the path of a short link without words of the text that touches it."""
    match = _CODE.match(path)
    return match[0].rstrip("/") if match else path


def _key(page: Page, match: _Match) -> str:
    """Return the key by the groups of the rule, or the whole address for a rule without groups."""
    entry, rule = match.entry, match.rule
    found = {**match.found, "host": page.address.host}
    groups = rule.key or (("item",) if "item" in found else ("shop",))
    parts = [found[group] for group in groups if found.get(group)]
    if not parts:
        parts = [_whole(page.address, on_marketplace=entry.is_marketplace)]
    if match.site and not rule.is_of_all_sites:
        parts = [match.site, *parts]
    text = "/".join(part.replace("/", "%2F") for part in parts)
    return ":".join(part for part in (entry.family, rule.space or "item", text) if part)


def _canonical(page: Page, match: _Match, *, is_opaque: bool) -> str:
    """Return the shortest address that the rules read as the same thing."""
    entry, rule = match.entry, match.rule
    if rule.kind == "item" and not rule.space and entry.address:
        hosts = [host for host, site in entry.hosts.items() if site == match.site]
        host = hosts[0] if hosts else page.address.hostname
        return _filled(entry.address, {**match.found, "host": host, "site": match.site})
    if is_opaque and not rule.parameters:
        return f"https://{page.address.hostname}{_code(page.address.pathname)}"
    return _plain(page)


def _filled(template: str, found: dict[str, str]) -> str:
    return template.format_map(
        {
            name: value if value.isalnum() and value.isascii() else quote(value)
            for name, value in found.items()
        }
    )


def _plain(page: Page) -> str:
    """Return the address without tracking."""
    address = page.address
    query = "&".join(
        part
        for part in address.search.split("&")
        if part and not TRACKING.match(part.partition("=")[0])
    )
    fragment = f"#{address.fragment}" if address.fragment else ""
    return f"https://{address.hostname}{address.pathname}{f'?{query}' if query else ''}{fragment}"


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
        kind = "page" if address.path else "home"
        return Reading(
            address, entry.marketplace, kind, f"{entry.family}:page:{whole}", _plain(page)
        )
    kind = "shop" if is_front else "item"
    return Reading(address, INDEPENDENT, kind, whole, _plain(page), shop=address.host)
