"""Planning a test purchase."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from alliance.lib import clock, ids
from alliance.lib.refusals import Refusal
from cases.marketplaces import addresses
from cases.marketplaces.addresses import Address
from cases.marketplaces.lookup import Marketplaces
from cases.models import TestPurchase, TestPurchaseEvent
from cases.queries import listing_checks, shop_groups
from cases.services import sellers
from cases.services.purchases import core
from members.models import Brand, Product, User


def plan(
    *,
    by: User,
    token: UUID,
    brand: Brand,
    listing_url: str,
    shop: str = "",
    seller_name: str,
    product: Product | None = None,
    note: str = "",
) -> TestPurchase:
    """Plan a test purchase of a listing. ``token`` identifies the form: submitting it again plans nothing more.

    ``shop`` is the ID or the URL of the shop, and may be empty if the listing's URL identifies the shop. Raises
    :class:`.core.InvalidFact` and :class:`NotAllowed`.
    """
    member = core.check_role(by, brand.member_id)
    if product is not None and product.brand_id != brand.pk:
        raise core.InvalidFact(_("Choose a product of the brand."), "product")
    address = _address(listing_url)
    shop_id, shop_url = _shop(address, shop)
    issues = listing_checks.find_issues(
        addresses=[address], marketplace=address.marketplace, shop=shop_id, member=member
    )
    if issues and issues[0].is_blocking:
        raise core.InvalidFact(issues[0].message, "listing_url")
    values: dict[str, Any] = {
        "brand": brand,
        "member": member,
        "product": product,
        "marketplace": address.marketplace,
        "seller_name": seller_name,
        "shop_url": shop_url,
        "listing_url": address.url,
        "canonical_key": address.key,
        "planned_by": by,
        "planned_at": clock.now(),
        "note": note,
    }
    with transaction.atomic():
        if known := _planned_with(token, by):
            return known
        values["seller"] = sellers.find_or_create(
            marketplace=address.marketplace, shop=shop_id, url=shop_url
        )
        try:
            purchase = ids.unless_clashing(
                lambda: TestPurchase.objects.create(token=token, **values)
            )
        except IntegrityError:  # the other request of a double click
            if known := _planned_with(token, by):
                return known
            raise
        core.record(purchase, TestPurchaseEvent.Kind.PLANNED, by)
    return purchase


def _planned_with(token: UUID, by: User) -> TestPurchase | None:
    known = TestPurchase.objects.select_related("member").filter(token=token).first()
    if known is not None and known.planned_by_id != by.pk:
        raise Refusal(_("This form belongs to another user. Start a new test purchase."))
    return known


def _address(url: str) -> Address:
    try:
        return addresses.parse(url, Marketplaces.all())
    except ValidationError as error:
        raise core.InvalidFact(str(error.messages[0]), "listing_url") from error


def _shop(address: Address, shop: str) -> tuple[str, str]:
    """Return the ID and the URL of the shop, given by the user or else by the listing's URL, as when a case is filed."""
    try:
        found = addresses.shop(shop, address.marketplace) if shop else shop_groups.shop_of(address)
    except ValidationError as error:
        raise core.InvalidFact(str(error.messages[0]), "shop") from error
    if not found[0]:
        raise core.InvalidFact(_("Enter the shop ID or shop URL."), "shop")
    return found
