"""Files the planned cases of a sheet, one in each step, through the services of filing."""

from __future__ import annotations

import uuid
from collections import Counter
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext as _

from alliance.lib.refusals import NotAllowed, Refusal
from alliance.lib.sheets.columns import Problem
from cases.imports import complaints
from cases.imports.listing_rows import Entry, RowReader
from cases.imports.pictures import Pictures
from cases.models import Case, Evidence, PlannedCase
from cases.services import evidence, filed_listings, filing, listing_details
from cases.services.listing_details import Detail
from members.imports import registry
from members.imports.registry import Done, Outcome, Plan
from members.imports.rows import open_sheet
from members.models import ImportJob, User


class _NothingLeft(Exception):
    """All listings of a planned case have been filed since the check."""


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
        except _NothingLeft:
            planned.state = PlannedCase.State.LEFT_OUT
            planned.filed_already, planned.rows = planned.filed_already + len(numbers), []
            done = Done(Counter({Outcome.UNCHANGED: len(numbers)}))
        except Refusal as refusal:
            planned.state, planned.problem = PlannedCase.State.REFUSED, str(refusal)
            problems = dict.fromkeys(numbers, Problem("", planned.problem))
            done = Done(Counter({Outcome.FAILED: len(numbers)}), problems)
        planned.save()
        for number in numbers:
            self._rows.pop(number, None)
        return done

    def _file(self, planned: PlannedCase) -> Done:
        """File a case, and record it in ``planned``, which the caller saves."""
        entries, numbers, problems = self._entries(planned)
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
        )
        gone = filed_listings.remove_filed(case=case, by=self.by)
        if entries and gone == len(entries):
            raise _NothingLeft
        keys = dict(case.listings.values_list("canonical_key", "pk"))
        kept = {key: entry for key, entry in entries.items() if key in keys}
        self._describe(case, kept, keys)
        self._submit(case, kept)
        planned.state, planned.case = PlannedCase.State.FILED, case
        planned.filed_already += gone
        planned.rows = [numbers[key] for key in kept]
        counts = {
            Outcome.CREATED: len(kept),
            Outcome.UNCHANGED: gone,
            Outcome.FAILED: len(problems),
        }
        return Done(Counter(counts), problems)

    def _entries(
        self, planned: PlannedCase
    ) -> tuple[dict[str, Entry], dict[str, int], dict[int, Problem]]:
        """Return the planned rows and their numbers by the key of their listing, and rows that became invalid."""
        entries: dict[str, Entry] = {}
        numbers: dict[str, int] = {}
        problems: dict[int, Problem] = {}
        for number in planned.rows:
            entry, found = self._reader.read(self._rows[number])
            if entry is None:
                problems[number] = found[0]
            elif entry.address.key in entries:  # the rules of the marketplace have changed
                problems[number] = Problem("", _("Another row has the same listing."))
            else:
                entries[entry.address.key], numbers[entry.address.key] = entry, number
        return entries, numbers, problems

    def _describe(self, case: Case, entries: dict[str, Entry], keys: dict[str, int]) -> None:
        """Set the details of the listings, for each currency by itself, as the service takes them."""
        by_currency: dict[str, dict[int, Detail]] = {}
        for key, entry in entries.items():
            detail = Detail(entry.title, entry.price, entry.units_sold)
            if detail != Detail():
                by_currency.setdefault(entry.currency, {})[keys[key]] = detail
        for currency, details in by_currency.items():
            listing_details.describe(case=case, by=self.by, details=details, currency=currency)

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
