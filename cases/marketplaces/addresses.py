"""Parses the URLs of listings and shops: marketplace, canonical key, shop.

URLs are untrusted text. They are stored and displayed, never fetched.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from functools import lru_cache

import regex
import structlog
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cases.marketplaces import catalogue, share_texts, shop_pages, shops, websites
from cases.marketplaces.catalogue import Reading, apps
from cases.marketplaces.catalogue.rules import INDEPENDENT
from cases.marketplaces.extraction import Found, extract_addresses
from cases.marketplaces.lookup import Marketplaces
from cases.marketplaces.normalisation import EXCERPT_LENGTH, INVISIBLE, NormalisedURL
from cases.models import Marketplace

log = structlog.get_logger(__name__)

# Increment this number if a change of the code gives URLs other keys or variants. The keys of all listings are then rebuilt
# (``cases.services.listing_keys``).
KEY_VERSION = 4

SHOP_ID_LENGTH = 120
SHOP_URL_LENGTH = 1000
VARIANT_LENGTH = 200

# The time limit for matching an admin's pattern with one URL. A normal pattern takes a thousandth of it.
PATTERN_SECONDS = 0.02

_KEY_LENGTH = 500
# A link with its text: <URL|text>.
_CHAT_LINK = re.compile(r"<([^<>|\s]+)\|[^<>]*>")
# The parameters of an address that a program has broken over two lines.
_PARAMETERS = re.compile(r"[?&][A-Za-z_]+=")


@dataclass(frozen=True)
class Address:
    """A URL as given, with its marketplace and the canonical key of the listing.

    ``kind`` is that of :class:`~cases.marketplaces.catalogue.Reading`. ``item`` is the listing's number by the
    marketplace's rules, or empty. ``variant`` is an SKU or a seller's offer on a common page. ``site`` identifies the shop, or is
    empty if the URL does not. It is an independent website (:mod:`.websites`), and the shop's page on a marketplace
    or on a site that many shops share. ``line`` is the number of the line in the text, from 1.
    ``is_doubtful`` says that the URL was found in a text and its end is not clear. ``opens_elsewhere`` says
    that it is a short link, which does not contain its target.
    """

    url: str
    marketplace: Marketplace
    key: str
    item: str
    site: str
    is_shop_page: bool
    normalised: NormalisedURL
    kind: str = "page"
    variant: str = ""
    line: int = 1
    is_doubtful: bool = False
    opens_elsewhere: bool = False

    @property
    def is_listing(self) -> bool:
        """Whether the rules say that the URL is of a listing, which may be a video, a live stream or an advertisement."""
        return self.kind in catalogue.LISTING_KINDS


@dataclass(frozen=True)
class ParsedText:
    """The URLs in the text of a form field.

    ``mistakes`` has the line number (from 1, counting empty lines) and the message of each invalid line.
    ``copies`` counts URLs that were left out because an earlier one has the same key, and ``variants`` those of them
    that name another variant. ``texts`` counts lines from which URLs were extracted. ``ignored`` counts lines of words
    beside the links of a shared text.
    """

    addresses: list[Address]
    mistakes: list[tuple[int, str]]
    copies: int
    texts: int = 0
    variants: int = 0
    ignored: int = 0


def lines(text: str) -> list[tuple[int, str]]:
    """Return the lines of ``text`` that are not empty, cleaned, each with its number.

    A line that begins with parameters (``?a=`` or ``&a=``) continues the address in the line before.
    """
    numbered = enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1)
    cleaned = ((number, _clean(line)) for number, line in numbered)
    found: list[tuple[int, str]] = []
    for number, line in cleaned:
        if found and _PARAMETERS.match(line):
            first, address = found.pop()
            found.append((first, address + line))
        elif line:
            found.append((number, line))
    return found


def parse_text(text: str, marketplaces: Marketplaces) -> ParsedText:
    """Parse the text of a form field: one URL on each line, or text that contains URLs.

    Lines of words are ignored if another line has a link, as in texts shared from apps. A line that may be an address
    is a mistake.
    """
    found: dict[str, Address] = {}
    mistakes: list[tuple[int, str]] = []
    known: dict[str, list[Address | str]] = {}
    copies = texts = variants = ignored = 0
    numbered = lines(text)
    words = share_texts.beside_links(line for _number, line in numbered)
    for number, line in numbered:
        # Repeated lines are parsed once.
        if line not in known:
            known[line] = [] if line in words else _parse_line(line, marketplaces)
        parsed = known[line]
        ignored += not parsed
        texts += len(parsed) > 1 or (len(parsed) == 1 and _is_text(line, parsed[0]))
        for address in parsed:
            if isinstance(address, str):
                mistakes.append((number, address))
                continue
            if first := found.get(address.key):
                copies += 1
                variants += first.variant != address.variant
                continue
            is_there = number == address.line
            found[address.key] = address if is_there else replace(address, line=number)
    return ParsedText(list(found.values()), mistakes, copies, texts, variants, ignored)


def parse_cell(text: str, marketplaces: Marketplaces) -> Address:
    """Parse the cell of a sheet as :func:`parse_text` does: a URL, or text that contains the URL of one listing.

    Raises :class:`ValidationError` with a message for the user.
    """
    found = parse_text(text, marketplaces)
    for _line, message in found.mistakes:
        raise ValidationError(message)
    if len(found.addresses) > 1:
        raise ValidationError(_("This cell has several URLs. Enter one listing in each row."))
    for address in found.addresses:
        return address
    return parse(text, marketplaces)  # raises, since there is no address


def found_in(line: str) -> list[Found]:
    """Return the URLs in the line, or the line itself if there are none."""
    return extract_addresses(apps.prepare(line))


def _parse_line(line: str, marketplaces: Marketplaces) -> list[Address | str]:
    """Return the URLs in the line, with an error message in place of each invalid one."""
    parsed: list[Address | str] = []
    for found in found_in(line):
        try:
            address = parse(found.text, marketplaces)
        except ValidationError as error:
            parsed.append(str(error.messages[0]))
        else:
            parsed.append(replace(address, is_doubtful=True) if found.doubtful else address)
    return parsed


def _is_text(line: str, address: Address | str) -> bool:
    return isinstance(address, Address) and address.url not in (line, f"https://{line}")


def parse(line: str, marketplaces: Marketplaces) -> Address:
    """Parse one URL. ``https`` is the default scheme.

    Raises :class:`ValidationError` with a message for the user.
    """
    reading = catalogue.read(line)
    marketplace = marketplaces.catalogued(reading)
    if marketplace is None:
        return _by_rows(reading, marketplaces)
    if reading.is_no_listing and reading.normalised.path:
        raise ValidationError(
            _("This page of %(marketplace)s is not a listing. Enter the URL of a listing.")
            % {"marketplace": marketplace}
        )
    if reading.kind in ("home", "page"):
        return _by_rows(reading, marketplaces)
    return Address(
        url=reading.normalised.url,
        marketplace=marketplace,
        key=_bounded(reading.key),
        item=reading.item if reading.kind == "item" else "",
        site=reading.shop,
        is_shop_page=reading.kind == "shop",
        normalised=reading.normalised,
        kind=reading.kind,
        variant=reading.variant[:VARIANT_LENGTH],
        opens_elsewhere=reading.opens_elsewhere,
    )


def _by_rows(reading: Reading, marketplaces: Marketplaces) -> Address:
    """Return the address by the hosts, patterns and shop pages of the rows."""
    normalised = reading.normalised
    marketplace = marketplaces.of_host(normalised.name)
    if marketplace is None:
        raise ValidationError(
            _("%(host)s does not belong to any known marketplace.")
            % {"host": normalised.host[:EXCERPT_LENGTH]}
        )
    query = normalised.query(on_marketplace=bool(marketplace.hosts))
    item = _item(marketplace, f"{normalised.path}?{query}") or ""
    listing = item or normalised.host + normalised.path + (f"?{query}" if query else "")
    if not marketplace.hosts and not item and reading.kind == "item":
        listing = reading.key  # as shop systems number their items
    page = shop_pages.find(normalised, marketplace.shop_pages)
    host_is_shop = not marketplace.hosts and not reading.opens_elsewhere
    site = page.shop if page else websites.site(normalised.host) if host_is_shop else ""
    is_shop_page = bool(page and page.whole and not item)
    return Address(
        url=normalised.url,
        marketplace=marketplace,
        # The primary key of the marketplace, since an admin can change the slug.
        key=_bounded(f"{marketplace.pk}:{listing}"),
        item=item,
        site=site,
        is_shop_page=is_shop_page,
        normalised=normalised,
        kind="item" if item else "shop" if is_shop_page else _kind(reading, marketplace),
        variant=reading.variant[:VARIANT_LENGTH],
        opens_elsewhere=reading.opens_elsewhere,
    )


def _kind(reading: Reading, marketplace: Marketplace) -> str:
    """Return the kind of a page that the pattern and the shop pages of ``marketplace`` do not know."""
    is_on_web = not marketplace.hosts and reading.marketplace == INDEPENDENT
    if is_on_web or reading.opens_elsewhere or reading.marketplace == marketplace.slug:
        return reading.kind
    is_front = not reading.normalised.path and not reading.normalised.search
    return "home" if is_front else "page"


def shop(text: str, marketplace: Marketplace) -> tuple[str, str]:
    """Return the ID and the URL of a shop, given either of them. The URL is empty if ``text`` is an ID.

    Raises :class:`ValidationError` for a URL that is invalid, not on ``marketplace``, or of a listing.
    """
    text = _clean(text)
    if not _is_address(text, marketplace):
        text = shops.plain(text)
    if not _is_address(text, marketplace):
        return _given_id(text, marketplace), ""
    reading = catalogue.read(text)
    normalised = reading.normalised
    if reading.opens_elsewhere:
        raise ValidationError(
            _("This is a short link. Open it and enter the URL that it leads to.")
        )
    if not marketplace.hosts:
        return _website(normalised, marketplace)
    is_catalogued = reading.marketplace == marketplace.slug
    if not is_catalogued and not _is_on(normalised.name, marketplace):
        raise ValidationError(
            _("This URL is not on %(marketplace)s.") % {"marketplace": marketplace.name}
        )
    query = normalised.query(on_marketplace=True)
    if is_catalogued and reading.kind == "shop" and reading.shop:
        return _shop_within_limits(reading.shop, normalised.url)
    if (is_catalogued and reading.is_listing) or _item(marketplace, f"{normalised.path}?{query}"):
        raise ValidationError(_("This is the URL of a listing. Enter the URL of the shop."))
    if normalised.name in marketplace.hosts and not normalised.path and not query:
        raise ValidationError(_("This is the URL of the marketplace. Enter the URL of the shop."))
    page = shop_pages.find(normalised, marketplace.shop_pages)
    if page and page.shop:
        return _shop_within_limits(_id_on(page, marketplace), normalised.url)
    name = normalised.host + normalised.path + (f"?{query}" if query else "")
    return _shop_within_limits(name, normalised.url)


def _id_on(page: shop_pages.Found, marketplace: Marketplace) -> str:
    """Return the shop's ID as people enter it if the page contains it, or else the whole page.

    It is in ``{code}`` if IDs are case-sensitive, and in ``{name}`` if they are not.
    """
    has_id = page.is_code == marketplace.shop_ids_are_case_sensitive
    return (page.value if has_id else "") or page.shop


def _website(normalised: NormalisedURL, marketplace: Marketplace) -> tuple[str, str]:
    """Return ID and URL of a shop on its own website or on a site that many shops share."""
    page = shop_pages.find(normalised, marketplace.shop_pages)
    if page is None:
        return websites.site(normalised.host)[:SHOP_ID_LENGTH], normalised.url[:SHOP_URL_LENGTH]
    if not page.shop:
        raise ValidationError(
            _("Many shops share %(host)s. Enter the URL of this shop’s page there.")
            % {"host": normalised.name[:EXCERPT_LENGTH]}
        )
    return _shop_within_limits(page.shop, normalised.url)


def _shop_within_limits(name: str, url: str) -> tuple[str, str]:
    if len(name) > SHOP_ID_LENGTH or len(url) > SHOP_URL_LENGTH:
        raise ValidationError(_("This shop URL is too long. Enter the shop ID instead."))
    return name, url


def _given_id(text: str, marketplace: Marketplace) -> str:
    if not marketplace.hosts:
        raise ValidationError(
            _("A shop on an independent website is identified by its URL. Enter the URL.")
        )
    if len(text) > SHOP_ID_LENGTH:
        raise ValidationError(
            _("A shop ID can have up to %(limit)d characters.") % {"limit": SHOP_ID_LENGTH}
        )
    if not shops.key(text):
        raise ValidationError(_("Enter the shop ID or the shop URL."))
    return text


def _clean(line: str) -> str:
    """Strip spaces, invisible characters, quotation marks, list separators and the markup of chats."""
    line = _CHAT_LINK.sub(r"\1", INVISIBLE.sub("", line))
    return line.strip().strip("\"'<>“”").rstrip(",;").strip("\"'<>“” \t")


def _is_address(text: str, marketplace: Marketplace) -> bool:
    """Return whether ``text`` is a URL of a shop and not an ID. An ID can contain a dot, but then no slash."""
    if "://" in text:
        return True
    host = text.partition("/")[0].lower().replace("。", ".")
    if not marketplace.hosts:
        return "." in host
    return "." in host and ("/" in text or _is_on(host, marketplace))


def _is_on(name: str, marketplace: Marketplace) -> bool:
    return any(name == host or name.endswith(f".{host}") for host in marketplace.hosts)


def _item(marketplace: Marketplace, path_and_query: str) -> str | None:
    """Return the listing's number by the marketplace's pattern; ``None`` without a match in time."""
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
    """Return an admin's pattern, compiled with a library that supports timeouts. Raises :class:`regex.error`.

    Some patterns backtrack catastrophically on some URLs, and any filer could enter such a URL.
    """
    return regex.compile(pattern)


def _bounded(key: str) -> str:
    """Limit a key to the length of the column. A hash keeps long keys distinct."""
    if len(key) <= _KEY_LENGTH:
        return key
    digest = hashlib.sha256(key.encode()).hexdigest()
    return f"{key[: _KEY_LENGTH - 65]}#{digest}"
