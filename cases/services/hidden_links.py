"""What a complaint states about a hidden link."""

from __future__ import annotations

from dataclasses import dataclass

from cases.models import Case, HiddenLink


@dataclass(frozen=True)
class Hidden:
    """Where a hidden link is advertised, how to order through it, and what arrives. In a draft, they may be empty."""

    advertised_in: str = ""
    how_to_order: str = ""
    what_arrives: str = ""


def record(case: Case, hidden: Hidden | None) -> None:
    """Store the statements about the hidden link of a draft; ``None`` deletes them. The caller has locked the draft."""
    if hidden is None:
        HiddenLink.objects.filter(case=case.pk).delete()
        return
    stated = {name: getattr(hidden, name).strip() for name in HiddenLink.STATEMENTS}
    HiddenLink.objects.update_or_create(case_id=case.pk, defaults=stated)


def stated_in(case: Case) -> Hidden | None:
    """Return the statements about the hidden link of a case, as stored, or ``None``. Makes one query."""
    return stated(HiddenLink.objects.filter(case=case.pk).first())


def stated(row: HiddenLink | None) -> Hidden | None:
    """Return the statements of a row."""
    return Hidden(**{name: getattr(row, name) for name in HiddenLink.STATEMENTS}) if row else None
