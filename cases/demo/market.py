"""Marketplaces, their sellers, identifiers that link sellers, and authorised sellers."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from cases.demo.data.places import MARKETS, SHOP_WORDS, WATCH_LISTS, WATCHED, Market
from cases.demo.world import World
from cases.marketplaces.identifiers import normalise
from cases.marketplaces.lookup import Marketplaces
from cases.models import (
    AuthorisedSeller,
    Marketplace,
    Seller,
    SellerIdentifier,
    WatchList,
    WatchListEntry,
)
from cases.services import catalogued_marketplaces

# The number of shops on each marketplace.
SHOPS = 11
SHOPS_CHINESE = 19
SHOPS_WEB = 12
CLUSTERS = 10
AUTHORISED = 60

Kind = SellerIdentifier.Kind


def make(world: World) -> None:
    """Create marketplaces, sellers, their identifiers and the brands' authorised sellers."""
    made = Marketplace.objects.bulk_create(
        [
            Marketplace(
                slug=market.slug,
                name=market.name,
                name_local=market.local,
                country=market.country,
                hosts=[market.host],
                listing_pattern=market.pattern,
                shop_pages=[f"{market.host}/shop/{{name}}"],
            )
            for market in MARKETS
        ]
    )
    web = Marketplace.objects.get(slug="web")
    world.markets = {m.slug: (m, row) for m, row in zip(MARKETS, made, strict=True)}
    world.markets["web"] = (None, web)
    world.marketplaces = Marketplaces([*made, web])
    for market, row in world.markets.values():
        world.sellers[row.pk] = [*_sellers(world, market, row)]
    Seller.objects.bulk_create([s for sellers in world.sellers.values() for s in sellers])
    _cluster(world)
    SellerIdentifier.objects.bulk_create(list(_identifiers(world)))
    _authorise(world)
    _watch(world)


def add_catalogue() -> None:
    """Create the real marketplaces, so that their URLs are recognised.

    They have no shops: the cases of the demo accuse invented shops on invented marketplaces. Called last, because each
    case that is submitted reads all marketplaces.
    """
    Marketplace.objects.bulk_create(catalogued_marketplaces.unsaved())


def _watch(world: World) -> None:
    """Record what two watch lists say about some of the marketplaces."""
    lists = [
        WatchList(name=name, name_zh=chinese, url=f"https://{host}/")
        for name, chinese, host in WATCH_LISTS
    ]
    WatchList.objects.bulk_create(lists)
    WatchListEntry.objects.bulk_create(
        WatchListEntry(
            marketplace=world.markets[slug][1],
            watch_list=lists[which],
            year=world.now.year - years_ago,
            change=change,
            source_url=f"{lists[which].url}{world.now.year - years_ago}/report.pdf",
        )
        for slug, which, years_ago, change in WATCHED
    )


def shop_name(world: World, tongue: str) -> str:
    """Return a random shop name in the script of the marketplace."""
    first, second = (world.rng.choice(words.split()) for words in SHOP_WORDS[tongue])
    return f"{first}{second}" if tongue in ("zh", "ja") else f"{first} {second}"


def shop(world: World, market: Market, row: Marketplace, number: int) -> Seller:
    """Return an unsaved seller on a marketplace."""
    rng = world.rng
    identifier = f"{market.slug[:3]}{rng.randint(10_000, 99_999)}{number:02d}"
    # Many shops on foreign marketplaces are run from China.
    chinese = market.tongue == "zh" or rng.random() < 0.5
    return Seller(
        marketplace=row,
        external_id=identifier,
        name=shop_name(world, market.tongue if rng.random() < 0.85 else "zh"),
        shop_url=f"https://{market.host}/shop/{identifier}",
        country="CN" if chinese else market.country,
    )


def _sellers(world: World, market: Market | None, row: Marketplace) -> Iterator[Seller]:
    if market is None:
        yield from _web_shops(world, row)
        return
    count = SHOPS_CHINESE if market.tongue == "zh" else SHOPS
    for number in range(1, count + 1):
        yield shop(world, market, row, number)


def _web_shops(world: World, row: Marketplace) -> Iterator[Seller]:
    for number in range(1, SHOPS_WEB + 1):
        name = shop_name(world, "en")
        top = world.rng.choice(("example", "test"))
        host = f"{name.lower().replace(' ', '-')}-{number}.{top}"
        yield Seller(
            marketplace=row,
            external_id=host,
            name=name,
            shop_url=f"https://{host}/",
            country=world.rng.choice(("CN", "HK", "TR", "")),
        )


def _cluster(world: World) -> None:
    """Choose groups of two to five shops on Chinese marketplaces, each group run by the same people."""
    chinese = [
        seller
        for market, row in world.markets.values()
        if market is not None and market.tongue == "zh"
        for seller in world.sellers[row.pk]
    ]
    world.rng.shuffle(chinese)
    start = 0
    for _ in range(CLUSTERS):
        size = world.rng.choice((2, 3, 3, 4, 5))
        world.clusters.append(chinese[start : start + size])
        start += size


def _identifiers(world: World) -> Iterator[SellerIdentifier]:
    rng, numbers = world.rng, itertools.count(1)
    for group in world.clusters:
        shared = rng.sample((Kind.PHONE, Kind.EMAIL, Kind.PAYMENT, Kind.LICENCE), k=2)
        values = {kind: _value(kind, next(numbers)) for kind in shared}
        for position, seller in enumerate(group):
            # The last shop shares only one identifier with the others.
            kinds = shared if position < len(group) - 1 else shared[:1]
            yield from (_identifier(seller, kind, values[kind]) for kind in kinds)
    clustered = {seller.pk for group in world.clusters for seller in group}
    hotline = _value(Kind.PHONE, 9000)
    everybody = [s for sellers in world.sellers.values() for s in sellers]
    for position, seller in enumerate(everybody):
        if seller.pk not in clustered and rng.random() < 0.55:
            for kind in rng.sample(list(Kind), k=rng.choice((1, 1, 2))):
                yield _identifier(seller, kind, _value(kind, next(numbers)))
        # Too many shops share this hotline for it to link them.
        elif position % 4 == 0:
            yield _identifier(seller, Kind.PHONE, hotline)


def _value(kind: str, number: int) -> str:
    """Return an identifier that cannot exist: its dialling code, host or licence is invalid."""
    return {
        Kind.PHONE: f"+86 000 0000 {number:04d}",
        Kind.EMAIL: f"shop.desk{number}@mail.example",
        Kind.PAYMENT: f"PAY-0000-{number:04d}-DEMO",
        Kind.ADDRESS: f"Room {100 + number}, Block {number % 9 + 1}, Example Logistics Park",
        Kind.LICENCE: f"91330000DEMO{number:04d}OX",
        Kind.SOCIAL: f"wechat: shopdesk{number}demo",
    }[SellerIdentifier.Kind(kind)]


def _identifier(seller: Seller, kind: str, value: str) -> SellerIdentifier:
    return SellerIdentifier(seller=seller, kind=kind, value=normalise(kind, value))


def _authorise(world: World) -> None:
    """Create authorised sellers of brands, against which no case is planned."""
    rng, entries = world.rng, []
    brands = [brand for o in world.organisations for brand in o.brands]
    for number, brand in enumerate(rng.sample(brands, k=AUTHORISED), start=1):
        market = rng.choice(MARKETS)
        entries.append(
            AuthorisedSeller(
                brand=brand,
                marketplace=world.markets[market.slug][1],
                external_id=f"official-{number:03d}",
                note=rng.choice(("Own shop", "Authorised dealer", "直营店", "授权经销商")),
            )
        )
    AuthorisedSeller.objects.bulk_create(entries)
