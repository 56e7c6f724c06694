"""The public page of a member, which its owners can preview."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from alliance.lib.geo import map_points
from members.models import Brand, DirectoryEntry, Member
from members.services.directory import entry_of


def page_context(
    member: Member, brands: Iterable[Brand], entry: DirectoryEntry | None = None
) -> dict[str, Any]:
    """Return the context of ``members/_public_page.html``. ``entry`` is the member's own by default."""
    entry = entry or entry_of(member)
    country = str(member.country)
    return {
        "member": member,
        "brands": list(brands),
        "entry": entry,
        "points": map_points({country: 1}, chosen=[country]),
        "website_host": _host(member.website) if entry.shows_website else "",
        "consumer_host": _host(entry.consumer_url),
        "consumer_dial": re.sub(r"[^+0-9]", "", entry.consumer_phone),
    }


def _host(address: str) -> str:
    """Return the host of an HTTP(S) URL, or '' for any other value."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return (parts.hostname or "") if parts.scheme in ("http", "https") else ""
