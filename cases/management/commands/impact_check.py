"""``manage.py impact_check``: verify the hash of every published snapshot."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.figures import impact
from cases.liaison.models import ImpactSnapshot


class Command(BaseCommand):
    """Lists snapshots whose hash does not match their figures, operations or previous snapshot."""

    help = "Verify the published figures against their hashes."

    def handle(self, *args: Any, **options: Any) -> None:
        checked, broken = 0, 0
        for snapshot in ImpactSnapshot.objects.order_by("pk").iterator():
            checked += 1
            if not impact.is_intact(snapshot):
                broken += 1
                self.stderr.write(
                    f"{snapshot.pk}: {snapshot} does not match its hash {snapshot.sha256}"
                )
        if broken:
            raise CommandError(f"Snapshots that do not match their hash: {broken} of {checked}")
        self.stdout.write(f"Snapshots verified: {checked}. All hashes match.")
