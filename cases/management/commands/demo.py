"""``manage.py demo``: load the demo data; with ``--logins``, print the demo accounts."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cases.demo import load
from cases.demo.logins import table


class Command(BaseCommand):
    help = "Load fictitious demo data. If it is already loaded, nothing changes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--logins",
            action="store_true",
            help="Print an account for each role. Nothing is loaded.",
        )

    def handle(self, *args: Any, logins: bool, **options: Any) -> None:
        if not (settings.DEMO or settings.DEBUG):
            raise CommandError(
                "The demo creates accounts with a publicly known password. Set DEMO=1 (or DEBUG=1) to load it."
            )
        if logins:
            self._print_logins()
        else:
            self._load()

    def _print_logins(self) -> None:
        if not load.is_loaded():
            raise CommandError("The demo is not loaded. Run manage.py demo first.")
        self.stdout.write(table())

    def _load(self) -> None:
        started = time.monotonic()
        try:
            loaded = load.load(progress=lambda text: self.stdout.write(f"  {text} …"))
        except load.NotEmpty:
            raise CommandError(
                "This database already has members. Load the demo into an empty database."
            ) from None
        result = f"in {time.monotonic() - started:.0f} s" if loaded else "already loaded"
        self.stdout.write(f"{load.summary()} ({result})")
