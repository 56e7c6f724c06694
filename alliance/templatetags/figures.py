"""Numbers as people read them. The settings make these filters known to every template.

Django groups no number by itself here (``USE_THOUSAND_SEPARATOR`` is off): a key, a version or a
coordinate in an attribute stays what it is.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.utils.formats import number_format

from alliance.lib import counts

register = template.Library()


class GroupedInt(int):
    """A whole number that is written with its thousands grouped, as the active language does.

    It stays a number, so ``{% blocktranslate count n=rows|grouped %}`` finds the plural form.
    """

    def __str__(self) -> str:
        return number_format(int(self), use_l10n=True, force_grouping=True)


@register.filter
def grouped(value: Any) -> Any:
    """Return a figure with its thousands grouped: ``12,345``. What is no number is returned as it is."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return GroupedInt(value)
    if isinstance(value, float | Decimal):
        return number_format(value, use_l10n=True, force_grouping=True)
    return value


@register.filter
def capped(value: int) -> str:
    """Return a count that stopped at ``counts.CAP`` as it is shown: ``1,000+`` beyond it."""
    return counts.words(value)
