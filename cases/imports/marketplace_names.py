"""Marketplaces in sheets, by each of their names."""

from __future__ import annotations

from collections.abc import Iterable

from cases.models import Marketplace
from members.imports import names


class MarketplaceNames:
    """Active marketplaces by slug, name, name in their own script, and both names together."""

    def __init__(self, marketplaces: Iterable[Marketplace]) -> None:
        self._found: dict[str, Marketplace] = {}
        for one in marketplaces:
            if not one.is_active:
                continue
            for name in (one.slug, one.name, one.name_local, f"{one.name} {one.name_local}"):
                if name.strip():
                    self._found.setdefault(names.plain(name), one)

    def get(self, name: str) -> Marketplace | None:
        return self._found.get(names.plain(name))
