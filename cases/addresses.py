"""Listing addresses: is it one, whose is it, and what is the one spelling of it.

Nothing here is ever fetched: addresses are recorded and shown, and treated as hostile text.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

import regex
import structlog
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from cases import shops
from cases.models import Marketplace

log = structlog.get_logger(__name__)

MAX_LENGTH = 2000
SHOP_ID_LENGTH = 120
SHOP_URL_LENGTH = 1000
# Parameters that say how a visitor came, not which listing it is.
TRACKING = re.compile(
    r"^(utm_\w+|spm|scm|fbclid|gclid|msclkid|ref_?|pvid|share\w*|_\w*trk\w*)$", re.IGNORECASE
)
# Signs that cannot be seen but change what is read: they come along when copying from chats, and hide tricks.
UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x08\x0b-\x1f\x7f]")

# How long an admin's pattern may look at one address: a thousand times what a sound one takes.
PATTERN_SECONDS = 0.02

_valid = URLValidator(schemes=["http", "https"])
_KEY_LENGTH = 500
_SHOWN = 120


@dataclass(frozen=True)
class Address:
    """An address as given, and what it means: whose marketplace, and the key of the listing."""

    url: str
    marketplace: Marketplace
    key: str


@dataclass(frozen=True)
class Reading:
    """What a box of addresses holds.

    ``mistakes`` has line number (from 1, empty lines counted) and sentence of each bad line; ``copies``
    counts the lines left out because an earlier line named the same listing.
    """

    addresses: list[Address]
    mistakes: list[tuple[int, str]]
    copies: int


def lines(text: str) -> list[tuple[int, str]]:
    """Return the lines of ``text`` that hold something, each with its number, cleaned for reading."""
    numbered = enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1)
    cleaned = ((number, _clean(line)) for number, line in numbered)
    return [(number, line) for number, line in cleaned if line]


def read(text: str) -> Reading:
    """Understand a box of addresses, one a line."""
    marketplaces = list(Marketplace.objects.filter(is_active=True))
    found: dict[str, Address] = {}
    mistakes: list[tuple[int, str]] = []
    known: dict[str, Address | str] = {}
    copies = 0
    for number, line in lines(text):
        # The same line a hundred thousand times is understood once.
        if line not in known:
            known[line] = _understood(line, marketplaces)
        address = known[line]
        if isinstance(address, str):
            mistakes.append((number, address))
            continue
        copies += address.key in found
        found.setdefault(address.key, address)
    return Reading(list(found.values()), mistakes, copies)


def _understood(line: str, marketplaces: Sequence[Marketplace]) -> Address | str:
    """Return what the line means, or the sentence that says what is wrong with it."""
    try:
        return parse(line, marketplaces)
    except ValidationError as error:
        return str(error.messages[0])


def parse(line: str, marketplaces: Sequence[Marketplace]) -> Address:
    """Understand one address. A bare host is taken as https.

    Raises :class:`ValidationError` with a sentence that says what is wrong with it.
    """
    url, host, path, query = _split(line)
    marketplace = _owner(host, marketplaces)
    query = _meaningful(query)
    item = _item(marketplace, f"{path}?{query}")
    rest = item or host + path + (f"?{query}" if query else "")
    return Address(url=url, marketplace=marketplace, key=_bounded(f"{marketplace.slug}:{rest}"))


def shop(text: str, marketplace: Marketplace) -> tuple[str, str]:
    """Return a shop's ID and its address (may be empty), given either of them.

    Raises :class:`ValidationError` for an address that is none, is not on ``marketplace``, or is that of
    a listing.
    """
    text = _clean(text)
    if not _is_address(text, marketplace):
        text = shops.plain(text)
    if not _is_address(text, marketplace):
        return _given_id(text), ""
    url, host, path, query = _split(text)
    if not marketplace.hosts:
        return host[:SHOP_ID_LENGTH], url[:SHOP_URL_LENGTH]
    if not _belongs(host, marketplace):
        raise ValidationError(
            _("This address is not on %(marketplace)s.") % {"marketplace": marketplace.name}
        )
    if _item(marketplace, f"{path}?{_meaningful(query)}"):
        raise ValidationError(_("This is the address of a listing: give the one of the shop."))
    if host in marketplace.hosts and not path and not _meaningful(query):
        raise ValidationError(
            _("This is the address of the marketplace. Enter the address of the shop.")
        )
    if found := _shop_id(marketplace, f"{host}{path}?{query}"):
        return found, url[:SHOP_URL_LENGTH]
    query = _meaningful(query)
    name = host + path + (f"?{query}" if query else "")
    if len(name) > SHOP_ID_LENGTH or len(url) > SHOP_URL_LENGTH:
        raise ValidationError(_("This shop address is too long: give the shop's ID instead."))
    return name, url


def _given_id(text: str) -> str:
    if len(text) > SHOP_ID_LENGTH:
        raise ValidationError(
            _("A shop ID has up to %(limit)d characters.") % {"limit": SHOP_ID_LENGTH}
        )
    if not shops.key(text):
        raise ValidationError(_("Give the shop's ID or its web address."))
    return text


def _clean(line: str) -> str:
    """Leave out what pasting brings along: blanks, unseen signs, quotes and the commas of a list."""
    return UNSEEN.sub("", line).strip().strip("\"'<>“”").rstrip(",;").strip("\"'<>“” \t")


def _split(text: str) -> tuple[str, str, str, str]:
    """Return address, host (with a port that is not the usual one), path and query of ``text``."""
    # What may be repeated on the screen: never a password.
    shown = re.sub(r"^([^/]*//)?[^/]*@", r"\1…@", text)[:_SHOWN]
    url = text if "://" in text else f"https://{text}"
    if len(url) > MAX_LENGTH:
        raise ValidationError(
            _("An address has up to %(limit)d characters; this one has %(count)d.")
            % {"limit": MAX_LENGTH, "count": len(url)}
        )
    if len(text.split()) > 1:
        raise ValidationError(
            _("“%(line)s” contains a blank: write each address on a line of its own.")
            % {"line": shown}
        )
    try:
        _valid(url)
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode()
        port = parts.port
    except (ValidationError, ValueError):
        raise ValidationError(_("“%(line)s” is not a web address.") % {"line": shown}) from None
    if parts.username or parts.password:
        if "://" not in text:
            raise ValidationError(_("“%(line)s” is not a web address.") % {"line": shown})
        raise ValidationError(
            _("This address contains a user name or password: %(host)s") % {"host": host[:_SHOWN]}
        )
    for prefix in ("www.", "m."):
        if host.startswith(prefix) and "." in host.removeprefix(prefix):
            host = host.removeprefix(prefix)
    if port and port not in (80, 443):
        host = f"{host}:{port}"
    path = re.sub(r"/+", "/", parts.path).rstrip("/")
    # What follows the hash is a place on the page, unless the shop is one that runs in the browser.
    if parts.fragment.startswith(("/", "!")):
        path = f"{path}/#{parts.fragment}"
    return url, host, path, parts.query


def _is_address(text: str, marketplace: Marketplace) -> bool:
    """Tell the address of a shop from its ID, which may contain a dot but then no slash."""
    if "://" in text:
        return True
    host = text.partition("/")[0].lower()
    if not marketplace.hosts:
        return "." in host
    return "." in host and ("/" in text or _belongs(host, marketplace))


def _belongs(host: str, marketplace: Marketplace) -> bool:
    name = host.partition(":")[0]
    return any(name == known or name.endswith(f".{known}") for known in marketplace.hosts)


def _owner(host: str, marketplaces: Sequence[Marketplace]) -> Marketplace:
    for marketplace in marketplaces:
        if _belongs(host, marketplace):
            return marketplace
    for marketplace in marketplaces:
        if not marketplace.hosts:
            return marketplace
    raise ValidationError(_("No marketplace is known for %(host)s.") % {"host": host[:_SHOWN]})


def _meaningful(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    return urlencode(sorted((k, v) for k, v in pairs if not TRACKING.match(k)))


def _item(marketplace: Marketplace, path_and_query: str) -> str | None:
    """Return what the marketplace's own pattern finds in an address; ``None`` if it finds nothing in time."""
    return _found(marketplace, marketplace.listing_pattern, path_and_query, "item")


def _shop_id(marketplace: Marketplace, address: str) -> str:
    """Return the shop's ID that the marketplace's pattern finds in an address; empty if there is none."""
    found = _found(marketplace, marketplace.shop_pattern, address, "shop") or ""
    found = shops.plain(unquote(found))
    return found if len(found) <= SHOP_ID_LENGTH else ""


def _found(marketplace: Marketplace, pattern: str, text: str, group: str) -> str | None:
    if not pattern:
        return None
    try:
        match = compiled(pattern).search(text, timeout=PATTERN_SECONDS)
    except TimeoutError:
        log.warning("pattern_too_slow", marketplace=marketplace.slug, group=group)
        return None
    if not match:
        return None
    return match.groupdict().get(group) or (match.group(1) if match.groups() else match.group())


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
