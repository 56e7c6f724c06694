"""Groups the rows of a sheet into cases: one for each shop on a marketplace, and several for a large one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from alliance.lib.sheets.columns import Problem
from cases.imports import complaints
from cases.imports.listing_rows import Entry, Shop
from cases.models import PlannedCase
from cases.models.planned_case import MOST_NAMED
from cases.queries import readiness, seller_history, sellers
from cases.services.evidence import MAX_FILES
from members.imports.registry import Verdict
from members.models import ImportJob


@dataclass(slots=True)
class Line:
    """What the plan keeps of a row. The verdict has its number as soon as the machinery has set it."""

    verdict: Verdict
    pictures: tuple[str, ...]
    currency: str
    value: Decimal | None


@dataclass
class Group:
    """The rows of one shop. ``filed`` counts the listings that are left out by the reference of their open case."""

    shop: Shop
    name: str = ""
    lines: list[Line] = field(default_factory=list)
    filed: Counter[str] = field(default_factory=Counter)

    def add(self, entry: Entry, verdict: Verdict) -> None:
        self.lines.append(Line(verdict, entry.pictures, entry.currency, entry.value))

    def parts(self, files: int) -> Iterator[list[Line]]:
        """Yield the lines of each case. ``files`` is the number of files that each case gets anyway."""
        part: list[Line] = []
        pictures: set[str] = set()
        for line in self.lines:
            together = pictures | set(line.pictures)
            if part and (
                len(part) >= settings.LISTINGS_PER_CASE or files + len(together) > MAX_FILES
            ):
                yield part
                part, together = [], set(line.pictures)
            part.append(line)
            pictures = together
        if part:
            yield part


def store(job: ImportJob, groups: Sequence[Group], *, files: int) -> dict[int, Problem]:
    """Replace the planned cases of ``job``. Return the rows that cannot be filed, with the reason.

    ``files`` is the number of evidence files that each case gets besides the pictures of its rows.
    """
    complaint = complaints.values(job)
    problem = complaints.problem(complaint)
    shops = [(group.shop.marketplace, group.shop.id, group.shop.url) for group in groups]
    authorised = seller_history.authorised_shops(complaint["brand"].pk, shops)
    names = sellers.known_names([(one.marketplace.pk, one.key) for one in map(_shop, groups)])
    planned: list[PlannedCase] = []
    refused: dict[int, Problem] = {}
    for group, shop in zip(groups, shops, strict=True):
        known = names.get((group.shop.marketplace.pk, group.shop.key), "")
        group.name = group.name or known or group.shop.id
        why = problem or (readiness.authorised() if shop in authorised else "")
        for one in _cases(job, group, files, why):
            one.number = len(planned) + 1
            planned.append(one)
            if one.problem:
                refused |= dict.fromkeys(one.rows, Problem("", one.problem))
    PlannedCase.objects.filter(job=job).delete()
    PlannedCase.objects.bulk_create(planned, batch_size=500)
    return refused


def _shop(group: Group) -> Shop:
    return group.shop


def _cases(job: ImportJob, group: Group, files: int, problem: str) -> Iterator[PlannedCase]:
    left_out: dict[str, Any] = {
        "filed_already": group.filed.total(),
        "filed_in": sorted(group.filed)[:MOST_NAMED],
    }
    for part in group.parts(files):
        why = problem
        if not why and not files and not any(line.pictures for line in part):
            why = _(
                "There is no evidence. Upload a file for all cases, or name pictures of the listings in the sheet and "
                "upload them in a ZIP file."
            )
        state = PlannedCase.State.REFUSED if why else PlannedCase.State.PLANNED
        yield _case(job, group, state, part, problem=why, **left_out)
        left_out = {}
    if left_out:
        yield _case(job, group, PlannedCase.State.LEFT_OUT, [], **left_out)


def _case(
    job: ImportJob, group: Group, state: PlannedCase.State, lines: Sequence[Line], **more: Any
) -> PlannedCase:
    sums: dict[str, Decimal] = {}
    for line in lines:
        if line.value is not None:
            sums[line.currency] = sums.get(line.currency, Decimal(0)) + line.value
    return PlannedCase(
        job=job,
        state=state,
        marketplace=group.shop.marketplace,
        shop=group.shop.id,
        shop_name=group.name,
        shop_url=group.shop.url,
        rows=[line.verdict.row for line in lines],
        values={code: str(total) for code, total in sorted(sums.items())},
        **more,
    )
