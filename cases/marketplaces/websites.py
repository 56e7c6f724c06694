"""Which hosts are the website of one independent shop.

A website is a registered domain. Public suffixes of providers count, so ``alice.myshopify.com`` and
``bob.myshopify.com`` are two websites. Only subdomains with a general name, such as ``www`` and ``shop``, belong to the
website of the domain: others may be the shops of different sellers at a provider that no list names.
"""

from __future__ import annotations

from functools import lru_cache

from alliance.lib.domains import SUFFIXES
from cases.marketplaces.normalisation import is_ip_address

# Subdomains of a shop itself: its shop, its mobile pages, its pages for a country or in a language.
_GENERAL = (
    *("www", "www1", "www2", "web", "m", "mobile", "wap", "h5", "global", "intl", "international"),
    *("shop", "shops", "store", "stores", "boutique", "eshop", "estore", "mall", "buy", "sale"),
    *("outlet", "order", "checkout", "secure"),
    *("at", "be", "ch", "cz", "de", "dk", "es", "eu", "fi", "fr", "gb", "gr", "hu", "ie", "it"),
    *("nl", "no", "pl", "pt", "ro", "ru", "se", "tr", "ua", "uk"),
    *("ae", "au", "br", "ca", "cn", "hk", "id", "in", "jp", "kr", "mx", "my", "nz", "ph", "sa"),
    *("sg", "th", "tw", "us", "vn"),
    *("en", "zh"),
)


@lru_cache(maxsize=2000)
def site(host: str) -> str:
    """Return what identifies the website of a normalised host: its registered domain, or the host itself."""
    if ":" in host or is_ip_address(host):
        return host
    found = SUFFIXES(host, include_psl_private_domains=True)
    if not (found.domain and found.suffix and found.subdomain):
        return host
    if not set(_GENERAL).issuperset(found.subdomain.lower().split(".")):
        return host
    return f"{found.domain}.{found.suffix}"


def same_site(key: str) -> set[str]:
    """Return the keys that a shop with ``key`` may have been given: its site, and the general subdomains of it.

    A key that is not a host is returned as it is.
    """
    if "/" in key or "." not in key:
        return {key}
    domain = site(key)
    if site(f"www.{domain}") != domain:
        return {key}  # not a registered domain
    return {key, domain, *(f"{label}.{domain}" for label in _GENERAL)}
