"""Addresses of apps and addresses without a scheme, turned into web addresses by the catalogue's data."""

from __future__ import annotations

import re
from functools import cache

from cases.marketplaces.catalogue.rules import entries, is_known

_SCHEME = re.compile(r"([a-z][a-z0-9.+-]*)://(.*)", re.IGNORECASE | re.DOTALL)
# A host in running text, before its path. Words of other scripts may touch it.
_HOST = re.compile(
    r"(?<![0-9A-Za-z_@./:%=&?#-])((?:[a-z0-9][a-z0-9-]*\.)+[a-z]{2,})(?=/)", re.IGNORECASE
)


def as_web_address(text: str) -> str:
    """Return the web address of an address with an app's scheme, or ``text``."""
    match = _SCHEME.match(text)
    if not match:
        return text
    base = _apps().get(match[1].lower())
    if base is None:
        return text
    rest = match[2].lstrip("/")
    host = re.split(r"[/?#]", rest, maxsplit=1)[0].lower()
    return f"https://{rest}" if is_known(host) else f"https://{base}/{rest}"


def prepare(line: str) -> str:
    """Return ``line`` in which the addresses of known hosts and apps have the scheme of the web."""
    line = _app_pattern().sub(lambda match: as_web_address(match[0]), line)
    return _HOST.sub(_with_scheme, line)


def _with_scheme(match: re.Match[str]) -> str:
    return f"https://{match[1]}" if is_known(match[1].lower()) else match[1]


@cache
def _apps() -> dict[str, str]:
    """Return the web host of each app's scheme."""
    return {scheme: host for entry in entries().values() for scheme, host in entry.apps.items()}


@cache
def _app_pattern() -> re.Pattern[str]:
    schemes = "|".join(map(re.escape, _apps()))
    return re.compile(rf"(?<![0-9A-Za-z])(?:{schemes})://[!-~]+", re.IGNORECASE)
