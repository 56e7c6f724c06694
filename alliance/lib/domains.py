"""Registrable domains of URLs, from the public suffix list that comes with tldextract. Nothing is fetched."""

from __future__ import annotations

import can_ada
import tldextract

SUFFIXES = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


def registrable(url: str) -> str:
    """Return the registrable domain of a URL in lower case, such as ``alder.co.uk``; ``""`` if it has none.

    A shop at a provider that lists its domain as a suffix has a domain of its own, such as ``alder.myshopify.com``.
    """
    try:
        host = can_ada.parse(url.strip()).hostname
    except ValueError:
        return ""
    found = SUFFIXES(host.rstrip("."), include_psl_private_domains=True)
    return f"{found.domain}.{found.suffix}".lower() if found.domain and found.suffix else ""
