"""What is wrong with single facts of a listing, for sheets and programs. Reads nothing from the database."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from alliance.lib import clock, currencies
from cases.models import Listing, Marketplace

# There were no online marketplaces before.
EARLIEST_DAY = date(1995, 1, 1)
TITLE_LENGTH: int = Listing._meta.get_field("title").max_length or 300
# Of a shop.
NAME_LENGTH = 200


def day_problem(day: date | None, *, latest: date | None = None) -> str:
    """Return what is wrong with the day on which something happened, or ``""``.

    It is not after ``latest``, by default the latest day that is not in the future for any user.
    """
    if day and day > (latest or clock.latest_day()):
        return _("This day is in the future.")
    return _("Check the year.") if day and day < EARLIEST_DAY else ""


def currency_problem(code: str, price: Decimal | None, *, given: str = "") -> str:
    """Return what is wrong with the currency ``code`` of a ``price``, or ``""``. ``given`` is what was entered."""
    if code and code not in currencies.CODES:
        text = _("“%(code)s” is not a currency of a marketplace. Enter a code such as CNY.")
        return text % {"code": (given or code)[:20]}
    return _("Enter the currency of the price.") if price is not None and not code else ""


def marketplace_problem(marketplace: Marketplace) -> str:
    """Return why no listing of the marketplace can be filed, or ``""``."""
    if marketplace.is_active:
        return ""
    return _("No cases can be filed for %(marketplace)s.") % {"marketplace": marketplace}


def unknown_marketplace() -> str:
    """Return the message for a name that no marketplace has."""
    return _("This marketplace is not in the portal. Check the name.")
