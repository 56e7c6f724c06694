"""``manage.py demo``: the demo alliance, once; ``--logins``: who may log in to it."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cases.demo import load
from cases.demo.logins import table


class Command(BaseCommand):
    help = "Load an invented alliance to try the portal with. Loading it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--logins", action="store_true", help="print a login for each role, and load nothing"
        )

    def handle(self, *args: Any, logins: bool, **options: Any) -> None:
        if not (settings.DEMO or settings.DEBUG):
            raise CommandError(
                "The demo creates accounts with a password that everybody knows: "
                "it needs DEMO=1 (or DEBUG=1)."
            )
        if logins:
            self._print_logins()
        else:
            self._load()

    def _print_logins(self) -> None:
        if not load.is_loaded():
            raise CommandError("The demo is not loaded: run manage.py demo first.")
        self.stdout.write(table())

    def _load(self) -> None:
        began = time.monotonic()
        try:
            loaded = load.load(tell=lambda text: self.stdout.write(f"  {text} …"))
        except load.NotEmpty:
            raise CommandError(
                "This database has members already. The demo goes into an empty database only."
            ) from None
        seconds = f"in {time.monotonic() - began:.0f} s" if loaded else "loaded already"
        self.stdout.write(f"{load.summary()} ({seconds})")
