"""The rows of a sheet of a kind, with their verdicts."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from itertools import islice
from typing import IO, Any

from django.utils.translation import gettext as _

from alliance.lib.refusals import Refusal
from alliance.lib.sheets import columns, reading, writing
from alliance.lib.sheets.columns import Layout, Problem
from alliance.lib.sheets.limits import Limits
from alliance.lib.sheets.reading import Row
from members.imports.registry import Checker, Kind, Outcome, Verdict
from members.models import ImportJob, User


class Rows:
    """The rows of a sheet with their verdicts. The same object may be in one row only."""

    def __init__(self, file: IO[bytes], job: ImportJob, kind: Kind, by: User) -> None:
        self._layout, self._rows = open_sheet(file, job.original_name, kind)
        self._first: dict[Hashable, int] = {}
        self.checker: Checker = kind.checker(job, by, set(self._layout.positions))

    @property
    def layout(self) -> Layout:
        return self._layout

    def take(self, size: int) -> Sequence[Row]:
        return list(islice(self._rows, size))

    def check(self, rows: Sequence[Row]) -> list[tuple[Row, Verdict]]:
        """Return the rows with their verdicts. Call it once for each row, in order."""
        read = [self._layout.values(row) for row in rows]
        clean = [values for values, problems in read if not problems]
        checked = iter(self.checker.check(clean) if clean else [])
        found = []
        for row, (_values, problems) in zip(rows, read, strict=True):
            verdict = Verdict(Outcome.FAILED, problems) if problems else next(checked)
            verdict.row = row.number
            found.append((row, self._once(row, verdict)))
        return found

    def _once(self, row: Row, verdict: Verdict) -> Verdict:
        if verdict.problems or verdict.key is None:
            return verdict
        first = self._first.setdefault(verdict.key, row.number)
        if first == row.number:
            return verdict
        message = _("The same entry is already in row %(row)d. Delete one of them.")
        return Verdict(Outcome.FAILED, [Problem("", message % {"row": first})])


def open_sheet(file: IO[bytes], name: str, kind: Kind) -> tuple[Layout, Iterator[Row]]:
    """Return the layout of a sheet and its rows, which are read one after the other. Raises :class:`Refusal`."""
    sheet = reading.read(file, name=name, limits=Limits(rows=kind.max_rows))
    return columns.layout(sheet.header, kind.columns, extra=writing.EXTRA_TITLES), sheet.rows


def count(file: Any, name: str, kind: Kind) -> int:
    """Return the number of rows of a sheet, without checking them.

    Raises :class:`Refusal` if it is no sheet of this kind or has no rows. The limits of a sheet bound the time.
    """
    _layout, rows = open_sheet(file, name, kind)
    total = sum(1 for _row in rows)
    if not total:
        raise Refusal(_("The sheet has no rows below the titles."))
    return total
