"""``manage.py add_marketplaces``: create the marketplaces of the catalogue."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from cases.services import catalogued_marketplaces


class Command(BaseCommand):
    """Creates the rows that do not exist. Existing rows are not changed, so it can run after each release."""

    help = "Create the marketplaces of the catalogue that do not exist."

    def handle(self, *args: Any, **options: Any) -> None:
        made = catalogued_marketplaces.add_missing()
        for row in made:
            self.stdout.write(f"{row.slug}: {row.name}")
        self.stdout.write(f"Marketplaces created: {len(made)}.")
