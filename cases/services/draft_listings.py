"""The listings of a draft: checked, and written as a form or an earlier case gives them. :mod:`.filing` locks the draft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from cases.marketplaces import addresses as reader
from cases.marketplaces.addresses import Address
from cases.models import Case, Listing, Marketplace
from cases.queries import listing_checks, shop_groups
from cases.queries.listing_checks import Issue
from cases.queries.shop_groups import ShopGroup


@dataclass(frozen=True)
class Checked:
    """A shop with its listings, as a person or a program enters them.

    ``shop`` is the ID of the shop, empty if it is not known, and ``problem`` what is wrong with it. ``groups`` are the
    listings by shop. ``issues`` are those of :func:`unconfirmed_issues`, none if the shop is wrong.
    """

    marketplace: Marketplace | None
    shop: str
    shop_url: str
    problem: str
    groups: list[ShopGroup]
    issues: list[Issue]


def check(
    *,
    case: Case,
    marketplace: Marketplace | None,
    shop: str | None,
    addresses: Sequence[Address],
    confirmed: bool,
    from_urls: bool = False,
) -> Checked:
    """Check the shop and the listings of a draft. ``case`` need not be saved.

    ``shop`` is an ID or a URL on ``marketplace``; ``None`` stands for the shop that the draft has. With ``from_urls``, a
    shop that is not named is the one that all URLs name.
    """
    found = url = problem = ""
    if shop is None and case.seller:
        marketplace, found, url = (
            case.seller.marketplace,
            case.seller.external_id,
            case.shop_address,
        )
    elif marketplace and shop:
        try:
            found, url = reader.shop(shop, marketplace)
        except ValidationError as error:
            problem = str(error.messages[0])
    groups = shop_groups.of(addresses, marketplace=marketplace, shop=found, shop_url=url)
    if from_urls and not shop and not found and len(groups) == 1:
        [only] = groups
        if marketplace in (None, only.marketplace):
            marketplace, found, url = only.marketplace, only.shop, only.shop_url
    issues = (
        []
        if problem
        else unconfirmed_issues(
            case=case, marketplace=marketplace, shop=found, addresses=addresses, confirmed=confirmed
        )
    )
    return Checked(marketplace, found, url, problem, groups, issues)


def unconfirmed_issues(
    *,
    case: Case,
    marketplace: Marketplace | None,
    shop: str,
    addresses: Sequence[Address],
    confirmed: bool,
) -> list[Issue]:
    """Return the issues of ``addresses`` that block the draft or that the filer has not confirmed.

    ``case`` need not be saved.
    """
    found = listing_checks.find_issues(
        addresses=addresses, marketplace=marketplace, shop=shop, member=case.member
    )
    if all(issue.is_blocking for issue in found):
        return found
    known = set(case.listings.values_list("canonical_key", flat=True)) if case.pk else set()
    return [
        issue
        for issue in found
        if issue.is_blocking or not (confirmed or issue.address.key in known)
    ]


def replace(
    case: Case,
    listings: Sequence[Listing],
    addresses: Sequence[Address],
    details: Mapping[str, Mapping[str, Any]],
) -> list[str]:
    """Replace the ``listings`` of a draft; return the new URLs in their order.

    ``details`` are the values of further columns of listings by their keys.

    Only differences are written, since each autosave sends up to 300 URLs.
    """
    known = {listing.canonical_key: listing for listing in listings}
    wanted = {address.key: address for address in addresses}
    if gone := known.keys() - wanted.keys():
        case.listings.filter(canonical_key__in=gone).delete()
    new, moved = [], []
    for number, (key, address) in enumerate(wanted.items(), start=1):
        if key not in known:
            new.append(
                Listing(
                    case=case,
                    brand_id=case.brand_id,
                    marketplace=address.marketplace,
                    position=number,
                    url=address.url,
                    canonical_key=key,
                    variant=address.variant,
                    **details.get(key, {}),
                )
            )
        elif _set(known[key], number, address, details.get(key, {})):
            moved.append(known[key])
    columns = dict.fromkeys(name for values in details.values() for name in values)
    Listing.objects.bulk_update(moved, ["position", "url", "variant", *columns], batch_size=300)
    Listing.objects.bulk_create(new)
    return [address.url for address in wanted.values()]


def _set(listing: Listing, number: int, address: Address, details: Mapping[str, Any]) -> bool:
    """Set the attributes of a known listing; return whether any changed."""
    wanted = {"position": number, "url": address.url, "variant": address.variant, **details}
    changed = {name for name, value in wanted.items() if getattr(listing, name) != value}
    for name in changed:
        setattr(listing, name, wanted[name])
    return bool(changed)


def copy(case: Case, like: Case) -> None:
    """Copy the seller and the listings of ``like``, an earlier case of the brand, to a new draft."""
    case.seller, case.seller_name, case.shop_url = like.seller, like.seller_name, like.shop_url
    case.follows = like
    case.save()
    Listing.objects.bulk_create(
        [
            Listing(
                case=case,
                brand_id=case.brand_id,
                marketplace_id=listing.marketplace_id,
                position=listing.position,
                url=listing.url,
                canonical_key=listing.canonical_key,
                variant=listing.variant,
                **{name: getattr(listing, name) for name in Listing.DETAILS},
            )
            for listing in like.listings.order_by("position")
        ]
    )
