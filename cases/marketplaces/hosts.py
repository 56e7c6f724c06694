"""Cleans the hosts of a marketplace that an admin enters."""

from __future__ import annotations

import can_ada
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from alliance.lib.domains import SUFFIXES
from cases.marketplaces.normalisation import check_host, is_ip_address


def clean(text: str) -> str:
    """Return the host in ``text``, which may be a URL. International names are converted to ASCII.

    Raises :class:`ValidationError` with a message for the user if a marketplace cannot have this host.
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
    if not SUFFIXES(name).domain:
        raise ValidationError(
            _("“%(host)s” is a public suffix, not a host name. Enter a full host name.")
            % {"host": name}
        )
    return str(name)


def _no_host(text: str) -> ValidationError:
    return ValidationError(
        _("“%(host)s” is not a host name. Enter a name such as shop.example.")
        % {"host": text[:120]}
    )
