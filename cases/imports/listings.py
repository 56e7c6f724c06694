"""Sheets of listings, which become cases."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from alliance.lib.keyset import paginate
from alliance.lib.sheets.columns import Problem
from cases.imports import complaints, planning
from cases.imports.filing_plan import FilingPlan
from cases.imports.listing_columns import COLUMNS
from cases.imports.listing_rows import Entry, RowReader
from cases.imports.pictures import Pictures
from cases.imports.planning import Group
from cases.models import PlannedCase
from cases.queries import filed_already, listing_checks
from members.imports.registry import Checker, Kind, Outcome, Verdict
from members.models import ImportJob, Member, User

PAGE_SIZE = 50


class ListingChecker(Checker):
    """A listing is identified by its canonical key. Rows of the same listing are merged."""

    def __init__(self, job: ImportJob, by: User, given: Collection[str]) -> None:
        super().__init__(job, by, given)
        self._brand = complaints.values(job)["brand"]
        self._pictures = Pictures(job)
        self._reader = RowReader(self._pictures)
        self._groups: dict[tuple[int, str], Group] = {}
        self._keys: set[str] = set()
        self._merged = 0
        self._url = str(COLUMNS[0].title)

    def close(self) -> None:
        self._pictures.close()

    def check(self, rows: Sequence[dict[str, str]]) -> list[Verdict]:
        read = [self._reader.read(row) for row in rows]
        entries = [entry for entry, _problems in read if entry]
        refused = self._refused(entries)
        keys = {entry.address.key for entry in entries}
        filed = filed_already.of_keys(self._brand.pk, keys)
        return [self._verdict(entry, problems, refused, filed) for entry, problems in read]

    def _refused(self, entries: Sequence[Entry]) -> dict[str, str]:
        """Return why URLs cannot be listings of their shop, by URL."""
        by_shop: dict[tuple[int, str], list[Entry]] = {}
        for entry in entries:
            by_shop.setdefault(_place(entry), []).append(entry)
        refused = {}
        for together in by_shop.values():
            shop = together[0].shop
            for issue in listing_checks.find_issues(
                addresses=[entry.address for entry in together],
                marketplace=shop.marketplace,
                shop=shop.id,
                member=self.member,
            ):
                hint = "" if issue.is_blocking else _("If it is one, file it as a single case.")
                refused[issue.address.url] = f"{issue.message} {hint}".strip()
        return refused

    def _verdict(
        self,
        entry: Entry | None,
        problems: list[Problem],
        refused: Mapping[str, str],
        filed: Mapping[str, str],
    ) -> Verdict:
        if entry is None:
            return Verdict(Outcome.FAILED, problems)
        if message := refused.get(entry.address.url):
            return Verdict(Outcome.FAILED, [Problem(self._url, message)])
        group = self._groups.setdefault(_place(entry), Group(entry.shop))
        group.name = group.name or entry.shop_name
        if entry.address.key in self._keys:
            self._merged += 1
            return Verdict(Outcome.UNCHANGED)
        self._keys.add(entry.address.key)
        if reference := filed.get(entry.address.key):
            group.filed[reference] += 1
            return Verdict(Outcome.UNCHANGED)
        verdict = Verdict(Outcome.CREATED)
        group.add(entry, verdict)
        return verdict

    def complete(self) -> dict[int, Problem]:
        groups = list(self._groups.values())
        return planning.store(self.job, groups, files=len(self._pictures.common))

    def notes(self) -> list[str]:
        if not self._merged:
            return []
        text = ngettext(
            "%(count)d row has the same listing as an earlier row and is merged with it.",
            "%(count)d rows have the same listings as earlier rows and are merged with them.",
            self._merged,
        )
        return [text % {"count": self._merged}]


def _place(entry: Entry) -> tuple[int, str]:
    return entry.shop.marketplace.pk, entry.shop.key


class Listings(Kind):
    name = "listings"
    title = gettext_lazy("Listings")
    lead = gettext_lazy("File many listings at once: the portal groups them into cases by shop")
    icon = "flag"
    explanations = (
        gettext_lazy(
            "Each shop on a marketplace becomes a case. A shop with more listings than a case can have becomes several."
        ),
        gettext_lazy("Listings that are in an open case of the brand are left out."),
        gettext_lazy(
            "Each case needs evidence: a file for all cases, or pictures named in the sheet."
        ),
    )
    columns = COLUMNS
    max_rows = 10_000
    checker = ListingChecker
    plan = FilingPlan
    statement = gettext_lazy("Confirm the good-faith statement.")
    confirmation = "cases/_sheet_confirmation.html"
    details = "cases/_sheet_cases.html"
    would = gettext_lazy("No case has been filed yet. These cases would be filed:")
    stopped = gettext_lazy("The import was stopped. The cases filed before stay filed.")
    cancelled = gettext_lazy("The import was cancelled, and no case was filed.")
    will = {
        Outcome.CREATED: pgettext_lazy("listings", "To be filed"),
        Outcome.UNCHANGED: pgettext_lazy("listings", "Left out"),
        Outcome.FAILED: pgettext_lazy("listings", "With errors"),
    }
    done = {
        Outcome.CREATED: pgettext_lazy("listings", "Filed"),
        Outcome.UNCHANGED: pgettext_lazy("listings", "Left out"),
        Outcome.FAILED: pgettext_lazy("listings", "With errors"),
    }

    def upload_url(self, member: Member) -> str:
        return reverse("desk:sheet")

    def again_url(self, job: ImportJob) -> str:
        return f"{reverse('desk:sheet')}?like={job.pk}"

    def list_url(self, member: Member) -> str:
        return reverse("desk:cases")

    def context(self, job: ImportJob, query: Mapping[str, str]) -> dict[str, Any]:
        cases = PlannedCase.objects.filter(job=job)
        rows = cases.select_related("marketplace", "case")
        page = paginate(rows, order=("number",), cursor=query.get("cursor"), size=PAGE_SIZE)
        planned = cases.filter(state=PlannedCase.State.PLANNED).count() if job.will_create else 0
        return {"planned": page, "cases_to_file": planned}

    def forget(self, job: ImportJob) -> None:
        PlannedCase.objects.filter(job=job, case=None).delete()
