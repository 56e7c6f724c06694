"""Checks whether URLs can be listings of one shop. A case is about one shop on one marketplace."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from alliance.lib import text
from cases.marketplaces import addresses as reader
from cases.marketplaces import catalogue, websites
from cases.marketplaces.addresses import Address
from cases.marketplaces.lookup import Marketplaces
from cases.marketplaces.normalisation import EXCERPT_LENGTH, NormalisedURL, normalise_url
from cases.models import Case, Listing, Marketplace
from cases.queries import shop_groups
from members.models import Member

# The number of marketplaces or websites that a message names.
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
class Issue:
    """An issue of a URL. If ``is_blocking``, the URL cannot be filed; otherwise the filer can confirm it."""

    address: Address
    message: str
    is_blocking: bool


def find_issues(
    *,
    addresses: Sequence[Address],
    marketplace: Marketplace | None = None,
    shop: str = "",
    member: Member | None = None,
) -> list[Issue]:
    """Return the issues of ``addresses`` as listings of a shop, in the same order, at most one for each.

    ``shop`` is the shop's ID, or empty. Checks that depend on the shop, its ``marketplace`` or the ``member`` are skipped
    without it.
    """
    own = _own_website(member) if member else None
    main = _main_site(addresses, shop)
    found = []
    for address in addresses:
        refusal = _refusal(address, marketplace, shop, own)
        question = "" if refusal else _question(address) or _other_shop(address, main)
        if refusal or question:
            found.append(Issue(address, refusal or question, bool(refusal)))
    return found


def of_case(
    case: Case, listings: Sequence[Listing], marketplaces: Marketplaces | None = None
) -> list[Issue]:
    """Return the blocking issues of the ``listings`` of a draft, by the current rules.

    ``marketplaces`` are all of them, if the caller has read them.
    """
    if case.seller is None or not listings:
        return []
    if marketplaces is None:
        marketplaces = Marketplaces.all()
    known = {one.pk: one for one in marketplaces}
    issues = find_issues(
        addresses=readable(listings, marketplaces),
        marketplace=known[case.seller.marketplace_id],
        shop=case.seller.external_id,
        member=case.member,
    )
    return [issue for issue in issues if issue.is_blocking]


def readable(listings: Sequence[Listing], marketplaces: Marketplaces) -> list[Address]:
    """Return the addresses of stored listings, without those that the rules, which have become stricter, refuse."""
    found = []
    for listing in listings:
        with suppress(ValidationError):
            found.append(reader.parse(listing.url, marketplaces))
    return found


def groups(addresses: Sequence[Address]) -> str:
    """Return a message that counts the URLs of each marketplace or website; empty if there is only one."""
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
        "A case is about one shop. These URLs are on %(count)s marketplaces or websites: %(list)s. "
        "File a separate case for each."
    ) % {
        "count": number_format(len(counts), force_grouping=True),
        "list": text.join(listed),
    }


def _group(address: Address) -> str:
    if address.marketplace.hosts:
        return str(address.marketplace)
    return address.site or address.normalised.host


def _main_site(addresses: Sequence[Address], shop: str) -> str:
    """Return the shop that most URLs on marketplaces name, preferably ``shop``; empty if no two differ."""
    named = [a for a in addresses if a.site and a.marketplace.hosts]
    counts = Counter(address.site.casefold() for address in named)
    if len(counts) < 2:
        return ""
    same = (
        a.site for a in named if shop and _is_same(shop, {shop_groups.shop_of(a)[0]}, a.marketplace)
    )
    return next(same, counts.most_common(1)[0][0]).casefold()


def _other_shop(address: Address, main: str) -> str:
    if not main or not address.site or not address.marketplace.hosts:
        return ""
    if address.site.casefold() == main:
        return ""
    return _("This URL names another shop than other URLs: %(site)s.") % {
        "site": address.site[:EXCERPT_LENGTH]
    }


def _own_website(member: Member) -> NormalisedURL | None:
    try:
        return normalise_url(member.website) if member.website else None
    except ValidationError:
        return None


def _refusal(
    address: Address, marketplace: Marketplace | None, shop: str, own: NormalisedURL | None
) -> str:
    normalised = address.normalised
    if own and _is_own(address, own):
        return _("This URL is on your own website, %(host)s.") % {"host": own.name}
    if marketplace and address.marketplace.pk != marketplace.pk:
        return _("This URL is on %(other)s, not on %(marketplace)s.") % {
            "other": address.marketplace,
            "marketplace": marketplace,
        }
    if address.marketplace.hosts:
        return _marketplace_refusal(address, shop)
    if not address.site and not normalised.path and not normalised.pairs:
        return _("Many shops share %(host)s. Enter the URL of a page there.") % {
            "host": normalised.name[:EXCERPT_LENGTH]
        }
    is_known = bool(marketplace and shop and address.site)
    if is_known and not _is_same(shop, {address.site}, address.marketplace):
        return _("This URL belongs to %(site)s, not to the shop %(shop)s.") % {
            "site": address.site[:EXCERPT_LENGTH],
            "shop": shop[:EXCERPT_LENGTH],
        }
    return ""


def _is_own(address: Address, own: NormalisedURL) -> bool:
    name = address.normalised.name
    if name != own.name and not name.endswith(f".{own.name}"):
        return False
    if address.marketplace.hosts:
        return _is_own_page(address, own)
    if not address.site:
        return False
    if address.site == websites.site(address.normalised.host):
        return True
    # On a shared site, only the member's own page counts as its website.
    page = f"{own.name}{own.path}".casefold()
    return bool(own.path) and f"{address.site.casefold()}/".startswith(f"{page}/")


def _is_own_page(address: Address, own: NormalisedURL) -> bool:
    """Return whether ``own``, whose host the address has, is a page or a shop on its marketplace and the address in it."""
    if not own.path:
        return own.name not in address.marketplace.hosts
    path = address.normalised.path.casefold()
    return f"{path}/".startswith(f"{own.path.casefold()}/")


def _marketplace_refusal(address: Address, shop: str) -> str:
    normalised = address.normalised
    # The host alone can be the address of a shop.
    if address.is_shop_page or (shop and _is_same(shop, _shop_names(address), address.marketplace)):
        return _("This is the page of a shop, not a listing.")
    if not address.is_listing and not normalised.path and not normalised.query(on_marketplace=True):
        return _("This is the home page of %(marketplace)s, not a listing.") % {
            "marketplace": address.marketplace
        }
    return ""


def _is_same(shop: str, names: set[str], marketplace: Marketplace) -> bool:
    """Return whether one of ``names`` has the same key as ``shop``."""
    keys = {marketplace.shop_key(name) for name in names}
    key = marketplace.shop_key(shop)
    return key in keys or (not marketplace.hosts and websites.site(key) in keys)


def _shop_names(address: Address) -> set[str]:
    """Return the IDs that a shop would have if this were its URL."""
    if address.item:
        return set()
    try:
        name, _url = reader.shop(address.url, address.marketplace)
    except ValidationError:
        return set()
    return {name, address.normalised.path.rpartition("/")[2]}


def _question(address: Address) -> str:
    if address.is_doubtful:
        return _("It is not clear where this URL ends: %(url)s") % {
            "url": address.url[:EXCERPT_LENGTH]
        }
    if address.opens_elsewhere:
        return _("This is a short link. Open it and enter the URL that it leads to.")
    if address.normalised.is_number:
        return _("This URL has an IP address instead of a host name.")
    if not address.marketplace.hosts or address.is_listing:
        return ""
    names = {name.lower() for name, _value in address.normalised.pairs}
    if _SEARCH_PAGES.search(address.normalised.path) or names & _SEARCH_WORDS:
        return _("This looks like a search page, not a listing.")
    if address.marketplace.listing_pattern or catalogue.has(address.marketplace.slug):
        return _("No listing was recognised in this URL.")
    return ""
