"""``manage.py states``: write ``docs/states.md`` from ``cases/states.py``; with ``--check``, only compare."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
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
    lines = [
        "# States",
        "",
        "Generated from `cases/states.py` by `manage.py states`; do not edit by hand.",
        "",
        "## A case",
        "",
        "```mermaid",
        "stateDiagram-v2",
        f"    [*] --> {Status.DRAFT.value}",
    ]
    for verb, move in TRANSITIONS.items():
        lines += [f"    {s.value} --> {move.target.value}: {verb}" for s in _ordered(move.sources)]
    lines += ["```", "", "| verb | from | to | by |", "|---|---|---|---|"]
    for verb, move in TRANSITIONS.items():
        sources = ", ".join(str(s.label) for s in _ordered(move.sources))
        lines.append(f"| `{verb}` | {sources} | {move.target.label} | {move.by.label} |")
    lines += ["", "| status | waits for | outcome |", "|---|---|---|"]
    for status in Status:
        owner = WAITS_FOR.get(status)
        outcomes = " or ".join(str(outcome.label) for outcome in OUTCOMES.get(status, ()))
        waits_for = owner.label if owner else "none"
        lines.append(f"| {status.label} | {waits_for} | {outcomes or 'none'} |")
    lines += [
        "",
        "## A referral",
        "",
        "```mermaid",
        "stateDiagram-v2",
        f"    [*] --> {ReferralStatus.OFFERED.value}",
    ]
    for step, (starts, goal) in REFERRAL_TRANSITIONS.items():
        chosen = [s for s in ReferralStatus if s in starts]
        lines += [f"    {s.value} --> {goal.value}: {step}" for s in chosen]
    lines += [
        "```",
        "",
        "## A test purchase",
        "",
        "```mermaid",
        "stateDiagram-v2",
        f"    [*] --> {PurchaseStatus.PLANNED.value}",
    ]
    for action, (origins, end) in PURCHASE_TRANSITIONS.items():
        found = [s for s in PurchaseStatus if s in origins]
        lines += [f"    {s.value} --> {end.value}: {action}" for s in found]
    return "\n".join([*lines, "```", ""])


def _ordered(sources: frozenset[Status]) -> list[Status]:
    return [status for status in Status if status in sources]
