"""Adds the marketplaces of the catalogue to the database."""

from __future__ import annotations

from django.db import transaction

from cases.marketplaces import catalogue
from cases.models import Marketplace
from cases.services import listing_keys


def unsaved() -> list[Marketplace]:
    """Return a new row for each marketplace of the catalogue."""
    return [
        Marketplace(
            slug=entry.slug,
            name=entry.name,
            name_local=entry.name_local,
            country=entry.country,
            hosts=sorted({*entry.hosts, *entry.short_links}),
            shop_ids_are_case_sensitive=entry.shops_have_case,
        )
        for entry in catalogue.marketplaces().values()
    ]


@transaction.atomic
def add_missing() -> list[Marketplace]:
    """Create the rows of the catalogue's marketplaces that do not exist, and return them.

    Existing rows are not changed. A marketplace is left out if another row has one of its hosts, since an admin has
    made rules for it: the row takes part in the catalogue once its slug is the marketplace's.
    """
    listing_keys.lock_rules()
    rows = list(Marketplace.objects.all())
    slugs = {row.slug for row in rows}
    hosts = {host for row in rows for host in row.hosts}
    missing = [row for row in unsaved() if row.slug not in slugs and hosts.isdisjoint(row.hosts)]
    for row in missing:
        row.full_clean()
        row.save()
    listing_keys.schedule_check()
    return missing
