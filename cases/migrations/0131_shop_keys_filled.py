"""Give sellers, allow-lists and identifiers their normal form, and merge what is one by it.

Sellers of one marketplace with one key become the oldest of them: its cases, strikes and identifiers are
joined, and each merge is logged with both numbers. A seller that is named by an address joins the one
seller for which that address was recorded. The history tables keep what the rows were.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import structlog
from django.core.exceptions import ValidationError
from django.db import migrations, models

from cases import addresses, identifiers, shops

log = structlog.get_logger(__name__)
BATCH = 1000


def fill(apps: Any, schema_editor: Any) -> None:
    for marketplace in apps.get_model("cases", "Marketplace").objects.order_by("pk"):
        sellers(apps, marketplace)
        authorised(apps, marketplace)
    normalise_identifiers(apps)
    # The constraints that follow alter these tables: no check may be left for the end of the transaction.
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


def sellers(apps: Any, marketplace: Any) -> None:
    known_sellers = apps.get_model("cases", "Seller")
    exact = marketplace.shop_ids_are_case_sensitive
    rows = list(known_sellers.objects.filter(marketplace=marketplace).order_by("pk"))
    for row in rows:
        if not shops.key(row.external_id):
            row.external_id = f"unreadable-{row.pk}"
        row.external_key = shops.key(row.external_id, case_sensitive=exact)
        row.address_key = shops.key(row.shop_url, case_sensitive=exact)
    merged = merges(rows)
    for gone, kept in merged.items():
        merge(apps, gone=gone, kept=kept)
        log.warning("sellers_merged", gone=gone, kept=kept, marketplace=marketplace.slug)
    left = [row for row in rows if row.pk not in merged]
    fields = ["external_id", "external_key", "address_key"]
    known_sellers.objects.bulk_update(left, fields, batch_size=BATCH)


def merges(rows: Iterable[Any]) -> dict[int, int]:
    """Return the numbers of the sellers to be merged away, each with the one that stays."""
    first: dict[str, int] = {}
    recorded: dict[str, set[int]] = defaultdict(set)
    into: dict[int, int] = {}
    for row in rows:
        kept = first.setdefault(row.external_key, row.pk)
        if kept != row.pk:
            into[row.pk] = kept
        if row.address_key and row.address_key != row.external_key:
            recorded[row.address_key].add(kept)
    for key, pk in first.items():
        owners = recorded.get(key, set()) - {pk}
        if len(owners) == 1:
            into[pk] = owners.pop()
    return {gone: _end(into, kept) for gone, kept in into.items() if _end(into, kept) != gone}


def _end(into: dict[int, int], pk: int) -> int:
    seen = {pk}
    while pk in into and into[pk] not in seen:
        pk = into[pk]
        seen.add(pk)
    return pk


def merge(apps: Any, *, gone: int, kept: int) -> None:
    known_identifiers = apps.get_model("cases", "SellerIdentifier")
    for model in ("Case", "Strike"):
        apps.get_model("cases", model).objects.filter(seller_id=gone).update(seller_id=kept)
    known = set(known_identifiers.objects.filter(seller_id=kept).values_list("kind", "value"))
    for row in known_identifiers.objects.filter(seller_id=gone):
        if (row.kind, row.value) in known:
            row.delete()
        else:
            row.seller_id = kept
            row.save(update_fields=["seller_id"])
    apps.get_model("cases", "Seller").objects.filter(pk=gone).delete()


def authorised(apps: Any, marketplace: Any) -> None:
    entries = apps.get_model("cases", "AuthorisedSeller")
    known: dict[tuple[int, str], Any] = {}
    for row in entries.objects.filter(marketplace=marketplace).order_by("pk"):
        try:
            row.external_id, _url = addresses.shop(row.external_id, marketplace)
        except ValidationError:
            row.external_id = (
                row.external_id if shops.key(row.external_id) else f"unreadable-{row.pk}"
            )
        exact = marketplace.shop_ids_are_case_sensitive
        row.external_key = shops.key(row.external_id, case_sensitive=exact)
        first = known.setdefault((row.brand_id, row.external_key), row)
        if first is row:
            row.save()
            continue
        first.note = "; ".join(dict.fromkeys(filter(None, (first.note, row.note))))[:200]
        first.save()
        row.delete()
        log.warning("authorised_sellers_merged", gone=row.external_id, kept=first.pk)


def normalise_identifiers(apps: Any) -> None:
    known_identifiers = apps.get_model("cases", "SellerIdentifier")
    rows = known_identifiers.objects.select_related("seller__marketplace").order_by("pk")
    for row in rows.iterator(chunk_size=BATCH):
        seller = row.seller
        countries = [str(c) for c in (seller.marketplace.country, seller.country) if c]
        value = identifiers.normalise(row.kind, row.value, countries)
        if value == row.value or not value:
            continue
        if known_identifiers.objects.filter(seller=seller, kind=row.kind, value=value).exists():
            row.delete()
        else:
            row.value = value[:200]
            row.save(update_fields=["value"])


class Migration(migrations.Migration):
    dependencies = [("cases", "0130_shop_keys")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="authorisedseller",
            constraint=models.UniqueConstraint(
                condition=models.Q(("external_key", ""), _negated=True),
                fields=("brand", "marketplace", "external_key"),
                name="authorised_key_once_per_brand",
            ),
        ),
        migrations.AddConstraint(
            model_name="seller",
            constraint=models.UniqueConstraint(
                condition=models.Q(("external_key", ""), _negated=True),
                fields=("marketplace", "external_key"),
                name="seller_key_once_per_marketplace",
            ),
        ),
    ]
