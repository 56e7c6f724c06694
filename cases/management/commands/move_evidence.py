"""``manage.py move_evidence --to s3``: copy the private files from the folder to the bucket, or back."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from alliance.lib import private_files
from cases.services import file_moves


class Command(BaseCommand):
    """Lists the files that could not be copied, and exits with status 1 if there are any. Run it again for them."""

    help = "Copy all private files to another store. See docs/operations.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", required=True, choices=private_files.STORES)

    def handle(self, *args: Any, to: str, **options: Any) -> None:
        if not settings.EVIDENCE_S3_BUCKET:
            raise CommandError("Set EVIDENCE_S3_BUCKET first.")
        copied = present = problems = 0
        for one in file_moves.copy_all(to=to):
            if one.problem:
                problems += 1
                self.stderr.write(f"{one.name}: {one.problem}")
            elif one.copied:
                copied += 1
            else:
                present += 1
        self.stdout.write(f"Copied: {copied}. There already: {present}.")
        if problems:
            raise CommandError(f"Files that could not be copied: {problems}")
