"""Whether addresses can be the listings of one shop. One case is about one shop on one marketplace."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from cases.marketplaces import addresses as reader
from cases.marketplaces import redirects, shops
from cases.marketplaces.addresses import Address
from cases.marketplaces.spelling import SHOWN, Spelling, spell
from cases.models import Case, Marketplace
from members.models import Member

# More groups than this are counted and not named.
_NAMED = 20
_SEARCH_PAGES = re.compile(
    r"/(search|s|sch|find|discovery|catalogsearch|query)(/|$)", re.IGNORECASE
)
_SEARCH_WORDS = frozenset(
    [
        "q",
        "query",
        "keyword",
        "keywords",
        "kw",
        "search",
        "searchword",
        "searchtext",
        "wd",
        "text",
        "_nkw",
        "field-keywords",
    ]
)


@dataclass(frozen=True)
class Doubt:
    """What speaks against an address. ``refused``: nobody may file it; else the filer may confirm it."""

    address: Address
    sentence: str
    refused: bool


def doubts(
    *, addresses: Sequence[Address], marketplace: Marketplace | None, shop: str, member: Member
) -> list[Doubt]:
    """Return what speaks against ``addresses`` as listings of ``shop`` (its ID), in their order.

    Without a ``marketplace`` none was chosen yet: then only what holds on any is said.
    """
    own = _own_website(member)
    found = []
    for address in addresses:
        refusal = _refusal(address, marketplace, shop, own)
        question = "" if refusal else _question(address)
        if refusal or question:
            found.append(Doubt(address, refusal or question, bool(refusal)))
    return found


def of_case(case: Case) -> list[Doubt]:
    """Return what nobody may file among the listings of a draft, by today's rules."""
    if case.seller is None:
        return []
    marketplaces = list(Marketplace.objects.all())
    known = {one.pk: one for one in marketplaces}
    found = []
    for url in case.listings.order_by("position").values_list("url", flat=True):
        try:
            found.append(reader.parse(url, marketplaces))
        except ValidationError:
            continue  # it was read when it was added; since then the rules have become stricter
    doubted = doubts(
        addresses=found,
        marketplace=known[case.seller.marketplace_id],
        shop=case.seller.external_id,
        member=case.member,
    )
    return [doubt for doubt in doubted if doubt.refused]


def groups(addresses: Sequence[Address]) -> str:
    """Return a sentence that counts the addresses of each shop or marketplace; empty if there is one only."""
    counts = Counter(_group(address) for address in addresses)
    if len(counts) < 2:
        return ""
    listed = [
        _("%(name)s (%(count)s)")
        % {"name": name, "count": number_format(count, force_grouping=True)}
        for name, count in counts.most_common(_NAMED)
    ]
    if len(counts) > _NAMED:
        listed.append("…")
    return _(
        "One case is about one shop. These addresses are on %(count)s marketplaces or websites: "
        "%(list)s. File each as a case of its own."
    ) % {"count": number_format(len(counts), force_grouping=True), "list": ", ".join(listed)}


def _group(address: Address) -> str:
    if address.marketplace.hosts:
        return str(address.marketplace)
    return address.site or address.spelling.host


def _own_website(member: Member) -> Spelling | None:
    try:
        return spell(member.website) if member.website else None
    except ValidationError:
        return None


def _refusal(
    address: Address, marketplace: Marketplace | None, shop: str, own: Spelling | None
) -> str:
    spelling = address.spelling
    if own and _is_own(address, own):
        return _("This address is on your own website, %(host)s.") % {"host": own.name}
    if marketplace and address.marketplace.pk != marketplace.pk:
        return _("This address is on %(other)s, not on %(marketplace)s.") % {
            "other": address.marketplace,
            "marketplace": marketplace,
        }
    if address.marketplace.hosts:
        return _marketplace_refusal(address, shop)
    if not address.site and not spelling.path and not spelling.pairs:
        return _("Many shops share %(host)s: give the address of a page there.") % {
            "host": spelling.name[:SHOWN]
        }
    is_known = bool(marketplace and shop and address.site)
    if is_known and not _is_same(shop, {address.site}, address.marketplace):
        return _("This address belongs to %(site)s, not to the shop %(shop)s.") % {
            "site": address.site[:SHOWN],
            "shop": shop[:SHOWN],
        }
    return ""


def _is_own(address: Address, own: Spelling) -> bool:
    name = address.spelling.name
    if name != own.name and not name.endswith(f".{own.name}"):
        return False
    if address.marketplace.hosts or not address.site:
        return False
    if address.site == address.spelling.host:
        return True
    # On a site that many share, the member's own page is not the whole site.
    page = f"{own.name}{own.path}".casefold()
    return bool(own.path) and f"{address.site.casefold()}/".startswith(f"{page}/")


def _marketplace_refusal(address: Address, shop: str) -> str:
    spelling = address.spelling
    if not address.item and not spelling.path and not spelling.query(on_marketplace=True):
        return _("This is the front page of %(marketplace)s, not a listing.") % {
            "marketplace": address.marketplace
        }
    if address.is_shop_page or (shop and _is_same(shop, _shop_names(address), address.marketplace)):
        return _("This is the page of a shop, not a listing.")
    return ""


def _is_same(shop: str, names: set[str], marketplace: Marketplace) -> bool:
    """Say whether one of ``names`` is another spelling of ``shop``."""
    case_sensitive = marketplace.shop_ids_are_case_sensitive
    keys = {shops.key(name, case_sensitive=case_sensitive) for name in names}
    return shops.key(shop, case_sensitive=case_sensitive) in keys


def _shop_names(address: Address) -> set[str]:
    """Return the IDs by which a shop would be known if this were its address."""
    if address.item:
        return set()
    try:
        name, _url = reader.shop(address.url, address.marketplace)
    except ValidationError:
        return set()
    return {name, address.spelling.path.rpartition("/")[2]}


def _question(address: Address) -> str:
    if address.is_doubtful:
        return _("It is not clear where this address ends: %(url)s") % {"url": address.url[:SHOWN]}
    if redirects.is_short(address.spelling):
        return _("This is a short link: open it, and give the address to which it leads.")
    if address.spelling.is_number:
        return _("This address has a number instead of a name.")
    if not address.marketplace.hosts or address.item:
        return ""
    names = {name.lower() for name, _value in address.spelling.pairs}
    if _SEARCH_PAGES.search(address.spelling.path) or names & _SEARCH_WORDS:
        return _("This looks like a search page, not a listing.")
    if address.marketplace.listing_pattern:
        return _("No listing was recognised in this address.")
    return ""
