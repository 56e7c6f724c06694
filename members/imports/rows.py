"""The rows of a sheet of a kind, with their verdicts."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from itertools import islice
from typing import IO

from django.utils.translation import gettext as _

from alliance.lib.sheets import columns, reading, writing
from alliance.lib.sheets.columns import Layout, Problem
from alliance.lib.sheets.limits import Limits
from alliance.lib.sheets.reading import Row
from members.imports.registry import Checker, Kind, Outcome, Verdict
from members.models import Member, User


class Rows:
    """The rows of a sheet with their verdicts. The same object may be in one row only."""

    def __init__(self, file: IO[bytes], name: str, kind: Kind, member: Member, by: User) -> None:
        sheet = reading.read(file, name=name, limits=Limits(rows=kind.max_rows))
        self._layout = columns.layout(sheet.header, kind.columns, extra=writing.EXTRA_TITLES)
        self._rows = sheet.rows
        self._first: dict[Hashable, int] = {}
        self.checker: Checker = kind.checker(member, by, set(self._layout.positions))

    @property
    def layout(self) -> Layout:
        return self._layout

    def batches(self, size: int) -> Iterator[list[tuple[Row, Verdict]]]:
        while rows := self.take(size):
            yield self.check(rows)

    def take(self, size: int) -> Sequence[Row]:
        return list(islice(self._rows, size))

    def check(self, rows: Sequence[Row]) -> list[tuple[Row, Verdict]]:
        """Return the rows with their verdicts. Call it once for each row, in order."""
        read = [self._layout.values(row) for row in rows]
        clean = [values for values, problems in read if not problems]
        checked = iter(self.checker.check(clean) if clean else [])
        return [
            (row, self._once(row, Verdict(Outcome.FAILED, problems) if problems else next(checked)))
            for row, (_values, problems) in zip(rows, read, strict=True)
        ]

    def _once(self, row: Row, verdict: Verdict) -> Verdict:
        if verdict.problems or verdict.key is None:
            return verdict
        first = self._first.setdefault(verdict.key, row.number)
        if first == row.number:
            return verdict
        message = _("The same entry is already in row %(row)d. Delete one of them.")
        return Verdict(Outcome.FAILED, [Problem("", message % {"row": first})])
