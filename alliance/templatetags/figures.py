"""Number filters. The settings load them in every template.

``USE_THOUSAND_SEPARATOR`` is off, so that keys, versions and coordinates in attributes are not grouped.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.utils.formats import number_format

from alliance.lib import counts

register = template.Library()


class GroupedInt(int):
    """An integer whose string form has thousands separators of the active language.

    As an integer, it selects the plural form in ``{% blocktranslate count n=rows|grouped %}``.
    """

    def __str__(self) -> str:
        return number_format(int(self), use_l10n=True, force_grouping=True)


@register.filter
def grouped(value: Any) -> Any:
    """Return a number with thousands separators: ``12,345``. Other values are returned unchanged."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return GroupedInt(value)
    if isinstance(value, float | Decimal):
        return number_format(value, use_l10n=True, force_grouping=True)
    return value


@register.filter
def capped(value: int) -> str:
    """Format a count that stops above ``counts.CAP``: ``1,000+`` above it."""
    return counts.words(value)
