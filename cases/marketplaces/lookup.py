"""Finds the marketplace that a host belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cases.marketplaces import catalogue
from cases.marketplaces.catalogue import Reading
from cases.models import Marketplace


class Marketplaces:
    """All rows of marketplaces, indexed once for many addresses.

    Inactive ones are included, so that their URLs do not count as independent websites.
    """

    def __init__(self, rows: Iterable[Marketplace]) -> None:
        self._rows = list(rows)
        self._by_host = {host: row for row in self._rows for host in row.hosts}
        self._catalogued = {row.slug: row for row in self._rows if catalogue.has(row.slug)}
        self._independent = next((row for row in self._rows if not row.hosts), None)

    @classmethod
    def all(cls) -> Marketplaces:
        """Return those in the database."""
        return cls(Marketplace.objects.all())

    def replacing(self, row: Marketplace) -> Marketplaces:
        """Return them with ``row``, which may not be saved, in place of its earlier version."""
        return Marketplaces([*(one for one in self._rows if one.pk != row.pk), row])

    def __iter__(self) -> Iterator[Marketplace]:
        return iter(self._rows)

    def of_host(self, name: str) -> Marketplace | None:
        """Return the marketplace of a host: the one with the longest matching host.

        Without a match, return the marketplace for independent websites, or ``None`` if there is none.
        """
        labels = name.split(".")
        for at in range(len(labels)):
            if row := self._by_host.get(".".join(labels[at:])):
                return row
        return self._independent

    def catalogued(self, reading: Reading) -> Marketplace | None:
        """Return the row of the catalogue's marketplace, by its slug.

        Return ``None`` if there is no such row, or if a row that is not in the catalogue has the host.
        """
        owner = self.of_host(reading.normalised.name)
        if owner and owner.hosts and owner.slug not in self._catalogued:
            return None
        return self._catalogued.get(reading.marketplace)
