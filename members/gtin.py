"""Global Trade Item Numbers (GTIN), the numbers under the barcodes of goods.

A GTIN has 8, 12, 13 or 14 digits, and the last one is a check digit (GS1 General Specifications, 7.9). It is stored
with 14 digits, zeros first, so that one number has one form.
"""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext as _

from alliance.lib.refusals import Refusal

LENGTH = 14
LENGTHS = (8, 12, 13, 14)
# What spreadsheets make of a long number, in German with a comma.
_SHORTENED = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d+")
# No point: 6901234567809.0 is a number that a program has read as a decimal, and would lose its meaning.
_SEPARATORS = re.compile(r"[\s\-‐‑–]+")
_SHOWN = 50


class InvalidGTIN(Refusal):
    """The text is not a GTIN."""


def parse(given: str) -> str:
    """Return the GTIN in ``given`` with 14 digits; ``""`` for a blank text. Blanks and hyphens do not matter.

    Raises :class:`InvalidGTIN` with what is wrong.
    """
    plain = unicodedata.normalize("NFKC", given).strip()
    if _SHORTENED.fullmatch(plain):
        raise InvalidGTIN(
            _(
                "Excel has shortened this GTIN to %(text)s, so its last digits are lost. Format the column as text, "
                "enter the number again, and check it against the barcode."
            )
            % {"text": plain[:_SHOWN]}
        )
    digits = _SEPARATORS.sub("", plain)
    if not digits:
        return ""
    if not re.fullmatch("[0-9]+", digits) or len(digits) not in LENGTHS:
        text = _("“%(text)s” is not a GTIN. A GTIN has 8, 12, 13 or 14 digits.")
        raise InvalidGTIN(text % {"text": given.strip()[:_SHOWN]})
    if not digits.strip("0") or check_digit(digits[:-1]) != digits[-1]:
        text = _("The check digit of %(text)s is wrong. Compare the number with the barcode.")
        raise InvalidGTIN(text % {"text": digits})
    return digits.zfill(LENGTH)


def check_digit(digits: str) -> str:
    """Return the check digit that follows ``digits``: their weights are 3 and 1 from the right."""
    total = sum(int(digit) * (3, 1)[at % 2] for at, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def shown(stored: str) -> str:
    """Return a stored GTIN as it is printed: with 8, 12, 13 or 14 digits."""
    digits = stored.lstrip("0")
    return (
        digits.zfill(next(length for length in LENGTHS if len(digits) <= length)) if digits else ""
    )
