"""The currencies that marketplaces use."""

from __future__ import annotations

from babel import Locale
from django.utils.translation import get_language

# ISO 4217.
CODES = [
    "CNY",
    "HKD",
    "TWD",
    "MOP",
    "USD",
    "EUR",
    "GBP",
    "JPY",
    "KRW",
    "AED",
    "ARS",
    "AUD",
    "BRL",
    "CAD",
    "CHF",
    "CLP",
    "COP",
    "CZK",
    "DKK",
    "EGP",
    "HUF",
    "IDR",
    "ILS",
    "INR",
    "KZT",
    "MAD",
    "MXN",
    "MYR",
    "NGN",
    "NOK",
    "NZD",
    "PEN",
    "PHP",
    "PKR",
    "PLN",
    "RON",
    "RUB",
    "SAR",
    "SEK",
    "SGD",
    "THB",
    "TRY",
    "UAH",
    "VND",
    "ZAR",
]


def named() -> list[tuple[str, str]]:
    """Return the currencies as choices: the code and its name in the active language."""
    locale = Locale.parse((get_language() or "en").replace("-", "_"), sep="_")
    return [(code, f"{code} · {locale.currencies.get(code, code)}") for code in CODES]
