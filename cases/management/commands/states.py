"""``manage.py states``: write ``docs/states.md`` from ``cases/states.py``; with ``--check``, only compare."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import TextChoices
from django.utils import translation

from cases.states import (
    OUTCOMES,
    PURCHASE_TRANSITIONS,
    REFERRAL_TRANSITIONS,
    TRANSITIONS,
    WAITS_FOR,
    PurchaseStatus,
    ReferralStatus,
    Status,
)

PATH = Path(settings.BASE_DIR) / "docs" / "states.md"


class Command(BaseCommand):
    """Keeps the documentation of the states up to date."""

    help = "Write docs/states.md from cases/states.py."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="Fail if the file is out of date.")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en"):
            text = document()
        if not options["check"]:
            PATH.write_text(text, encoding="utf-8")
        elif not PATH.exists() or PATH.read_text(encoding="utf-8") != text:
            raise CommandError("docs/states.md is out of date. Run manage.py states.")


def document() -> str:
    """Return the document: diagrams of cases, referrals and test purchases, and a table for cases."""
    moves = {verb: (move.sources, move.target) for verb, move in TRANSITIONS.items()}
    lines = [
        "# States",
        "",
        "Generated from `cases/states.py` by `manage.py states`; do not edit by hand.",
        *_diagram("A case", Status.DRAFT, moves),
        *("", "| verb | from | to | by |", "|---|---|---|---|"),
    ]
    for verb, move in TRANSITIONS.items():
        sources = ", ".join(str(s.label) for s in Status if s in move.sources)
        lines.append(f"| `{verb}` | {sources} | {move.target.label} | {move.by.label} |")
    lines += ["", "| status | waits for | outcome |", "|---|---|---|"]
    for status in Status:
        owner = WAITS_FOR.get(status)
        outcomes = " or ".join(str(outcome.label) for outcome in OUTCOMES.get(status, ()))
        waits_for = owner.label if owner else "none"
        lines.append(f"| {status.label} | {waits_for} | {outcomes or 'none'} |")
    lines += _diagram("A referral", ReferralStatus.OFFERED, REFERRAL_TRANSITIONS)
    lines += _diagram("A test purchase", PurchaseStatus.PLANNED, PURCHASE_TRANSITIONS)
    return "\n".join([*lines, ""])


def _diagram(
    title: str, first: TextChoices, transitions: Mapping[str, tuple[Collection[Any], Any]]
) -> list[str]:
    """Return the lines of a section: ``transitions`` has the statuses that each verb leads from and to."""
    lines = ["", f"## {title}", "", "```mermaid", "stateDiagram-v2", f"    [*] --> {first.value}"]
    for verb, (sources, target) in transitions.items():
        found = [status for status in type(first) if status in sources]
        lines += [f"    {status.value} --> {target.value}: {verb}" for status in found]
    return [*lines, "```"]
