"""Normalises URLs. They are untrusted text and are never fetched.

URLs are parsed as browsers do (WHATWG URL, with the library can-ada). Only variants that every server treats as
equal are merged: percent encoding, Unicode normal forms, dot segments, default ports, tracking parameters.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import can_ada
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from alliance.lib.addresses import is_public

MAX_LENGTH = 2000
EXCERPT_LENGTH = 120

# Parameters for tracking and sessions. They never identify a listing.
TRACKING = re.compile(
    r"^(utm_\w+|gclid|gclsrc|dclid|gbraid|wbraid|gad_\w+|srsltid|fbclid|msclkid|ttclid|twclid|yclid|ysclid"
    r"|igshid|igsh|_ga|_gl|mc_cid|mc_eid|_hsenc|_hsmi|spm|oscsid|phpsessid|jsessionid|zenid)$",
    re.IGNORECASE,
)
# Tracking parameters of marketplaces. On independent websites they may identify the goods.
TRACKING_ON_MARKETPLACES = re.compile(r"^(scm|ref_?|pvid|share\w*|_\w*trk\w*)$", re.IGNORECASE)

# Invisible characters. They are copied from chats, or used to deceive readers.
INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x08\x0b-\x1f\x7f]")

# Host names of private networks (RFC 6761, 6762, 8375, and common private names).
_LOCAL_NAMES = ("localhost", "local", "internal", "intranet", "lan", "home.arpa")
_LOCAL_ENDINGS = tuple(f".{name}" for name in _LOCAL_NAMES)
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]*)")
_SCHEME = re.compile(r"https?://", re.IGNORECASE)
_PASSWORD = re.compile(r"^([^/]*//)?[^/]*@")
_ESCAPES = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_SESSION_IN_PATH = re.compile(r";jsessionid=[^/;]*", re.IGNORECASE)
_ROUTE = re.compile(r"[\w.-]+=")


@dataclass(frozen=True)
class NormalisedURL:
    """A URL and its normalised parts.

    ``url`` is the URL as given, with a scheme. ``name`` is the host without ``www.`` and ``m.``; ``host`` adds a
    port that is not the default. ``path`` has no trailing slash; it includes the fragment on sites that route in
    the browser, and ``pathname`` does not. ``hostname``, ``search`` and ``fragment`` are as the browser has them.
    """

    url: str
    name: str
    host: str
    path: str
    pairs: tuple[tuple[str, str], ...]
    hostname: str
    pathname: str
    search: str
    fragment: str

    def query(self, *, on_marketplace: bool) -> str:
        """Return the sorted parameters without tracking."""
        return "&".join(
            f"{name}={value}"
            for name, value in sorted(self.pairs)
            if not TRACKING.match(name)
            and not (on_marketplace and TRACKING_ON_MARKETPLACES.match(name))
        )

    @property
    def is_number(self) -> bool:
        """Whether the host is an IP address."""
        return is_ip_address(self.name)


def normalise_url(text: str) -> NormalisedURL:
    """Normalise one URL. ``https`` is the default scheme.

    Raises :class:`ValidationError` with a message for the user, which never contains a password.
    """
    text = text.replace("&amp;", "&")
    url = text if "://" in text else f"https://{text}"
    if len(url) > MAX_LENGTH:
        raise ValidationError(
            _("A URL can have up to %(limit)s characters, but this one has %(count)s.")
            % {
                "limit": number_format(MAX_LENGTH, force_grouping=True),
                "count": number_format(len(url), force_grouping=True),
            }
        )
    if len(text.split()) > 1:
        raise ValidationError(
            _("“%(line)s” contains a space. Enter each URL on a separate line.")
            % {"line": _excerpt(text)}
        )
    try:
        parsed = can_ada.parse(url) if _SCHEME.match(url) else None
    except ValueError:
        parsed = None
    if parsed is None:
        raise _no_address(text)
    name = parsed.hostname.rstrip(".")
    if parsed.username or parsed.password:
        if "://" not in text:
            raise _no_address(text)
        raise ValidationError(
            _("The URL on %(host)s contains a user name or password. Remove it.")
            % {"host": name[:EXCERPT_LENGTH]}
        )
    check_host(name, text)
    hostname = name
    for prefix in ("www.", "m."):
        if name.startswith(prefix) and "." in name.removeprefix(prefix):
            name = name.removeprefix(prefix)
    host = f"{name}:{parsed.port}" if parsed.port else name
    path = _path(parsed.pathname)
    return NormalisedURL(
        url=url,
        name=name,
        host=host,
        path=path + _route(path, parsed.hash[1:]),
        pairs=_pairs(parsed.search[1:]),
        hostname=hostname,
        pathname=path,
        search=parsed.search[1:],
        fragment=parsed.hash[1:],
    )


def _path(path: str) -> str:
    """Return the path with normalised percent encoding and slashes, without a session."""
    if ";" in path:
        path = _SESSION_IN_PATH.sub("", path)
    path = canonical(path)
    if "//" in path:
        path = re.sub(r"/+", "/", path)
    return path.rstrip("/")


def check_host(name: str, text: str) -> None:
    """Raise :class:`ValidationError` if ``name`` is not a public host name or IP address."""
    if is_ip_address(name):
        if not is_public(name.strip("[]")):
            raise _not_public(name)
        return
    if name.endswith(_LOCAL_ENDINGS) or name in _LOCAL_NAMES:
        raise _not_public(name)
    if not _is_host_name(name):
        raise _no_address(text)


@lru_cache(maxsize=2000)
def _is_host_name(name: str) -> bool:
    labels = name.split(".")
    if len(labels) < 2 or len(name) > 253 or len(labels[-1]) < 2 or not labels[-1][0].isalpha():
        return False
    return all(_LABEL.fullmatch(label) for label in labels)


def is_ip_address(name: str) -> bool:
    """Return whether ``name`` is an IP address. IPv6 addresses are in brackets."""
    if ":" not in name and not name[-1:].isdigit():
        return False  # Most names. The next lines are slow.
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


def canonical(text: str) -> str:
    """Return ``text``, a path or query, with normalised percent encoding.

    Letters of any script are decoded, in NFC. Reserved characters and bytes that are not UTF-8 stay encoded, in
    upper case.
    """
    if "%" not in text and text.isascii():
        return text
    return unicodedata.normalize("NFC", _ESCAPES.sub(lambda match: _decoded(match[0]), text))


def _decoded(escapes: str) -> str:
    octets = bytes.fromhex(escapes.replace("%", ""))
    try:
        characters = octets.decode()
    except UnicodeDecodeError:
        return escapes.upper()
    return "".join(
        c
        if c in _PLAIN or (c > "\x7f" and c.isprintable())
        else "".join(f"%{octet:02X}" for octet in c.encode())
        for c in characters
    )


def _pairs(query: str) -> tuple[tuple[str, str], ...]:
    parts = (part.partition("=") for part in query.split("&") if part)
    return tuple(
        (canonical(name.replace("+", "%20")), canonical(value.replace("+", "%20")))
        for name, _equals, value in parts
    )


def _route(path: str, fragment: str) -> str:
    """Return the fragment if it identifies a page and not only a position on the page."""
    is_route = fragment.startswith(("/", "!")) or (not path and _ROUTE.match(fragment))
    if not is_route:
        return ""
    if _ROUTE.match(fragment):
        kept = [f"{n}={v}" for n, v in _pairs(fragment) if not TRACKING.match(n)]
        return f"/#{'&'.join(kept)}" if kept else ""
    return f"/#{canonical(fragment)}"


def _excerpt(text: str) -> str:
    return _PASSWORD.sub(r"\1…@", text)[:EXCERPT_LENGTH]


def _no_address(text: str) -> ValidationError:
    return ValidationError(_("“%(line)s” is not a valid URL.") % {"line": _excerpt(text)})


def _not_public(name: str) -> ValidationError:
    return ValidationError(
        _("%(host)s is in a private network. Enter a public URL.") % {"host": name[:EXCERPT_LENGTH]}
    )
