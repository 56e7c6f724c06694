"""Sheets to upload, and their imports."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from members.imports import registry
from members.models import ImportJob, Member, User
from members.services import import_runs, imports
from tests.factories.numbers import number
from tests.factories.people import filer_of

RIGHT_TITLES = (
    *("Brand", "Kind of right", "Mark or title", "Registered owner", "Office"),
    *("Registration number", "Territory", "Nice classes", "Registered on", "Expires on"),
)


def right_row(brand: str = "Alder", **changes: str) -> list[str]:
    """The cells of a row with a trademark. ``changes`` are cells by the title in lower case with underscores."""
    mark, registered = f"Mark {number()}", f"{30_000_000 + number()}"
    values = [
        brand,
        "Trademark",
        mark,
        "Alder Ltd",
        "CNIPA",
        registered,
        "CN",
        "25",
        "2015-03-01",
        "",
    ]
    cells = dict(zip(RIGHT_TITLES, values, strict=True))
    for name, value in changes.items():
        title = name.replace("_", " ").capitalize()
        assert title in cells, title
        cells[title] = value
    return list(cells.values())


def sheet(
    *rows: Sequence[str], titles: Sequence[str] = RIGHT_TITLES, name: str = "rights.csv"
) -> Any:
    """A CSV file with ``rows`` below the titles."""
    quoted = (
        ",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in (titles, *rows)
    )
    return SimpleUploadedFile(name, "\r\n".join(quoted).encode(), "text/csv")


def import_job(of: Member, *rows: Sequence[str], by: User | None = None) -> ImportJob:
    """A checked sheet of rights, with one valid row unless ``rows`` are given."""
    kind = registry.find("rights")
    assert kind is not None
    rows = rows or (right_row(), right_row(kind_of_right="Slogan", registered_on=f"{date.max}"))
    by = by or filer_of(of)
    return checked(imports.upload(member=of, kind=kind, by=by, upload=sheet(*rows)))


def checked(job: ImportJob) -> ImportJob:
    """The job after a worker has checked it."""
    import_runs.run(job.pk, until=time.monotonic())
    return ImportJob.objects.select_related("member", "uploaded_by").get(pk=job.pk)
