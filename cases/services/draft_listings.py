"""The listings of a draft, as a form or an earlier case gives them. :mod:`.filing` checks them and locks the draft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cases.marketplaces.addresses import Address
from cases.models import Case, Listing


def replace(
    case: Case,
    listings: Sequence[Listing],
    addresses: Sequence[Address],
    details: Mapping[str, Mapping[str, Any]],
) -> list[str]:
    """Replace the ``listings`` of a draft; return the new URLs in their order.

    ``details`` are the values of further columns of new listings by their keys.

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
        elif not _is_unchanged(known[key], number, address):
            known[key].position, known[key].url = number, address.url
            known[key].variant = address.variant
            moved.append(known[key])
    Listing.objects.bulk_update(moved, ["position", "url", "variant"], batch_size=300)
    Listing.objects.bulk_create(new)
    return [address.url for address in wanted.values()]


def _is_unchanged(listing: Listing, number: int, address: Address) -> bool:
    known = (listing.position, listing.url, listing.variant)
    return known == (number, address.url, address.variant)


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
                title=listing.title,
                price=listing.price,
                currency=listing.currency,
                units_sold=listing.units_sold,
                seen_on=listing.seen_on,
            )
            for listing in like.listings.order_by("position")
        ]
    )
