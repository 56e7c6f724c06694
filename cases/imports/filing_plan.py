"""Files the planned cases of a sheet, one in each step, through the services of filing."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import IO

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from alliance.lib import arrivals
from alliance.lib.refusals import Incomplete, NotAllowed, Refusal
from alliance.lib.sheets.columns import Problem
from cases.imports import complaints
from cases.imports.listing_rows import Entry, RowReader
from cases.imports.pictures import Pictures
from cases.models import Case, Evidence, PlannedCase
from cases.models.planned_case import MOST_NAMED
from cases.queries import filed_already
from cases.services import evidence, filing, storage_use
from members.imports import registry
from members.imports.registry import Done, Outcome, Plan
from members.imports.rows import open_sheet
from members.models import ImportJob, Membership, User


def _reason(refusal: Refusal) -> str:
    return " ".join(refusal.problems) if isinstance(refusal, Incomplete) else str(refusal)


@dataclass
class _Step:
    """What was read and written for the planned case ``number`` before the transaction that files it.

    ``entries`` are the rows by the key of their listing, ``filed`` the references of the cases that have some of them.
    ``common`` and ``pictures`` are evidence whose files are written, and ``refusal`` says why that was not possible.
    ``saved`` are the keys of the rows that the transaction saves.
    """

    number: int
    entries: dict[str, tuple[int, Entry]]
    problems: dict[int, Problem]
    filed: dict[str, str] = field(default_factory=dict)
    common: list[Evidence] = field(default_factory=list)
    pictures: dict[str, Evidence] = field(default_factory=dict)
    refusal: Refusal | None = None
    saved: set[uuid.UUID] = field(default_factory=set)

    def discard(self) -> None:
        """Delete the files of the evidence that was not saved."""
        for one in [*self.common, *self.pictures.values()]:
            if one.pk not in self.saved:
                arrivals.discard_unsaved(one.file)


class FilingPlan(Plan):
    """Each step files a case: draft, listings, details, evidence and submission, in one transaction.

    The files of the evidence are written before it.
    """

    def __init__(self, job: ImportJob, by: User, file: IO[bytes]) -> None:
        super().__init__(job, by, file)
        self._complaint = complaints.values(job)
        self._pictures = Pictures(job)
        self._reader = RowReader(self._pictures)
        self._rows = self._planned_rows()
        self._step: _Step | None = None

    def _planned_rows(self) -> dict[int, dict[str, str]]:
        kind = registry.find(self.job.kind)
        assert kind is not None
        left = PlannedCase.objects.filter(job=self.job, state=PlannedCase.State.PLANNED)
        wanted = {row for rows in left.values_list("rows", flat=True) for row in rows}
        layout, rows = open_sheet(self.file, self.job.original_name, kind)
        return {row.number: layout.values(row)[0] for row in rows if row.number in wanted}

    def close(self) -> None:
        self._pictures.close()
        running = ImportJob.objects.filter(pk=self.job.pk, state=ImportJob.State.RUNNING)
        # The files of a step that failed stay: the next run finds them.
        if self._step and not running.exists():
            self._step.discard()

    def prepare(self) -> None:
        planned = self._next()
        self._step = self._written(planned) if planned else None

    def apply_next(self) -> Done | None:
        planned, step = self._next(), self._step
        if planned is None:
            return None
        if step is None or step.number != planned.number:
            return Done(Counter())  # another worker has filed this case
        numbers, filed_already_by_check = list(planned.rows), planned.filed_already
        try:
            with transaction.atomic():
                done = self._file(planned, step)
        except NotAllowed:
            raise
        except Refusal as refusal:
            step.saved.clear()
            planned.filed_already = filed_already_by_check
            planned.state, planned.problem = PlannedCase.State.REFUSED, _reason(refusal)
            problems = dict.fromkeys(numbers, Problem("", planned.problem))
            done = Done(Counter({Outcome.FAILED: len(numbers)}), problems)
        planned.save()
        transaction.on_commit(step.discard)
        for number in numbers:
            self._rows.pop(number, None)
        return done

    def _next(self) -> PlannedCase | None:
        left = PlannedCase.objects.filter(job=self.job, state=PlannedCase.State.PLANNED)
        return left.select_related("marketplace").order_by("number").first()

    def _written(self, planned: PlannedCase) -> _Step:
        """Read the rows of a planned case and write its evidence, outside the transaction that files it."""
        step = _Step(planned.number, *self._entries(planned))
        step.filed = self._filed(step)
        left = [entry for key, (_row, entry) in step.entries.items() if key not in step.filed]
        if left:
            try:
                self._write(step, left)
            except Refusal as refusal:
                step.refusal = refusal
        return step

    def _filed(self, step: _Step) -> dict[str, str]:
        """Return the references of open cases that have the listings: somebody may have filed them since the check."""
        return dict(filed_already.of_keys(self._complaint["brand"].pk, step.entries.keys()))

    def _file(self, planned: PlannedCase, step: _Step) -> Done:
        """File a case, and record it in ``planned``, which the caller saves."""
        problems = step.problems
        filed = step.filed | self._filed(step)
        left = {key: pair for key, pair in step.entries.items() if key not in filed}
        if not step.entries:
            raise Refusal(" ".join(dict.fromkeys(map(str, problems.values()))))
        planned.filed_already += len(filed)
        counts = {Outcome.UNCHANGED: len(filed), Outcome.FAILED: len(problems)}
        if filed and not left:
            planned.state, planned.rows = PlannedCase.State.LEFT_OUT, []
            planned.filed_in = sorted(set(filed.values()))[:MOST_NAMED]
            return Done(Counter(counts), problems)
        if step.refusal:
            raise step.refusal
        entries = {key: entry for key, (_row, entry) in left.items()}
        planned.case = self._case(planned, entries, step)
        planned.state, planned.rows = PlannedCase.State.FILED, [row for row, _e in left.values()]
        return Done(Counter({**counts, Outcome.CREATED: len(left)}), problems)

    def _entries(
        self, planned: PlannedCase
    ) -> tuple[dict[str, tuple[int, Entry]], dict[int, Problem]]:
        """Return the planned rows by the key of their listing, and the rows that are no longer valid."""
        entries: dict[str, tuple[int, Entry]] = {}
        problems: dict[int, Problem] = {}
        for number in planned.rows:
            entry, found = self._reader.read(self._rows[number])
            if entry is None:
                problems[number] = found[0]
            elif entry.address.key in entries:  # the rules of the marketplace have changed
                problems[number] = Problem("", _("Another row has the same listing."))
            else:
                entries[entry.address.key] = number, entry
        return entries, problems

    def _case(self, planned: PlannedCase, entries: dict[str, Entry], step: _Step) -> Case:
        # Derived from the job, so that the case exists once whatever happens to the worker.
        token = uuid.uuid5(self.job.pk, str(planned.number))
        case = filing.start_draft(by=self.by, token=token, **self._complaint)
        case = filing.set_listings(
            case=case,
            by=self.by,
            marketplace=planned.marketplace,
            seller_id=planned.shop,
            seller_name=planned.shop_name,
            shop_url=planned.shop_url,
            addresses=[entry.address for entry in entries.values()],
            details={key: entry.details for key, entry in entries.items()},
        )
        for one in [*step.common, *(step.pictures[name] for name in _pictures(entries.values()))]:
            step.saved.add(evidence.save(one, case=case).pk)
        filing.submit(case=case, by=self.by, good_faith=True)
        return case

    def _write(self, step: _Step, entries: Iterable[Entry]) -> None:
        role = storage_use.filer(self.by, self.job.member_id)
        for upload in self._pictures.common:
            upload.seek(0)
            step.common.append(self._write_one(step, upload, role))
        for name in _pictures(entries):
            step.pictures[name] = self._write_one(step, self._pictures.get(name), role)

    def _write_one(self, step: _Step, upload: UploadedFile, role: Membership) -> Evidence:
        # Derived from the job, so that a run after a killed one finds the file.
        namespace = uuid.uuid5(self.job.pk, str(step.number))
        kind = self.job.options["evidence_kind"]
        row = evidence.describe(by=self.by, upload=upload, kind=kind, namespace=namespace)
        storage_use.check(role, size=row.size)  # what will be refused is not written
        evidence.write(row, upload, again=True)
        return row


def _pictures(entries: Iterable[Entry]) -> Iterable[str]:
    """Return the names of the pictures, each once."""
    return dict.fromkeys(name for entry in entries for name in entry.pictures)
