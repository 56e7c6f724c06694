"""Keys of shops: variants of a shop's ID or URL have the same key.

Imports no models, since models and migrations use it. Nothing is fetched.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Any
from urllib.parse import parse_qsl, unquote

from django.core.exceptions import ValidationError
from django.db import models

from alliance.lib.computed import ComputedField
from cases.marketplaces.normalisation import normalise_url

KEY_LENGTH = 200

# Characters that people use as a hyphen: dashes, minus signs, hyphen bullet, modifier minus.
_HYPHENS = re.compile("[\u02d7\u058a\u05be\u2010-\u2015\u2043\u2212\u2e3a\u2e3b\ufe58\ufe63\uff0d]")
# Invisible characters outside the categories Cc and Cf (Unicode: default ignorable).
_IGNORABLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_HOST = re.compile(r"[^\s/?#@:]+(?:\.[^\s/?#@:]+)+(?::\d+)?/")


def plain(text: str) -> str:
    """Return ``text`` in NFKC, without invisible characters, with ASCII hyphens and single spaces."""
    text = unicodedata.normalize("NFKC", text)
    text = "".join(c for c in text if c.isspace() or not _is_control(c))
    text = _HYPHENS.sub("-", _IGNORABLE.sub("", text))
    return " ".join(text.split())


def key(text: str, *, case_sensitive: bool = False) -> str:
    """Return the key of a shop's ID or URL; empty if ``text`` has no visible characters.

    Keys ignore width, invisible characters, kinds of hyphens, scheme, ``www.``, tracking parameters and percent
    encoding, and case unless ``case_sensitive``.
    """
    text = plain(text)
    if is_address(text):
        text = plain(_address(text))
    if not case_sensitive:
        # Case folding can break the normal form of some letters.
        text = plain(text.casefold())
    return _bounded(text)


def is_address(text: str) -> bool:
    """Return whether ``text`` is a URL with a scheme or a path. A bare host counts as an ID and is its own key."""
    return "://" in text or text[:4].lower() == "www." or bool(_HOST.match(text))


def search_keys(text: str) -> set[str]:
    """Return the keys that ``text`` can have on any marketplace."""
    return {key(text), key(text, case_sensitive=True)} - {""}


def parts(shop_key: str) -> set[str]:
    """Return the parts of a URL's key that may be the shop's ID: last path segment, parameters, subdomain.

    For a key without a path, only the subdomain. These are guesses. They are compared with authorised sellers.
    """
    host, slash, rest = shop_key.partition("/")
    if not slash or "." not in host:
        return {host.partition(".")[0]} if host.count(".") > 1 else set()
    path, _mark, query = rest.partition("?")
    found = {unquote(path.rpartition("/")[2]), *(value for _name, value in parse_qsl(query))}
    if host.count(".") > 1:
        found.add(host.partition(".")[0])
    return found - {""}


class ShopKeyField(ComputedField, models.CharField):
    """The key of another field.

    ``of`` is the name of the field with the ID or URL. The object's ``marketplace`` says whether keys are
    case-sensitive.
    """

    def __init__(self, *args: Any, of: str, **kwargs: Any) -> None:
        self.of = of
        kwargs |= {"max_length": KEY_LENGTH, "editable": False, "default": "", "db_default": ""}
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("max_length", "editable", "default", "db_default"):
            del kwargs[fixed]
        return name, path, args, {**kwargs, "of": self.of}

    def compute(self, row: Any) -> str:
        return key(
            getattr(row, self.of), case_sensitive=row.marketplace.shop_ids_are_case_sensitive
        )


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf")


def _address(text: str) -> str:
    """Return the normalised host, path and query without tracking; ``text`` if it is not a URL."""
    try:
        address = normalise_url(text)
    except ValidationError:
        return text
    query = address.query(on_marketplace=True)
    return address.host + address.path + (f"?{query}" if query else "")


def _bounded(text: str) -> str:
    """Limit a key to the length of its column. A hash keeps long keys distinct."""
    if len(text) <= KEY_LENGTH:
        return text
    return f"{text[: KEY_LENGTH - 65]}#{hashlib.sha256(text.encode()).hexdigest()}"
