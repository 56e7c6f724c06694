"""Title, price, units sold and day of listings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pgtrigger
from django.db import connection

from cases.demo.data.places import IN_YUAN
from cases.demo.plans import CasePlan
from cases.demo.world import World

_DESCRIBE = """
    UPDATE cases_listing AS listing
       SET title = seen.title, price = seen.price, currency = seen.currency,
           units_sold = seen.units_sold, seen_on = seen.seen_on
      FROM unnest(%s::bigint[], %s::int[], %s::text[], %s::numeric[], %s::text[], %s::int[],
                  %s::date[])
           AS seen (case_id, position, title, price, currency, units_sold, seen_on)
     WHERE listing.case_id = seen.case_id AND listing.position = seen.position
"""
_TITLES = {
    True: ("【{brand}】{goods} 原单 1:1", "{brand}同款{goods} 特价", "正品{brand}{goods} 包邮", "{goods} {brand} 高版本"),
    False: ("{brand} {goods}, original, 85% off", "{goods} like {brand}", "NEW {brand} {goods} free shipping",
            "{brand} {goods} factory stock"),
}  # fmt: skip


def describe(world: World, cases: Sequence[CasePlan]) -> None:
    """Set the details of the listings of ``cases`` in one statement."""
    rng = world.rng
    rows: list[tuple[int, int, str, Decimal, str, int, date]] = []
    for plan in cases:
        if plan.case is None:
            continue
        currency = plan.market.currency if plan.market else "USD"
        genuine = plan.good.price / IN_YUAN[currency]
        chinese = plan.market is not None and plan.market.tongue == "zh"
        name = plan.brand.name_local or plan.brand.name if chinese else plan.brand.name
        goods = plan.good.zh if chinese else plan.good.en
        day = plan.when.drafted.date()
        for position in range(1, plan.listings + 1):
            price = Decimal(genuine * plan.asking_percent / 100 * rng.uniform(0.8, 1.25))
            title = rng.choice(_TITLES[chinese]).format(brand=name, goods=goods)
            cents = Decimal(1) if currency in ("JPY", "KRW") else Decimal("0.01")
            sold = int(rng.lognormvariate(3.5, 1.4))
            rows.append((plan.case.pk, position, title, price.quantize(cents), currency, sold, day))
    # These are initial values, so they need no history rows.
    with pgtrigger.ignore("cases.Listing:update_update"), connection.cursor() as cursor:
        # The table was filled in this transaction and has no statistics.
        cursor.execute("ANALYZE cases_listing")
        cursor.execute(_DESCRIBE, [list(column) for column in zip(*rows, strict=True)])
