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
                title=listing.title,
                price=listing.price,
                currency=listing.currency,
                units_sold=listing.units_sold,
                seen_on=listing.seen_on,
            )
            for listing in like.listings.order_by("position")
        ]
    )
