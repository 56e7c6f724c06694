"""``manage.py demo``: load the demo data and print the demo accounts."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cases.demo import load
from cases.demo.logins import table


class Command(BaseCommand):
    help = "Load fictitious demo data, and print an account for each role. If it is already loaded, nothing changes."

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.DEMO or settings.DEBUG):
            raise CommandError(
                "The demo creates accounts with a publicly known password. Set DEMO=1 (or DEBUG=1) to load it."
            )
        started = time.monotonic()
        try:
            loaded = load.load(progress=lambda text: self.stdout.write(f"  {text} …"))
        except load.NotEmpty:
            raise CommandError(
                "This database already has members. Load the demo into an empty database."
            ) from None
        result = f"in {time.monotonic() - started:.0f} s" if loaded else "already loaded"
        self.stdout.write(f"{load.summary()} ({result})\n\n{table()}")
