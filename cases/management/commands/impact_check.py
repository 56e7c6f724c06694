"""``manage.py impact_check``: check the hash of every published snapshot."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.figures import impact
from cases.liaison.models import ImpactSnapshot


class Command(BaseCommand):
    """Says which snapshots do not fit their figures, their operations or the snapshot before them."""

    help = "Check the published figures against their hashes."

    def handle(self, *args: Any, **options: Any) -> None:
        checked, broken = 0, 0
        for snapshot in ImpactSnapshot.objects.order_by("pk").iterator():
            checked += 1
            if not impact.is_intact(snapshot):
                broken += 1
                self.stderr.write(f"{snapshot.pk}: {snapshot} does not fit {snapshot.sha256}")
        if broken:
            raise CommandError(f"{broken} of {checked} snapshots do not fit their hash")
        self.stdout.write(f"{checked} snapshots, all as they were published")
