"""The seller and the listings that programs send, checked as the form of the page checks them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from alliance.lib import text
from cases.api.case_input import CaseChange, CaseIn, Errors, IdentifiersIn, ListingIn, ShopIn
from cases.forms.fields import CHOOSE_MARKETPLACE, clean_shop_name
from cases.forms.filing import too_many
from cases.forms.seller_identifiers import SellerIdentifierFields
from cases.marketplaces import addresses
from cases.marketplaces.addresses import Address
from cases.marketplaces.lookup import Marketplaces
from cases.models import Case, Marketplace, StatedIdentifier
from cases.queries import listing_checks, listing_facts, stated_identifiers
from cases.queries.shop_groups import ShopGroup
from cases.services import draft_listings
from cases.services.draft_listings import Checked

# The shops that a message names.
_NAMED = 20


@dataclass
class _Given:
    """The listings of a request, or those of the draft. ``details`` and ``positions`` are by their keys."""

    addresses: list[Address] = field(default_factory=list)
    details: dict[str, dict[str, Any]] = field(default_factory=dict)
    positions: dict[str, int] = field(default_factory=dict)


def listings(case: Case, body: CaseIn | CaseChange) -> tuple[dict[str, Any] | None, Errors]:
    """Return the arguments for the service, ``None`` if neither seller nor listings were sent; and the errors.

    ``case`` is the draft, or an unsaved case of the member. What was not sent of the seller stays as it is in the draft.
    """
    if not {"seller", "listings"} & body.model_fields_set:
        return None, []
    errors: Errors = []
    seller, marketplaces = body.seller or ShopIn.model_validate({}), Marketplaces.all()
    are_sent = "listings" in body.model_fields_set
    given = _sent(body.listings, marketplaces, errors) if are_sent else _stored(case, marketplaces)
    marketplace, shop = _named_shop(case, seller, given.addresses, marketplaces, errors)
    checked = draft_listings.check(
        case=case,
        marketplace=marketplace,
        shop=shop,
        addresses=given.addresses,
        confirmed=body.confirmed,
        from_urls=True,
    )
    errors += _shop_errors(case, seller, checked, given, errors)
    values = {
        "marketplace": checked.marketplace if checked.shop else None,
        "seller_id": checked.shop,
        "seller_name": _name(case, seller, errors),
        "shop_url": checked.shop_url,
        "addresses": given.addresses if are_sent else None,
        "identifiers": _identifiers(case, seller.identifiers, errors),
        "confirmed": body.confirmed,
        "details": given.details,
    }
    return values, errors


def _sent(sent: Sequence[ListingIn], marketplaces: Marketplaces, errors: Errors) -> _Given:
    given, distinct = _Given(), {}
    for at, one in enumerate(sent):
        address = _address(at, one, marketplaces, errors)
        if address and address.key not in distinct:
            distinct[address.key] = address
            given.details[address.key], given.positions[address.key] = one.details, at
    given.addresses = list(distinct.values())
    if len(given.addresses) > settings.LISTINGS_PER_CASE:
        errors.append(("listings", too_many(len(given.addresses))))
    return given


def _address(
    at: int, sent: ListingIn, marketplaces: Marketplaces, errors: Errors
) -> Address | None:
    price = Decimal(sent.price) if sent.price is not None else None
    problems = {
        "seen_on": listing_facts.day_problem(sent.seen_on),
        "currency": listing_facts.currency_problem(sent.currency, price),
    }
    address = None
    try:
        address = addresses.parse(sent.url.strip(), marketplaces)
    except ValidationError as error:
        problems["url"] = str(error.messages[0])
    else:
        problems["url"] = listing_facts.marketplace_problem(address.marketplace)
    errors += [(f"listings.{at}.{name}", one) for name, one in problems.items() if one]
    return address


def _stored(case: Case, marketplaces: Marketplaces) -> _Given:
    """Return the listings of the draft whose URLs can still be read. The others stay in the draft as well."""
    rows = list(case.listings.order_by("position")) if case.pk else []
    return _Given(listing_checks.readable(rows, marketplaces))


def _named_shop(
    case: Case,
    seller: ShopIn,
    given: Iterable[Address],
    marketplaces: Marketplaces,
    errors: Errors,
) -> tuple[Marketplace | None, str | None]:
    """Return the marketplace and the ID or URL of the shop that the request names.

    ``None`` as the shop stands for that of the draft.
    """
    stored, shop = case.seller, seller.shop
    if stored and "shop" not in seller.model_fields_set:
        if seller.marketplace in ("", stored.marketplace.slug):
            return stored.marketplace, None
        shop = stored.external_id
    if seller.marketplace:
        active = {one.slug: one for one in marketplaces if one.is_active}
        found = active.get(seller.marketplace)
        if found is None:
            errors.append(("seller.marketplace", listing_facts.unknown_marketplace()))
        return found, shop
    places = list({one.marketplace.pk: one.marketplace for one in given}.values())
    if not shop:
        return None, ""
    if not places and stored:
        return stored.marketplace, shop
    if len(places) != 1:
        errors.append(("seller.marketplace", str(CHOOSE_MARKETPLACE)))
        return None, shop
    return places[0], shop


def _shop_errors(
    case: Case, seller: ShopIn, checked: Checked, given: _Given, earlier: Errors
) -> Errors:
    """Return what is wrong with the shop, and with the listings as those of one shop."""
    if checked.problem:
        return [("seller.shop", checked.problem)]
    if len(checked.groups) > 1:
        return [("listings", _several(checked.groups))]
    found = []
    for issue in checked.issues:
        at = given.positions.get(issue.address.key)
        hint = "" if issue.is_blocking else _("If it is correct, send “confirmed”: true.")
        place = "listings" if at is None else f"listings.{at}.url"
        found.append((place, f"{issue.message} {hint}".strip()))
    is_named = seller.name or seller.marketplace or (case.seller and not seller.shop)
    if is_named and not checked.shop and not (found or earlier):
        # It would be left out: a draft has a marketplace and a name of the shop only together with the shop.
        found.append(("seller.shop", _("Enter the shop ID or shop URL.")))
    return found


def _name(case: Case, seller: ShopIn, errors: Errors) -> str:
    """Return the name that was sent, or else the one that was entered in the draft."""
    if "name" not in seller.model_fields_set:
        # Without a name, the draft has the ID of the shop in its place.
        is_entered = case.seller and case.seller_name != case.seller.external_id
        return case.seller_name if is_entered else ""
    try:
        return clean_shop_name(seller.name)
    except ValidationError as error:
        errors.append(("seller.name", str(error.messages[0])))
        return ""


def _identifiers(
    case: Case, sent: IdentifiersIn | None, errors: Errors
) -> dict[str, list[str]] | None:
    """Return the identifiers of the draft with the kinds that were sent in place of its own; ``None`` for no change."""
    if sent is None:
        return None
    stored = stated_identifiers.of_case(case) if case.pk else []
    found = {
        kind: [value for of_kind, value in stored if of_kind == kind]
        for kind in StatedIdentifier.Kind.values
    }
    given = sent.model_dump(exclude_unset=True)
    form = SellerIdentifierFields({kind: "\n".join(values) for kind, values in given.items()})
    if form.is_valid():
        return found | {kind: form.identifiers[kind] for kind in given}
    errors += [
        (f"seller.identifiers.{kind}", str(one))
        for kind, texts in form.errors.items()
        for one in texts
    ]
    return None


def _several(groups: Sequence[ShopGroup]) -> str:
    named = [f"{group.shop or group.marketplace} ({len(group.addresses)})" for group in groups]
    shown = [*named[:_NAMED], *(["…"] if len(named) > _NAMED else [])]
    sentence = _(
        "A case is about one shop. These URLs belong to %(count)d shops: %(list)s. "
        "File a separate case for each, or import a sheet."
    )
    return sentence % {"count": len(groups), "list": text.join(shown)}
