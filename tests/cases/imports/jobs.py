"""Imports of sheets of listings: a job with its rows, its confirmation, and what became of it."""

from __future__ import annotations

from typing import Any

from cases.models import Evidence, PlannedCase
from members import tasks
from members.models import ImportJob
from members.services import imports
from tests.factories.listing_sheets import listings_job
from tests.personas import Personas

State, Planned = ImportJob.State, PlannedCase.State


def job_of(personas: Personas, *rows: list[str], **values: Any) -> ImportJob:
    return listings_job(personas.right, personas.filer, *rows, **values)


def confirmed(job: ImportJob) -> ImportJob:
    imports.confirm(job=job, by=job.uploaded_by, stated=True)
    tasks.run_imports()
    return ImportJob.objects.get(pk=job.pk)


def expected(job: ImportJob) -> tuple[int, ...]:
    return (job.will_create, job.will_keep, job.will_fail)


def counted(job: ImportJob) -> tuple[int, ...]:
    return (job.created, job.unchanged, job.failed)


def planned(job: ImportJob) -> list[tuple[str, str, int]]:
    rows = PlannedCase.objects.filter(job=job).order_by("number")
    return [(one.state, one.shop_name, one.listing_count) for one in rows]


def problems(job: ImportJob) -> dict[int, str]:
    return dict(job.problems.values_list("row", "message"))


def stored_files(settings: Any) -> set[str]:
    """The names of the evidence in the storage: two letters and a key."""
    root = settings.EVIDENCE_ROOT
    return {str(path.relative_to(root)) for path in root.glob("??/*")}


def saved_files() -> set[str]:
    return {str(one.file.name) for one in Evidence.objects.all()}
