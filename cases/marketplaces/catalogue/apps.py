"""Addresses of apps and addresses without a scheme, turned into web addresses by the catalogue's data."""

from __future__ import annotations

import re
from functools import cache

from cases.marketplaces.catalogue.rules import by_host, entries

_SCHEME = re.compile(r"([a-z][a-z0-9.+-]*)://(.*)", re.IGNORECASE | re.DOTALL)
# A line break in front of the parameters of an address.
_BROKEN = re.compile(r"(?<=\S)[ \t]*\r?\n(?=[?&][A-Za-z_]+=)")
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
    return f"https://{rest}" if _is_known(host) else f"https://{base}/{rest}"


def prepare(text: str) -> str:
    """Return ``text`` in which known hosts and apps have the scheme of the web, and addresses are not broken."""
    text = _BROKEN.sub("", text)
    text = _app_pattern().sub(lambda match: as_web_address(match[0]), text)
    return _HOST.sub(_with_scheme, text)


def _with_scheme(match: re.Match[str]) -> str:
    return f"https://{match[1]}" if _is_known(match[1].lower()) else match[1]


def _is_known(host: str) -> bool:
    labels = host.split(".")
    return any(".".join(labels[at:]) in by_host() for at in range(len(labels) - 1))


@cache
def _apps() -> dict[str, str]:
    """Return the web host of each app's scheme."""
    return {scheme: host for entry in entries().values() for scheme, host in entry.apps.items()}


@cache
def _app_pattern() -> re.Pattern[str]:
    schemes = "|".join(map(re.escape, _apps()))
    return re.compile(rf"(?<![0-9A-Za-z])(?:{schemes})://[!-~]+", re.IGNORECASE)
