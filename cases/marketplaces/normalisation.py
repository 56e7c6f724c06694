"""The one spelling of a web address. Nothing here is ever fetched; addresses are hostile text.

Addresses are parsed as browsers do (WHATWG URL, by the library can-ada). Two spellings that every server takes
for the same address become one: percent signs, Unicode forms, dot segments, the default port, tracking
parameters. Anything else stays apart.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from dataclasses import dataclass

import can_ada
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from alliance.lib.addresses import is_public

MAX_LENGTH = 2000
SHOWN = 120

# Parameters that say how a visitor came, or name a session; they never name a listing.
TRACKING = re.compile(
    r"^(utm_\w+|gclid|gclsrc|dclid|gbraid|wbraid|gad_\w+|srsltid|fbclid|msclkid|ttclid|twclid|yclid|ysclid"
    r"|igshid|igsh|_ga|_gl|mc_cid|mc_eid|_hsenc|_hsmi|spm|oscsid|phpsessid|jsessionid|zenid)$",
    re.IGNORECASE,
)
# Tracking on marketplaces. On a website of its own each of these may name the goods.
TRACKING_ON_MARKETPLACES = re.compile(r"^(scm|ref_?|pvid|share\w*|_\w*trk\w*)$", re.IGNORECASE)

# Names that lead into somebody's own network (RFC 6761, 6762, 8375, and the usual private ones).
_LOCAL_NAMES = ("localhost", "local", "internal", "intranet", "lan", "home.arpa")
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]*)")
_SCHEME = re.compile(r"https?://", re.IGNORECASE)
_PASSWORD = re.compile(r"^([^/]*//)?[^/]*@")
_ESCAPES = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_SESSION_IN_PATH = re.compile(r";jsessionid=[^/;]*", re.IGNORECASE)
_ROUTE = re.compile(r"[\w.-]+=")


@dataclass(frozen=True)
class NormalisedURL:
    """The parts of an address in their one spelling.

    ``url`` is the address as given, with its scheme. ``name`` is the host without ``www.`` and ``m.``;
    ``host`` is the same with a port that is not the usual one. ``path`` has no slash at its end; the
    fragment belongs to it where the site's pages are made in the browser.
    """

    url: str
    name: str
    host: str
    path: str
    pairs: tuple[tuple[str, str], ...]

    def query(self, *, on_marketplace: bool) -> str:
        """Return the parameters without those of tracking, sorted."""
        return "&".join(
            f"{name}={value}"
            for name, value in sorted(self.pairs)
            if not TRACKING.match(name)
            and not (on_marketplace and TRACKING_ON_MARKETPLACES.match(name))
        )

    @property
    def is_number(self) -> bool:
        """Whether the host is an IP address instead of a name."""
        return is_ip_address(self.name)


def normalise_url(text: str) -> NormalisedURL:
    """Read one address. A bare host is taken as https.

    Raises :class:`ValidationError` with a sentence that says what is wrong. It never repeats a password.
    """
    text = text.replace("&amp;", "&")
    url = text if "://" in text else f"https://{text}"
    if len(url) > MAX_LENGTH:
        raise ValidationError(
            _("An address has up to %(limit)d characters; this one has %(count)d.")
            % {"limit": MAX_LENGTH, "count": len(url)}
        )
    if len(text.split()) > 1:
        raise ValidationError(
            _("“%(line)s” contains a blank: write each address on a line of its own.")
            % {"line": _shown(text)}
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
            _("This address contains a user name or password: %(host)s") % {"host": name[:SHOWN]}
        )
    check_host(name, text)
    for prefix in ("www.", "m."):
        if name.startswith(prefix) and "." in name.removeprefix(prefix):
            name = name.removeprefix(prefix)
    host = f"{name}:{parsed.port}" if parsed.port else name
    path = canonical(_SESSION_IN_PATH.sub("", parsed.pathname))
    path = re.sub(r"/+", "/", path).rstrip("/")
    return NormalisedURL(
        url=url,
        name=name,
        host=host,
        path=path + _route(path, parsed.hash[1:]),
        pairs=_pairs(parsed.search[1:]),
    )


def check_host(name: str, text: str) -> None:
    """Refuse a host that is no name on the internet. Raises :class:`ValidationError`."""
    if is_ip_address(name):
        if not is_public(name.strip("[]")):
            raise _not_public(name)
        return
    if name.endswith(tuple(f".{local}" for local in _LOCAL_NAMES)) or name in _LOCAL_NAMES:
        raise _not_public(name)
    labels = name.split(".")
    if len(labels) < 2 or len(name) > 253 or len(labels[-1]) < 2 or not labels[-1][0].isalpha():
        raise _no_address(text)
    if not all(_LABEL.fullmatch(label) for label in labels):
        raise _no_address(text)


def is_ip_address(name: str) -> bool:
    """Say whether ``name`` is an IP address; one of version 6 is in brackets."""
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


def canonical(text: str) -> str:
    """Return ``text`` of a path or query in its one spelling.

    Letters of any script stand as they are, in Unicode's form NFC. What has a meaning in addresses, and
    what is no UTF-8, stays as percent signs with capitals.
    """
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
    """Return what of the fragment names a page. Elsewhere it is only a place on the page."""
    is_route = fragment.startswith(("/", "!")) or (not path and _ROUTE.match(fragment))
    if not is_route:
        return ""
    if _ROUTE.match(fragment):
        kept = [f"{n}={v}" for n, v in _pairs(fragment) if not TRACKING.match(n)]
        return f"/#{'&'.join(kept)}" if kept else ""
    return f"/#{canonical(fragment)}"


def _shown(text: str) -> str:
    return _PASSWORD.sub(r"\1…@", text)[:SHOWN]


def _no_address(text: str) -> ValidationError:
    return ValidationError(_("“%(line)s” is not a web address.") % {"line": _shown(text)})


def _not_public(name: str) -> ValidationError:
    return ValidationError(
        _("%(host)s is an address inside a private network, not on the internet.")
        % {"host": name[:SHOWN]}
    )
