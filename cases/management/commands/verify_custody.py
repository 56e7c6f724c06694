"""``manage.py verify_custody``: verify the chains of custody, and with ``--files`` the stored files."""

from __future__ import annotations

from argparse import ArgumentParser
from itertools import chain
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from alliance.lib import ids
from cases.models import Case, CustodyChain
from cases.queries import custody_check


class Command(BaseCommand):
    """Lists what does not match and exits with status 1 if there is anything. Writes nothing."""

    help = "Verify the chains of custody of the evidence against their hashes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--case", default="", metavar="REF", help="only this case (AP-…)")
        parser.add_argument(
            "--files", action="store_true", help="also hash every stored file, which takes longer"
        )

    def handle(self, *args: Any, case: str, files: bool, **options: Any) -> None:
        case = case.upper()
        if case and not _is_known(case):
            raise CommandError(f"There is no case {case} with evidence.")
        found = custody_check.broken_chains(case=case)
        if files:
            found = chain(found, custody_check.broken_files(case=case))
        count = 0
        for one in found:
            count += 1
            self.stderr.write(str(one))
        if count:
            raise CommandError(f"Breaks found: {count}")
        self.stdout.write("All chains of custody are intact.")


def _is_known(reference: str) -> bool:
    if not ids.is_reference(reference, "AP"):
        return False
    chains = CustodyChain.objects.filter(case_reference=reference)
    return chains.exists() or Case.objects.filter(reference=reference).exists()
