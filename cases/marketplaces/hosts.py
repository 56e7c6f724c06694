"""The hosts of a marketplace, as an admin types them."""

from __future__ import annotations

import can_ada
import tldextract
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cases.marketplaces.normalisation import check_host, is_ip_address

# The list of public suffixes that comes with the library; nothing is fetched.
_suffixes = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


def clean(text: str) -> str:
    """Return the host that ``text`` names: an address gives its host, another script becomes ASCII.

    Raises :class:`ValidationError` with a sentence when it is no host that a marketplace can have.
    """
    text = text.strip()
    try:
        url = can_ada.parse(text if "://" in text else f"https://{text}")
    except ValueError:
        raise _no_host(text) from None
    name = url.hostname.rstrip(".").removeprefix("www.")
    if url.username or url.password or is_ip_address(name):
        raise _no_host(text)
    try:
        check_host(name, text)
    except ValidationError:
        raise _no_host(text) from None
    if not _suffixes(name).domain:
        raise ValidationError(
            _("“%(host)s” is the ending of many hosts, not one of its own.") % {"host": name}
        )
    return str(name)


def _no_host(text: str) -> ValidationError:
    return ValidationError(_("“%(host)s” is no host name.") % {"host": text[:120]})
