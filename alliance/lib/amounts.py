"""Parse and format amounts and large counts.

The comma is the thousands separator and the point is the decimal separator, in English and in Chinese. Ambiguous
input is rejected: ``12500,50`` could mean 12,500.50 or be a typing error.
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

# Longer input is rejected: no column has as many digits.
MAX_CHARACTERS = 60
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
    """The text is not a number, or is ambiguous."""


def read(text: str) -> Decimal:
    """Return the number in ``text``. Full-width digits, thousands separators, 万 and 亿 are accepted.

    Raises :class:`Unreadable`.
    """
    text = " ".join(unicodedata.normalize("NFKC", text).translate(_VARIANTS).split())
    text = _CURRENCY.sub("", _CURRENCY.sub("", text)).strip()
    if len(text) > MAX_CHARACTERS:
        raise Unreadable(text)
    if _PLAIN.fullmatch(text):
        return _decimal(text)
    if _WITH_UNITS.fullmatch(text):
        return _with_units(text)
    raise Unreadable(text)


def in_words(value: Decimal | int | None) -> str:
    """Return ``value`` with words for large units: ``1 million 250 thousand 50`` or ``125万50``. Empty below 10,000."""
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
    """Return ``value`` for lists: ``1,250,000 (1 million 250 thousand)``. ``None`` gives an en dash."""
    if value is None:
        return "–"
    number, words = AmountField().prepare_value(value), in_words(value)
    return f"{number} ({words})" if words else str(number)


class AmountField(forms.DecimalField):
    """An amount of money. Ambiguous input is rejected with an example."""

    widget = forms.TextInput
    default_error_messages = {
        "unreadable": _(
            "“%(value)s” is not a clear amount. Enter it like %(example)s, with commas between thousands and a point "
            "before the decimals, or with 万 or 亿."
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
        """Format a stored amount so that it can be parsed again."""
        if isinstance(value, Decimal):
            whole = value == value.to_integral_value()
            return number_format(value, 0 if whole else 2, force_grouping=True)
        return value


class CountField(forms.IntegerField):
    """A large count, parsed like an amount. ``1.000`` is rejected, because it may mean 1 or 1,000."""

    widget = forms.TextInput
    default_error_messages = {
        "unreadable": _(
            "“%(value)s” is not a clear number. Enter a whole number like %(example)s, or with 万 or 亿."
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
        # "12500.00" is a whole number; "1.000" means 1,000 in some countries.
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
    """Return the value of ``1亿2500万50``. Units must be in descending order."""
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
    # 1.2345万 has four decimals and is a whole number.
    return Decimal(int(number)) if number == number.to_integral_value() else number


def _unreadable(field: forms.Field, value: str, example: str) -> ValidationError:
    message = field.error_messages["unreadable"]
    return ValidationError(
        message, code="unreadable", params={"value": value.strip()[:40], "example": example}
    )
