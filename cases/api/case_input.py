"""What programs send of a case, checked by the forms and services of the pages, so that the same rules apply."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field

from alliance.lib import visible
from cases.api.case_schemas import Part, ViolationType
from cases.forms import seller_identifiers
from cases.forms.complaint import ComplaintForm
from cases.forms.filing import MOST_LINES
from cases.marketplaces import addresses
from cases.models import Case, HiddenLink
from cases.queries import listing_facts
from cases.services.listing_details import MOST_UNITS
from cases.services.stated_identifiers import MOST_OF_KIND
from members.api.common import Class, Code, Day, Strict_, Truth, Whole, example
from members.models import Member, User

Errors = list[tuple[str, str]]
Statement = Annotated[str, Field(max_length=HiddenLink.MAX_LENGTH)]
Line = Annotated[str, Field(max_length=seller_identifiers.LINE_LENGTH)]
Lines = Annotated[list[Line], Field(max_length=MOST_OF_KIND)]
Name = Annotated[str, Field(max_length=listing_facts.NAME_LENGTH)]
URL = Annotated[str, Field(min_length=1, max_length=2000)]
Price = Annotated[str, Field(pattern=r"^[0-9]{1,12}(\.[0-9]{1,2})?$")]
Units = Annotated[int, Field(strict=True, ge=0, le=MOST_UNITS)]
Explanation = Annotated[str, Field(max_length=5000)]
Parts = Annotated[list[Part], Field(max_length=20)]

_PARTS = "Where on the listings the infringement is."
_CONFIRMED = "Say true if URLs that the portal doubts are listings of this shop."


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


class ShopIn(Strict_):
    """The shop that offers the listings."""

    marketplace: Annotated[str, Field(max_length=50)] = Field(
        "", description="Its short name, such as yimart. Empty if the URLs of the listings tell it."
    )
    shop: Annotated[str, Field(max_length=addresses.SHOP_URL_LENGTH)] = Field(
        "", description="The ID or the URL of the shop. Empty if the URLs of the listings tell it."
    )
    name: Name = Field("", description="As shown on the marketplace.")
    identifiers: IdentifiersIn | None = Field(
        None,
        description="Null leaves those of a draft as they are. Kinds that are not sent stay as well.",
    )


class ListingIn(Strict_):
    """A listing."""

    url: URL
    title: Annotated[str, Field(max_length=listing_facts.TITLE_LENGTH)] = ""
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
    seller: ShopIn | None = None
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
    seller: ShopIn | None = Field(None, description="Null leaves the seller as it is.")
    listings: Listings = Field(default_factory=list)
    confirmed: Truth = Field(False, description=_CONFIRMED)


_OF_COMPLAINT = (
    *("right_id", "violation", "jurisdiction", "goods_class", "infringement_in", "explanation"),
    "hidden_link",
)
_NAMES = {"right": "right_id", "is_hidden": "hidden_link", "__all__": ""} | {
    name: f"hidden_link.{name}" for name in HiddenLink.STATEMENTS
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
        data |= hidden or dict.fromkeys(HiddenLink.STATEMENTS, "")
    return data


def errors_of(found: Mapping[str, Any]) -> Errors:
    """Return the errors of a form of a complaint, with the names of the API."""
    return [(_NAMES.get(name, name), str(one)) for name, texts in found.items() for one in texts]
