"""Amounts and large counts as people type them, and the same figures in words.

The comma groups thousands and the point starts the decimals, in English and in Chinese alike. A figure that
another habit would read differently is refused: ``12500,50`` is 12,500.50 to one reader and a typing error to another.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext_lazy as _

# The longest figure that is read at all: no column takes more digits.
MOST_CHARACTERS = 60
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d{1,3}(?:'\d{3})+|\d+)(?:\.\d+)?"
_PLAIN = re.compile(rf"-?{_NUMBER}")
_WITH_UNITS = re.compile(rf"(?:{_NUMBER} ?(?:百|千)?(?:万|亿))+(?:{_NUMBER})?")
_PART = re.compile(rf"({_NUMBER}) ?((?:百|千)?(?:万|亿)|$)")
_UNITS = {
    "万": Decimal(10**4),
    "百万": Decimal(10**6),
    "千万": Decimal(10**7),
    "亿": Decimal(10**8),
    "百亿": Decimal(10**10),
    "千亿": Decimal(10**11),
}
_VARIANTS = str.maketrans({"萬": "万", "億": "亿", "’": "'", "‘": "'", "−": "-"})
_CURRENCY = re.compile(r"^(?:CNY|RMB|人民币|¥)\s*|\s*(?:CNY|RMB|元|圆)$", re.IGNORECASE)


class Unreadable(ValueError):
    """The text is no figure, or one that two readers would read differently."""


def read(text: str) -> Decimal:
    """Return the figure in ``text``: digits of any width, well-formed grouping, 万 and 亿.

    Raises :class:`Unreadable`.
    """
    text = " ".join(unicodedata.normalize("NFKC", text).translate(_VARIANTS).split())
    text = _CURRENCY.sub("", _CURRENCY.sub("", text)).strip()
    if len(text) > MOST_CHARACTERS:
        raise Unreadable(text)
    if _PLAIN.fullmatch(text):
        return _decimal(text)
    if _WITH_UNITS.fullmatch(text):
        return _with_units(text)
    raise Unreadable(text)


def in_words(value: Decimal | int | None) -> str:
    """Return ``value`` in words for large numbers: ``1 million 250 thousand 50``, or ``125万50``. Empty below 10,000."""
    if value is None or abs(Decimal(value)) < 10_000:
        return ""
    chinese = (get_language() or "").startswith("zh")
    steps = [(10**8, "亿"), (10**4, "万")]
    if not chinese:
        steps = [
            (10**9, pgettext("number", "billion")),
            (10**6, pgettext("number", "million")),
            (10**3, pgettext("number", "thousand")),
        ]
    gap = "" if chinese else " "
    rest, parts = Decimal(value), list[str]()
    for size, word in steps:
        whole, rest = divmod(rest, size)
        if whole:
            parts.append(f"{number_format(int(whole), force_grouping=True)}{gap}{word}")
    if rest:
        places = 0 if rest == rest.to_integral_value() else 2
        parts.append(number_format(rest, decimal_pos=places, force_grouping=True))
    return gap.join(parts)


def grouped_and_in_words(value: Decimal | None) -> str:
    """Return ``value`` as lists show it: ``1,250,000 (1 million 250 thousand)``. None gives an en dash."""
    if value is None:
        return "–"
    number, words = AmountField().prepare_value(value), in_words(value)
    return f"{number} ({words})" if words else str(number)


class AmountField(forms.DecimalField):
    """An amount of money. Figures that can be read in two ways are refused with an example."""

    widget = forms.TextInput
    default_error_messages = {
        "unreadable": _(
            "“%(typed)s” cannot be read with certainty. Write it like this: %(example)s, with a comma between "
            "thousands and a point before the decimals, or with 万 or 亿."
        )
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 14)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("inputmode", "decimal")

    def to_python(self, value: Any) -> Any:
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)
        return _read_for(self, value, number_format(Decimal("12500.50"), 2, force_grouping=True))

    def prepare_value(self, value: Any) -> Any:
        """Show a stored amount grouped, as it is read back in."""
        if isinstance(value, Decimal):
            whole = value == value.to_integral_value()
            return number_format(value, 0 if whole else 2, force_grouping=True)
        return value


class CountField(forms.IntegerField):
    """A number of things that may be large, read as amounts are. ``1.000`` is refused, not taken as 1."""

    widget = forms.TextInput
    default_error_messages = {
        "unreadable": _(
            "“%(typed)s” cannot be read with certainty. Write a whole number like this: %(example)s, or with 万 or 亿."
        )
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("inputmode", "numeric")

    def to_python(self, value: Any) -> Any:
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)
        example = number_format(12500, 0, force_grouping=True)
        number = _read_for(self, value, example)
        # "12500.00" is a whole number; "1.000" would be a thousand to half of those who write it.
        if number != number.to_integral_value() or re.search(r"\.\d{3}\D*$", value):
            raise _unreadable(self, value, example)
        return int(number)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            return number_format(value, 0, force_grouping=True)
        return value


def _decimal(text: str) -> Decimal:
    return Decimal(re.sub(r"[, ']", "", text))


def _with_units(text: str) -> Decimal:
    """Add up ``1亿2500万50``: each unit once, the larger ones first."""
    total, last = Decimal(0), None
    for number, unit in _PART.findall(text):
        size = _UNITS.get(unit, Decimal(1))
        if last is not None and (size >= last or _decimal(number) * size >= last):
            raise Unreadable(text)
        total, last = total + _decimal(number) * size, size
    return total


def _read_for(field: forms.Field, value: str, example: str) -> Decimal:
    try:
        number = read(value)
    except Unreadable:
        raise _unreadable(field, value, example) from None
    # 1.2345万 has four places and is a whole number.
    return Decimal(int(number)) if number == number.to_integral_value() else number


def _unreadable(field: forms.Field, value: str, example: str) -> ValidationError:
    message = field.error_messages["unreadable"]
    return ValidationError(
        message, code="unreadable", params={"typed": value.strip()[:40], "example": example}
    )
