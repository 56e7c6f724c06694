"""Groups the listing URLs of a form by the shop that each URL names. Reads nothing from the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError

from cases.marketplaces import addresses as reader
from cases.marketplaces.addresses import Address
from cases.models import Marketplace

# The primary key of a marketplace and the key of a shop; the latter is empty if the URLs do not name it.
Key = tuple[int, str]


@dataclass
class ShopGroup:
    """The URLs of one shop. ``shop`` is its ID, or empty if the URLs do not name it. ``stays`` in the draft."""

    marketplace: Marketplace
    shop: str = ""
    shop_url: str = ""
    addresses: list[Address] = field(default_factory=list)
    stays: bool = False

    @property
    def key(self) -> str:
        """Identifies the group among those of a form."""
        return f"{self.marketplace.pk}:{self.marketplace.shop_key(self.shop)}"


def of(
    addresses: Sequence[Address], *, marketplace: Marketplace | None, shop: str, shop_url: str
) -> list[ShopGroup]:
    """Return the groups of ``addresses``; the first stays in the draft.

    ``marketplace`` and ``shop`` (an ID) are those that the form names, if any. URLs on the marketplace that do not name
    their shop belong to the shop of the form. If no URL belongs to it, the group of the first URL stays in the draft.
    """
    groups: dict[Key, ShopGroup] = {}
    named: Key | None = None
    if marketplace and shop:
        named = (marketplace.pk, marketplace.shop_key(shop))
        groups[named] = ShopGroup(marketplace, shop, shop_url)
    known: dict[tuple[int, str], tuple[str, str]] = {}
    for address in addresses:
        place = address.marketplace
        at = (place.pk, address.site)
        if at not in known:
            known[at] = shop_of(address)
        found, url = known[at]
        key: Key = (place.pk, place.shop_key(found))
        if not found and named and named[0] == place.pk:
            key = named
        group = groups.setdefault(key, ShopGroup(place, found, url))
        group.addresses.append(address)
    if named and not groups[named].addresses:
        del groups[named]
    found_groups = list(groups.values())
    if found_groups:
        found_groups[0].stays = True
    return found_groups


def shop_of(address: Address) -> tuple[str, str]:
    """Return the ID and the URL of the shop that the URL names, or two empty texts."""
    if not address.site or len(address.site) > reader.SHOP_ID_LENGTH:
        return "", ""
    try:
        return reader.shop(address.site, address.marketplace)
    except ValidationError:
        return address.site, ""
