"""Types of values in the patterns of the catalogue, and the normalisers of values."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from urllib.parse import unquote

from cases.marketplaces.catalogue.pages import decoded

# The names that the catalogue's patterns use for common values. Any other type is a pattern itself.
TYPES = {
    "digits": "[0-9]+",
    "code": "[0-9A-Za-z]+",
    "word": "[0-9A-Za-z_-]+",
    "name": "[^/]+",
    "label": "[0-9a-z_-]+",
    "hex24": "[0-9A-Fa-f]{24}",
    "hex32": "[0-9A-Fa-f]{32}",
    "uuid": "[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}",
    "asin": "(?:B[0-9A-Z]{9}|[0-9]{9}[0-9X])",
    "any": ".+",
}

# On the site for the United States, AliExpress adds this to the numbers of items.
_US_OFFSET = 2**51
_GROUP = re.compile(r"<([a-z]+)(?::([^<>]*))?>")


def _base64(text: str) -> str:
    try:
        return base64.urlsafe_b64decode(text.replace("+", "-").replace("/", "_") + "===").decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""


def _proofpoint(text: str) -> str:
    return unquote(re.sub("-([0-9A-F]{2})", r"%\1", text).replace("_", "/"))


def _without_us_offset(text: str) -> str:
    number = int(text) if len(text) == 16 else 0
    return str(number - _US_OFFSET) if text.startswith("32") and number > _US_OFFSET else text


NORMALISERS: dict[str, Callable[[str], str]] = {
    "lower": str.lower,
    "upper": str.upper,
    "zeros": lambda text: text.lstrip("0") or "0",
    "ten-digits": lambda text: text.zfill(10),
    "decoded": decoded,
    "name": lambda text: decoded(text).lower(),
    "nodots": lambda text: decoded(text).lower().replace(".", ""),
    "nohyphens": lambda text: text.upper().replace("-", ""),
    "base64": _base64,
    "proofpoint": _proofpoint,
    "us-offset": _without_us_offset,
}


def type_of(kind: str, reserved: tuple[str, ...] = ()) -> str:
    """Return the pattern of a type. A ``name`` or ``label`` is none of the names that the marketplace reserves."""
    pattern = TYPES.get(kind, kind)
    if reserved and kind in ("name", "label"):
        names = "|".join(reserved)
        return f"(?!(?:{names})(?:[/.]|$)){pattern}"
    return pattern


def expand(pattern: str, reserved: tuple[str, ...] = ()) -> str:
    """Return a pattern of the catalogue as a regular expression.

    ``<item:digits>`` is a group with a type, ``~`` any text within one segment of a path and ``**`` any text.
    """
    text = pattern.replace("**", ".*").replace("~", "[^/]*")
    return _GROUP.sub(
        lambda m: f"(?P<{m[1]}>{type_of('name' if m[2] is None else m[2], reserved)})", text
    )
