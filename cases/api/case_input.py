"""What programs send of a case, checked by the forms and services of the pages, so that the same rules apply."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from pydantic import Field

from alliance.lib import text, visible
from cases.api.case_schemas import Part, ViolationType
from cases.forms.complaint import ComplaintForm
from cases.forms.filing import MOST_LINES, too_many
from cases.forms.seller_identifiers import SellerIdentifierFields
from cases.marketplaces import addresses
from cases.marketplaces.addresses import Address
from cases.marketplaces.lookup import Marketplaces
from cases.models import Case, Marketplace
from cases.queries import listing_facts, shop_groups
from cases.queries.shop_groups import ShopGroup
from cases.services import filing
from cases.services.listing_details import MOST_UNITS
from members.api.common import Class, Code, Day, Strict_, Truth, Whole, example
from members.models import Member, User

Errors = list[tuple[str, str]]
Statement = Annotated[str, Field(max_length=1000)]
Line = Annotated[str, Field(max_length=200)]
Lines = Annotated[list[Line], Field(max_length=20)]
URL = Annotated[str, Field(min_length=1, max_length=2000)]
Price = Annotated[str, Field(pattern=r"^[0-9]{1,12}(\.[0-9]{1,2})?$")]
Units = Annotated[int, Field(strict=True, ge=0, le=MOST_UNITS)]
Explanation = Annotated[str, Field(max_length=5000)]
Parts = Annotated[list[Part], Field(max_length=20)]

_PARTS = "Where on the listings the infringement is."
_CONFIRMED = "Say true if URLs that the portal doubts are listings of this shop."
# The shops that a message names.
_NAMED = 20


class HiddenLinkIn(Strict_):
    """Says that the listings hide what is sold. All three are needed before the submission."""

    advertised_in: Statement = ""
    how_to_order: Statement = ""
    what_arrives: Statement = ""


class IdentifiersIn(Strict_):
    """What is known of the seller. Other members see it after the submission, without its source."""

    phone: Lines = Field(default_factory=list, description="With the country code.")
    email: Lines = Field(default_factory=list)
    payment: Lines = Field(default_factory=list)
    address: Lines = Field(default_factory=list)
    licence: Lines = Field(default_factory=list)
    social: Lines = Field(default_factory=list)


class SellerIn(Strict_):
    """The shop that offers the listings."""

    marketplace: Annotated[str, Field(max_length=50)] = Field(
        "", description="Its short name, such as yimart. Empty if the URLs of the listings tell it."
    )
    shop: Annotated[str, Field(max_length=addresses.SHOP_URL_LENGTH)] = Field(
        "", description="The ID or the URL of the shop. Empty if the URLs of the listings tell it."
    )
    name: Line = Field("", description="As shown on the marketplace.")
    identifiers: IdentifiersIn | None = Field(
        None, description="Null leaves those of a draft as they are."
    )


class ListingIn(Strict_):
    """A listing."""

    url: URL
    title: Annotated[str, Field(max_length=300)] = ""
    price: Price | None = Field(None, description="Of one unit, as a string such as 199.00.")
    currency: Annotated[str, Field(pattern="^([A-Z]{3})?$")] = Field(
        "", description="ISO 4217. Needed with a price."
    )
    units_sold: Units | None = None
    seen_on: Day | None = Field(None, description="The day on which you saw the listing.")

    @property
    def details(self) -> dict[str, Any]:
        """The values of the columns of a listing."""
        return {
            "title": visible.cleaned(self.title),
            "price": Decimal(self.price) if self.price is not None else None,
            "currency": self.currency if self.price is not None else "",
            "units_sold": self.units_sold,
            "seen_on": self.seen_on,
        }


Listings = Annotated[list[ListingIn], Field(max_length=MOST_LINES)]


class CaseIn(Strict_):
    """A draft of a case. What is missing can be added until the submission."""

    model_config = example(
        right_id=4711,
        violation="counterfeit",
        jurisdiction="CN",
        goods_class=25,
        infringement_in=["product"],
        explanation="The label is misspelt and the seams are glued.",
        seller={"shop": "shop-15", "name": "Moonlight Boutique"},
        listings=[
            {
                "url": "https://www.yimart.example/item/1000001",
                "price": "199.00",
                "currency": "CNY",
                "units_sold": 1250,
                "seen_on": "2026-11-28",
            }
        ],
    )

    right_id: Whole
    violation: ViolationType
    jurisdiction: Code = Field(description="The country or region in which the goods are offered.")
    goods_class: Class | None = Field(
        None, description="The Nice class of the goods; null for a right without classes."
    )
    infringement_in: Parts = Field(default_factory=list, description=_PARTS)
    explanation: Explanation = ""
    hidden_link: HiddenLinkIn | None = None
    seller: SellerIn | None = None
    listings: Listings = Field(default_factory=list)
    confirmed: Truth = Field(False, description=_CONFIRMED)


class CaseChange(Strict_):
    """Fields to change; those that are not sent stay as they are. `listings` replaces all listings."""

    right_id: Whole = Field(default_factory=int)
    violation: ViolationType = Field(default_factory=lambda: "counterfeit")
    jurisdiction: Code = Field(default_factory=str)
    goods_class: Class | None = None
    infringement_in: Parts = Field(default_factory=list, description=_PARTS)
    explanation: Explanation = Field(default_factory=str)
    hidden_link: HiddenLinkIn | None = None
    seller: SellerIn | None = Field(None, description="Null leaves the seller as it is.")
    listings: Listings = Field(default_factory=list)
    confirmed: Truth = Field(False, description=_CONFIRMED)


_OF_COMPLAINT = (
    *("right_id", "violation", "jurisdiction", "goods_class", "infringement_in", "explanation"),
    "hidden_link",
)
_STATEMENTS = ("advertised_in", "how_to_order", "what_arrives")
_NAMES = {"right": "right_id", "is_hidden": "hidden_link", "__all__": ""} | {
    name: f"hidden_link.{name}" for name in _STATEMENTS
}


def complaint(
    body: CaseIn | CaseChange, *, member: Member, by: User, case: Case | None = None
) -> tuple[dict[str, Any] | None, Errors]:
    """Return the arguments for the service, ``None`` if nothing of the complaint was sent; and the errors."""
    sent = body.model_dump(exclude_unset=case is not None, include=set(_OF_COMPLAINT))
    if not sent:
        return None, []
    stored = dict(ComplaintForm(user=by, case=case).initial) if case else {}
    form = ComplaintForm(stored | form_data(sent), user=by, case=case, member=member, lenient=True)
    if form.is_valid():
        return form.values, []
    return None, errors_of(form.errors)


def form_data(sent: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of the form for the ``sent`` fields of a complaint."""
    data = dict(sent)
    if "right_id" in data:
        data["right"] = str(data.pop("right_id"))
    if "jurisdiction" in data:
        data["jurisdiction"] = data["jurisdiction"].upper()
    if "goods_class" in data:
        data["goods_class"] = data["goods_class"] or ""
    if "hidden_link" in data:
        hidden = data.pop("hidden_link")
        data |= {"is_hidden": hidden is not None}
        data |= hidden or dict.fromkeys(_STATEMENTS, "")
    return data


def errors_of(found: Mapping[str, Any]) -> Errors:
    """Return the errors of a form of a complaint, with the names of the API."""
    return [(_NAMES.get(name, name), str(one)) for name, texts in found.items() for one in texts]


class ListingsReader:
    """Reads the seller and the listings of a request, as the form of the page does. ``errors`` has all that is wrong."""

    def __init__(self, case: Case, body: CaseIn | CaseChange) -> None:
        self.errors: Errors = []
        self._case, self._marketplaces = case, Marketplaces.all()
        self._confirmed = body.confirmed
        self._seller = body.seller if "seller" in body.model_fields_set else None
        self._details: dict[str, dict[str, Any]] = {}
        self._positions: dict[str, int] = {}
        self._addresses = self._read(body)
        self._marketplace, self._shop, self._shop_url = self._named_shop()
        self._check_shop()

    def _read(self, body: CaseIn | CaseChange) -> list[Address]:
        """Return the listings that were sent, or those of the draft."""
        if "listings" not in body.model_fields_set:
            if not self._case.pk:
                return []
            stored = self._case.listings.order_by("position").values_list("url", flat=True)
            return addresses.parse_text("\n".join(stored), self._marketplaces).addresses
        found = [self._address(at, one) for at, one in enumerate(body.listings)]
        distinct = {address.key: address for address in reversed(found) if address}
        listed = list(reversed(distinct.values()))
        if len(listed) > settings.LISTINGS_PER_CASE:
            self.errors.append(("listings", too_many(len(listed))))
        return listed

    def _address(self, at: int, sent: ListingIn) -> Address | None:
        price = Decimal(sent.price) if sent.price is not None else None
        problems = {
            "seen_on": listing_facts.day_problem(sent.seen_on),
            "currency": listing_facts.currency_problem(sent.currency, price),
        }
        address = None
        try:
            address = addresses.parse(sent.url.strip(), self._marketplaces)
        except ValidationError as error:
            problems["url"] = str(error.messages[0])
        else:
            problems["url"] = listing_facts.marketplace_problem(address.marketplace)
            self._details.setdefault(address.key, sent.details)
            self._positions.setdefault(address.key, at)
        self.errors += [(f"listings.{at}.{name}", one) for name, one in problems.items() if one]
        return address

    def _named_shop(self) -> tuple[Marketplace | None, str, str]:
        """Return the marketplace, the ID and the URL of the shop that the request or else the draft names."""
        seller, stored = self._seller, self._case.seller
        if seller is None:
            if stored is None:
                return None, "", ""
            return stored.marketplace, stored.external_id, self._case.shop_address
        places = list({one.marketplace.pk: one.marketplace for one in self._addresses}.values())
        marketplace = places[0] if len(places) == 1 else None
        if seller.marketplace:
            slugs = {one.slug: one for one in self._marketplaces if one.is_active}
            marketplace = slugs.get(seller.marketplace)
            if marketplace is None:
                problem = _("This marketplace is not in the portal. Check the name.")
                self.errors.append(("seller.marketplace", problem))
        if not seller.shop or marketplace is None:
            if seller.shop and not seller.marketplace and len(places) != 1:
                problem = _("Choose the marketplace of the shop.")
                self.errors.append(("seller.marketplace", problem))
            return marketplace, "", ""
        try:
            return marketplace, *addresses.shop(seller.shop, marketplace)
        except ValidationError as error:
            self.errors.append(("seller.shop", str(error.messages[0])))
            return marketplace, "", ""

    def _check_shop(self) -> None:
        """Check that all listings are of one shop, and take it from their URLs if the request does not name it."""
        groups = shop_groups.of(
            self._addresses,
            marketplace=self._marketplace,
            shop=self._shop,
            shop_url=self._shop_url,
        )
        if len(groups) > 1:
            self.errors.append(("listings", _several(groups)))
            return
        if groups and not self._shop:
            only = groups[0]
            self._marketplace, self._shop = only.marketplace, only.shop
            self._shop_url = only.shop_url
        issues = filing.unconfirmed_issues(
            case=self._case,
            marketplace=self._marketplace,
            shop=self._shop,
            addresses=self._addresses,
            confirmed=self._confirmed,
        )
        for issue in issues:
            at = self._positions.get(issue.address.key)
            hint = "" if issue.is_blocking else _("If it is correct, send “confirmed”: true.")
            field = "listings" if at is None else f"listings.{at}.url"
            self.errors.append((field, f"{issue.message} {hint}".strip()))

    def values(self) -> dict[str, Any]:
        """Return the arguments for the service, if there are no errors. Call it once: it checks the identifiers."""
        seller = self._seller
        name = visible.cleaned(seller.name) if seller else self._case.shop_name
        return {
            "marketplace": self._marketplace if self._shop else None,
            "seller_id": self._shop,
            "seller_name": "" if visible.is_blank(name) else name,
            "shop_url": self._shop_url,
            "addresses": self._addresses,
            "identifiers": self._identifiers(seller.identifiers if seller else None),
            "confirmed": self._confirmed,
            "details": self._details,
        }

    def _identifiers(self, sent: IdentifiersIn | None) -> dict[str, list[str]] | None:
        if sent is None:
            return None
        given = {kind: "\n".join(values) for kind, values in sent.model_dump().items()}
        form = SellerIdentifierFields(given)
        if form.is_valid():
            return form.identifiers
        self.errors += [
            (f"seller.identifiers.{kind}", str(one))
            for kind, texts in form.errors.items()
            for one in texts
        ]
        return None


def listings(case: Case, body: CaseIn | CaseChange) -> tuple[dict[str, Any] | None, Errors]:
    """Return the arguments for the service, ``None`` if neither seller nor listings were sent; and the errors.

    ``case`` is the draft, or an unsaved case of the member.
    """
    if not {"seller", "listings"} & body.model_fields_set:
        return None, []
    reader = ListingsReader(case, body)
    values = reader.values()
    return values, reader.errors


def _several(groups: Sequence[ShopGroup]) -> str:
    named = [f"{group.shop or group.marketplace} ({len(group.addresses)})" for group in groups]
    shown = [*named[:_NAMED], *(["…"] if len(named) > _NAMED else [])]
    sentence = _(
        "A case is about one shop. These URLs belong to %(count)d shops: %(list)s. "
        "File a separate case for each, or import a sheet."
    )
    return sentence % {"count": len(groups), "list": text.join(shown)}
