"""Files the planned cases of a sheet, one in each step, through the services of filing."""

from __future__ import annotations

import uuid
from collections import Counter
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext as _

from alliance.lib.refusals import Incomplete, NotAllowed, Refusal
from alliance.lib.sheets.columns import Problem
from cases.imports import complaints
from cases.imports.listing_rows import Entry, RowReader
from cases.imports.pictures import Pictures
from cases.models import Case, Evidence, PlannedCase
from cases.models.planned_case import MOST_NAMED
from cases.queries import filed_already
from cases.services import evidence, filing
from members.imports import registry
from members.imports.registry import Done, Outcome, Plan
from members.imports.rows import open_sheet
from members.models import ImportJob, User


def _reason(refusal: Refusal) -> str:
    return " ".join(refusal.problems) if isinstance(refusal, Incomplete) else str(refusal)


class FilingPlan(Plan):
    """Each step files a case: draft, listings, details, evidence and submission, in one transaction."""

    def __init__(self, job: ImportJob, by: User, file: IO[bytes]) -> None:
        super().__init__(job, by, file)
        self._complaint = complaints.values(job)
        self._pictures = Pictures(job)
        self._reader = RowReader(self._pictures)
        self._rows = self._planned_rows()

    def _planned_rows(self) -> dict[int, dict[str, str]]:
        kind = registry.find(self.job.kind)
        assert kind is not None
        left = PlannedCase.objects.filter(job=self.job, state=PlannedCase.State.PLANNED)
        wanted = {row for rows in left.values_list("rows", flat=True) for row in rows}
        layout, rows = open_sheet(self.file, self.job.original_name, kind)
        return {row.number: layout.values(row)[0] for row in rows if row.number in wanted}

    def close(self) -> None:
        self._pictures.close()

    def apply_next(self) -> Done | None:
        left = PlannedCase.objects.filter(job=self.job, state=PlannedCase.State.PLANNED)
        planned = left.select_related("marketplace").order_by("number").first()
        if planned is None:
            return None
        numbers = list(planned.rows)
        try:
            with transaction.atomic():
                done = self._file(planned)
        except NotAllowed:
            raise
        except Refusal as refusal:
            planned.state, planned.problem = PlannedCase.State.REFUSED, _reason(refusal)
            problems = dict.fromkeys(numbers, Problem("", planned.problem))
            done = Done(Counter({Outcome.FAILED: len(numbers)}), problems)
        planned.save()
        for number in numbers:
            self._rows.pop(number, None)
        return done

    def _file(self, planned: PlannedCase) -> Done:
        """File a case, and record it in ``planned``, which the caller saves."""
        entries, problems = self._entries(planned)
        # Somebody may have filed them since the check.
        filed = filed_already.of_keys(self._complaint["brand"].pk, entries.keys())
        left = {key: pair for key, pair in entries.items() if key not in filed}
        if not entries:
            raise Refusal(" ".join(dict.fromkeys(map(str, problems.values()))))
        planned.filed_already += len(filed)
        counts = {Outcome.UNCHANGED: len(filed), Outcome.FAILED: len(problems)}
        if filed and not left:
            planned.state, planned.rows = PlannedCase.State.LEFT_OUT, []
            planned.filed_in = sorted(set(filed.values()))[:MOST_NAMED]
            return Done(Counter(counts), problems)
        planned.case = self._case(planned, {key: entry for key, (_row, entry) in left.items()})
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

    def _case(self, planned: PlannedCase, entries: dict[str, Entry]) -> Case:
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
        self._submit(case, entries)
        return case

    def _submit(self, case: Case, entries: dict[str, Entry]) -> None:
        """Add the evidence and submit the case. Files of a case that is refused are deleted."""
        named = dict.fromkeys(name for entry in entries.values() for name in entry.pictures)
        stored: list[Evidence] = []
        try:
            for upload in self._pictures.common:
                upload.seek(0)
                stored.append(self._add(case, upload))
            stored += [self._add(case, self._pictures.get(name)) for name in named]
            filing.submit(case=case, by=self.by, good_faith=True)
        except BaseException:
            for one in stored:
                one.file.delete(save=False)
            raise

    def _add(self, case: Case, upload: Any) -> Evidence:
        kind = self.job.options["evidence_kind"]
        return evidence.add(case=case, by=self.by, upload=upload, kind=kind)
