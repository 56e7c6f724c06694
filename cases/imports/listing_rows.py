"""The rows of a sheet of listings: cleaned, with the marketplace and the shop that the URL tells."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import Field
from django.utils.translation import gettext as _

from alliance.lib import visible
from alliance.lib.amounts import AmountField, CountField
from alliance.lib.sheets.columns import Problem
from cases.imports.listing_columns import COLUMNS
from cases.imports.marketplace_names import MarketplaceNames
from cases.imports.pictures import Pictures
from cases.marketplaces import addresses
from cases.marketplaces.addresses import Address
from cases.marketplaces.lookup import Marketplaces
from cases.models import Listing, Marketplace
from cases.queries import listing_facts, shop_groups
from cases.services.evidence import MAX_FILES
from cases.services.listing_details import MOST_UNITS

_SEPARATORS = re.compile(r"[,，;；、\n]+")
# What people call a currency that has a code.
_CALLED = {"RMB": "CNY", "人民币": "CNY", "元": "CNY", "€": "EUR", "£": "GBP", "港币": "HKD"}


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop as a sheet names it. ``key`` is the same for all spellings of its ID."""

    marketplace: Marketplace
    id: str
    url: str
    key: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A row without problems."""

    address: Address
    shop: Shop
    shop_name: str
    title: str
    price: Decimal | None
    currency: str
    units_sold: int | None
    seen_on: date | None
    pictures: tuple[str, ...]

    @property
    def details(self) -> dict[str, Any]:
        """The values of the listing that the brand states."""
        return {name: getattr(self, name) for name in Listing.DETAILS}

    @property
    def value(self) -> Decimal | None:
        """The price multiplied by the units sold; a listing without units counts once, as in the rules of agencies."""
        return None if self.price is None else self.price * max(self.units_sold or 1, 1)


class RowReader:
    """Cleans rows. ``pictures`` are those that were uploaded with the sheet."""

    def __init__(self, pictures: Pictures) -> None:
        self._marketplaces = Marketplaces.all()
        self._names = MarketplaceNames(self._marketplaces)
        self._pictures = pictures
        self._titles = {column.name: str(column.title) for column in COLUMNS}
        self._price = AmountField(required=False, min_value=0)
        self._units = CountField(required=False, min_value=0, max_value=MOST_UNITS)
        self._shops: dict[tuple[int, str, str], Shop | str] = {}

    def read(self, row: dict[str, str]) -> tuple[Entry | None, list[Problem]]:
        """Return the entry of a row, or the problems that it has."""
        problems: list[Problem] = []
        wrong = partial(self._wrong, problems)
        address, shop = self._listing(row, wrong)
        values = {
            "shop_name": self._text(row, "shop_name", listing_facts.NAME_LENGTH, wrong),
            "title": self._text(row, "title", listing_facts.TITLE_LENGTH, wrong),
            "price": self._number(row, "price", self._price, wrong),
            "units_sold": self._number(row, "units_sold", self._units, wrong),
            "seen_on": self._day(row, wrong),
            "pictures": self._named_pictures(row, wrong),
        }
        values["currency"] = self._currency(row, values["price"], wrong)
        if problems or address is None or shop is None:
            return None, problems
        return Entry(address=address, shop=shop, **values), []

    def _wrong(self, problems: list[Problem], name: str, message: str) -> None:
        problems.append(Problem(self._titles[name], message))

    def _listing(self, row: dict[str, str], wrong: Any) -> tuple[Address | None, Shop | None]:
        try:
            address = addresses.parse_cell(row["url"], self._marketplaces)
        except ValidationError as error:
            wrong("url", str(error.messages[0]))
            return None, None
        marketplace = address.marketplace
        if problem := listing_facts.marketplace_problem(marketplace):
            wrong("url", problem)
        if given := row["marketplace"]:
            named = self._names.get(given)
            if named is None:
                wrong("marketplace", listing_facts.unknown_marketplace())
            elif named.pk != marketplace.pk:
                text = _("This URL is on %(other)s, not on %(marketplace)s.")
                wrong("url", text % {"other": marketplace, "marketplace": named})
        shop = self._shop(row["shop"], address)
        if isinstance(shop, str):
            wrong("shop", shop)
            return address, None
        return address, shop

    def _shop(self, given: str, address: Address) -> Shop | str:
        """Return the shop that a cell or else the URL names, or what is wrong with it. Shops are in many rows."""
        place = (address.marketplace.pk, given, "" if given else address.site)
        if place not in self._shops:
            self._shops[place] = _find_shop(given, address)
        return self._shops[place]

    def _text(self, row: dict[str, str], name: str, limit: int, wrong: Any) -> str:
        value = visible.cleaned(row[name])
        if len(value) > limit:
            wrong(name, _("Enter at most %(limit)d characters.") % {"limit": limit})
        return value

    def _number(self, row: dict[str, str], name: str, field: Field, wrong: Any) -> Any:
        try:
            return field.clean(row[name]) if row[name] else None
        except ValidationError as error:
            wrong(name, str(error.messages[0]))
            return None

    def _day(self, row: dict[str, str], wrong: Any) -> date | None:
        day = date.fromisoformat(row["seen_on"]) if row["seen_on"] else None
        if problem := listing_facts.day_problem(day):
            wrong("seen_on", problem)
        return day

    def _currency(self, row: dict[str, str], price: Decimal | None, wrong: Any) -> str:
        given = row["currency"].strip().upper()
        code = _CALLED.get(given, given)
        if problem := listing_facts.currency_problem(code, price, given=given):
            wrong("currency", problem)
        return code if price is not None else ""

    def _named_pictures(self, row: dict[str, str], wrong: Any) -> tuple[str, ...]:
        named = dict.fromkeys(map(str.strip, _SEPARATORS.split(row["pictures"])))
        names = tuple(name for name in named if name)
        common = len(self._pictures.common)
        if names and len(names) + common > MAX_FILES:
            text = _("A case can have up to %(limit)d files.")
            if common:
                text = _("A case can have up to %(limit)d files, with those for all cases.")
            wrong("pictures", text % {"limit": MAX_FILES})
            return ()
        for name in names:
            if problem := self._pictures.problem(name):
                wrong("pictures", problem)
        return names


def _find_shop(given: str, address: Address) -> Shop | str:
    marketplace = address.marketplace
    try:
        shop, url = addresses.shop(given, marketplace) if given else shop_groups.shop_of(address)
    except ValidationError as error:
        return str(error.messages[0])
    if not shop:
        return _("The URL of the listing does not contain the shop. Enter its ID or URL.")
    return Shop(marketplace, shop, url, marketplace.shop_key(shop))
