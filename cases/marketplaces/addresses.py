"""Listing addresses: is it one, whose is it, and what is its canonical form.

Nothing here is ever fetched: addresses are recorded and shown, and treated as hostile text.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import regex
import structlog
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cases.marketplaces import redirects, shop_pages, shops
from cases.marketplaces.extraction import extract_addresses
from cases.marketplaces.normalisation import SHOWN, NormalisedURL, normalise_url
from cases.models import Marketplace

log = structlog.get_logger(__name__)

# Raise this number when the same address gets another key by a change of the code: the keys of all
# listings are then computed anew (``cases.services.listing_keys``).
KEY_VERSION = 2

SHOP_ID_LENGTH = 120
SHOP_URL_LENGTH = 1000
# Signs that cannot be seen but change what is read: they come along when copying from chats, and hide tricks.
INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x08\x0b-\x1f\x7f]")

# How long an admin's pattern may look at one address: a thousand times what a sound one takes.
PATTERN_SECONDS = 0.02

_KEY_LENGTH = 500


@dataclass(frozen=True)
class Address:
    """An address as given, and what it means: whose marketplace, and the key of the listing.

    ``line`` is its line in the box, from 1; 0 when it came from elsewhere. ``item`` is the listing's number
    by the marketplace's pattern, empty when none was found. ``site`` is the shop by its address: on
    independent websites the host, or on a host that many shops share the shop's page; on a marketplace
    the shop's page, if this is one. Empty where the address does not tell. ``is_doubtful``: it was found in
    a text, and it is not clear where it ends.
    """

    url: str
    marketplace: Marketplace
    key: str
    item: str
    site: str
    is_shop_page: bool
    normalised: NormalisedURL
    line: int = 0
    is_doubtful: bool = False


@dataclass(frozen=True)
class ParsedText:
    """What a box of addresses holds.

    ``mistakes`` has line number (from 1, empty lines counted) and sentence of each bad line; ``copies``
    counts the addresses left out because an earlier one named the same listing; ``texts`` the lines that
    held more than one address and nothing else.
    """

    addresses: list[Address]
    mistakes: list[tuple[int, str]]
    copies: int
    texts: int = 0


def lines(text: str) -> list[tuple[int, str]]:
    """Return the lines of ``text`` that hold something, each with its number, cleaned for reading."""
    numbered = enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1)
    cleaned = ((number, _clean(line)) for number, line in numbered)
    return [(number, line) for number, line in cleaned if line]


def parse_text(text: str) -> ParsedText:
    """Understand a box of addresses: one a line, or a text with addresses in it."""
    marketplaces = list(Marketplace.objects.all())
    found: dict[str, Address] = {}
    mistakes: list[tuple[int, str]] = []
    known: dict[str, list[Address | str]] = {}
    copies = texts = 0
    for number, line in lines(text):
        # The same line a hundred thousand times is understood once.
        if line not in known:
            known[line] = _understood(line, marketplaces)
        texts += len(known[line]) > 1 or _is_text(line, known[line][0])
        for address in known[line]:
            if isinstance(address, str):
                mistakes.append((number, address))
                continue
            copies += address.key in found
            found.setdefault(address.key, replace(address, line=number))
    return ParsedText(list(found.values()), mistakes, copies, texts)


def _understood(line: str, marketplaces: Sequence[Marketplace]) -> list[Address | str]:
    """Return what the addresses in the line mean, or the sentence that says what is wrong with one."""
    understood: list[Address | str] = []
    for found in extract_addresses(line):
        try:
            address = parse(found.text, marketplaces)
        except ValidationError as error:
            understood.append(str(error.messages[0]))
        else:
            understood.append(replace(address, is_doubtful=found.doubtful))
    return understood


def _is_text(line: str, address: Address | str) -> bool:
    return isinstance(address, Address) and address.url not in (line, f"https://{line}")


def parse(line: str, marketplaces: Sequence[Marketplace]) -> Address:
    """Understand one address. A bare host is taken as https.

    Marketplaces that are switched off count too: their addresses do not become independent websites.
    Raises :class:`ValidationError` with a sentence that says what is wrong with it.
    """
    normalised = _follow_redirects(normalise_url(line))
    marketplace = marketplace_of(normalised.name, marketplaces)
    if marketplace is None:
        raise ValidationError(
            _("No marketplace is known for %(host)s.") % {"host": normalised.host[:SHOWN]}
        )
    query = normalised.query(on_marketplace=bool(marketplace.hosts))
    item = _item(marketplace, f"{normalised.path}?{query}") or ""
    rest = item or normalised.host + normalised.path + (f"?{query}" if query else "")
    page = shop_pages.find(normalised, marketplace.shop_pages)
    tells_none = bool(marketplace.hosts) or redirects.is_short(normalised)
    site = page.shop if page else "" if tells_none else normalised.host
    return Address(
        url=normalised.url,
        marketplace=marketplace,
        # The number of the marketplace, not its slug: an admin may change the slug.
        key=_bounded(f"{marketplace.pk}:{rest}"),
        item=item,
        site=site,
        is_shop_page=bool(page and page.whole and not item),
        normalised=normalised,
    )


def shop(text: str, marketplace: Marketplace) -> tuple[str, str]:
    """Return a shop's ID and its address (may be empty), given either of them.

    Raises :class:`ValidationError` for an address that is none, is not on ``marketplace``, or is that of
    a listing.
    """
    text = _clean(text)
    if not _is_address(text, marketplace):
        text = shops.plain(text)
    if not _is_address(text, marketplace):
        return _given_id(text, marketplace), ""
    normalised = _follow_redirects(normalise_url(text))
    if redirects.is_short(normalised):
        raise ValidationError(
            _("This is a short link: open it, and give the address to which it leads.")
        )
    if not marketplace.hosts:
        return _website(normalised, marketplace)
    if not _fit(normalised.name, marketplace):
        raise ValidationError(
            _("This address is not on %(marketplace)s.") % {"marketplace": marketplace.name}
        )
    query = normalised.query(on_marketplace=True)
    if _item(marketplace, f"{normalised.path}?{query}"):
        raise ValidationError(_("This is the address of a listing: give the one of the shop."))
    if normalised.name in marketplace.hosts and not normalised.path and not query:
        raise ValidationError(
            _("This is the address of the marketplace. Enter the address of the shop.")
        )
    page = shop_pages.find(normalised, marketplace.shop_pages)
    if page and page.shop:
        return _shop_within_limits(_id_on(page, marketplace), normalised.url)
    name = normalised.host + normalised.path + (f"?{query}" if query else "")
    return _shop_within_limits(name, normalised.url)


def _id_on(page: shop_pages.Found, marketplace: Marketplace) -> str:
    """Return the shop's ID as people type it, if the page holds it; else the page as a whole.

    A ``{code}`` holds it where IDs are case-sensitive, a ``{name}`` where they are not.
    """
    is_typed = page.is_code == marketplace.shop_ids_are_case_sensitive
    return (page.value if is_typed else "") or page.shop


def _follow_redirects(normalised: NormalisedURL) -> NormalisedURL:
    """Return where a redirect leads, if its address says so: through two of them at most."""
    for _turn in range(2):
        target = redirects.target(normalised)
        if not target:
            break
        normalised = normalise_url(target)
    return normalised


def _website(normalised: NormalisedURL, marketplace: Marketplace) -> tuple[str, str]:
    """Return the identity of a shop on a website of its own, or on one that many shops share."""
    page = shop_pages.find(normalised, marketplace.shop_pages)
    if page is None:
        return normalised.host[:SHOP_ID_LENGTH], normalised.url[:SHOP_URL_LENGTH]
    if not page.shop:
        raise ValidationError(
            _("Many shops share %(host)s: give the address of this shop's page there.")
            % {"host": normalised.name[:SHOWN]}
        )
    return _shop_within_limits(page.shop, normalised.url)


def _shop_within_limits(name: str, url: str) -> tuple[str, str]:
    if len(name) > SHOP_ID_LENGTH or len(url) > SHOP_URL_LENGTH:
        raise ValidationError(_("This shop address is too long: give the shop's ID instead."))
    return name, url


def _given_id(text: str, marketplace: Marketplace) -> str:
    if not marketplace.hosts:
        raise ValidationError(
            _("A shop with a website of its own is known by its address: give that.")
        )
    if len(text) > SHOP_ID_LENGTH:
        raise ValidationError(
            _("A shop ID has up to %(limit)d characters.") % {"limit": SHOP_ID_LENGTH}
        )
    if not shops.key(text):
        raise ValidationError(_("Give the shop's ID or its web address."))
    return text


def _clean(line: str) -> str:
    """Leave out what pasting brings along: blanks, unseen signs, quotes and the commas of a list."""
    return INVISIBLE.sub("", line).strip().strip("\"'<>“”").rstrip(",;").strip("\"'<>“” \t")


def _is_address(text: str, marketplace: Marketplace) -> bool:
    """Tell the address of a shop from its ID, which may contain a dot but then no slash."""
    if "://" in text:
        return True
    host = text.partition("/")[0].lower().replace("。", ".")
    if not marketplace.hosts:
        return "." in host
    return "." in host and ("/" in text or bool(_fit(host, marketplace)))


def marketplace_of(name: str, marketplaces: Sequence[Marketplace]) -> Marketplace | None:
    """Return the marketplace to which a host belongs: the one with the longest host that fits.

    Without any, the one for independent websites; ``None`` where there is none either.
    """
    best = max(marketplaces, key=lambda marketplace: _fit(name, marketplace), default=None)
    if best and _fit(name, best):
        return best
    return next((one for one in marketplaces if not one.hosts), None)


def _fit(name: str, marketplace: Marketplace) -> int:
    """Return the length of the longest of a marketplace's hosts to which ``name`` belongs, 0 for none."""
    fitting = (h for h in marketplace.hosts if name == h or name.endswith(f".{h}"))
    return max(map(len, fitting), default=0)


def _item(marketplace: Marketplace, path_and_query: str) -> str | None:
    """Return what the marketplace's own pattern finds in an address; ``None`` if it finds nothing in time."""
    if not marketplace.listing_pattern:
        return None
    try:
        match = compiled(marketplace.listing_pattern).search(
            path_and_query, timeout=PATTERN_SECONDS
        )
    except TimeoutError:
        log.warning("listing_pattern_too_slow", marketplace=marketplace.slug)
        return None
    if not match:
        return None
    return match.groupdict().get("item") or (match.group(1) if match.groups() else match.group())


@lru_cache(maxsize=200)
def compiled(pattern: str) -> regex.Pattern[str]:
    """Return an admin's pattern, whose search can be told when to end. Raises :class:`regex.error`.

    Some patterns take time without end for some addresses, and anybody may file those: the standard library
    could not be told.
    """
    return regex.compile(pattern)


def _bounded(key: str) -> str:
    """Keep keys within the column; the hash keeps two long ones apart."""
    if len(key) <= _KEY_LENGTH:
        return key
    digest = hashlib.sha256(key.encode()).hexdigest()
    return f"{key[: _KEY_LENGTH - 65]}#{digest}"
