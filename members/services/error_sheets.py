"""The error sheet of an import: the rows with problems and their original cells."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from alliance.lib.refusals import Refusal
from alliance.lib.sheets import reading, writing
from alliance.lib.sheets.limits import Limits
from members.imports import registry
from members.models import ImportJob


def write(job: ImportJob) -> IO[bytes] | None:
    """Return the error sheet of ``job`` as XLSX; ``None`` without problems or without the file."""
    kind, problems = registry.find(job.kind), dict(job.problems.values_list("row", "message"))
    if not (kind and problems and job.file):
        return None
    try:
        with job.file.open("rb") as file:
            limits = Limits(rows=kind.max_rows)
            sheet = reading.read(file, name=job.original_name, limits=limits)
            return writing.errors(sheet.header, _rows(sheet, problems))
    except (FileNotFoundError, Refusal):
        return None


def _rows(sheet: reading.Sheet, problems: dict[int, str]) -> Iterator[tuple[int, list[str], str]]:
    for row in sheet.rows:
        if message := problems.get(row.number):
            yield row.number, row.cells, message
