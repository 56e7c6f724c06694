"""The tables of a member's cases and of their listings to download, in the reader's language and time zone.

Rows are read from the database one after the other, after the request: the texts that depend on the language, and
the time zone, are taken when a table is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any

from django.db.models import F, FilteredRelation, Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from alliance.lib import counts
from cases.models import Listing, Marketplace
from cases.models.case import CaseQuerySet
from cases.states import Outcome, Status, Violation
from members.models import Member

# A table has no more rows. A sheet of that size takes some seconds to write.
MOST_CASES = 20_000
MOST_LISTINGS = 50_000
_CHUNK = 1_000

Cell = str | int | Decimal | date | datetime | None
Row = dict[str, Any]
# The title of a column, and its cell for a row.
Column = tuple[str, Callable[[Row], Cell]]


@dataclass(frozen=True)
class Table:
    """A table to download. ``rows`` is read once; times have no zone, which the titles name."""

    title: str
    header: list[str]
    rows: Iterator[list[Cell]]


class _Reader:
    """The texts of a reader's language by code or primary key, and the reader's time zone."""

    def __init__(self, members: Sequence[Member]) -> None:
        self.zone: tzinfo = timezone.get_current_timezone()
        self.members = {member.pk: member.shown_name for member in members}
        self.marketplaces = {one.pk: one.shown_name for one in Marketplace.objects.all()}
        self.statuses = _labels(Status)
        self.outcomes = _labels(Outcome)
        self.violations = _labels(Violation)
        self.listing_statuses = _labels(Listing.Status)
        chinese = (get_language() or "").startswith("zh")
        self.reason = f"decision_in_force__reason__{'label_zh' if chinese else 'label'}"

    def local(self, moment: datetime | None) -> datetime | None:
        """Return ``moment`` in the reader's time zone, to the minute and without the zone."""
        if moment is None:
            return None
        return moment.astimezone(self.zone).replace(second=0, microsecond=0, tzinfo=None)

    def titled(self, title: str) -> str:
        """Return ``title`` with the time zone."""
        return f"{title} ({timezone.get_current_timezone_name()})"


def cases(found: CaseQuerySet, *, order: Sequence[str], members: Sequence[Member]) -> Table:
    """Return the table of the cases ``found``, in this order, at most :data:`MOST_CASES`.

    ``members`` are their members.
    """
    reader = _Reader(members)
    in_force = FilteredRelation("decisions", condition=Q(decisions__superseded_at=None))
    found = found.annotate(decision_in_force=in_force, reason_label=F(reader.reason))
    columns: list[Column] = [
        (_("Reference"), lambda row: row["reference"]),
        (_("Member"), lambda row: reader.members[row["member_id"]]),
        (_("Brand"), lambda row: _joined(row, "brand__name", "brand__name_local")),
        (_("IP right"), lambda row: _joined(row, "right__office", "right__number")),
        (_("Violation type"), lambda row: reader.violations[row["violation"]]),
        (_("Marketplace"), lambda row: reader.marketplaces.get(row["seller__marketplace_id"])),
        (_("Shop"), lambda row: row["seller_name"] or row["seller__name"]),
        (_("Shop ID"), lambda row: row["seller__external_id"]),
        (_("Status"), lambda row: reader.statuses[row["status"]]),
        (_("Outcome"), lambda row: reader.outcomes.get(row["outcome"])),
        (_("Reason"), lambda row: row["reason_label"]),
        (reader.titled(_("Submitted on")), lambda row: reader.local(row["submitted_at"])),
        (reader.titled(_("Decided on")), lambda row: reader.local(row["decided_at"])),
        (_("Hours to decision"), _hours),
    ]
    names = (
        *("reference", "member_id", "brand__name", "brand__name_local", "right__office"),
        *("right__number", "violation", "seller__marketplace_id", "seller_name", "seller__name"),
        *("seller__external_id", "status", "outcome", "reason_label", "submitted_at", "decided_at"),
    )
    return _table(_("Cases"), columns, found.order_by(*order).values(*names)[:MOST_CASES])


def listings(found: CaseQuerySet, *, order: Sequence[str], members: Sequence[Member]) -> Table:
    """Return the table of the listings of the cases ``found``, at most :data:`MOST_LISTINGS`. See :func:`cases`."""
    reader = _Reader(members)
    columns: list[Column] = [
        (_("Case"), lambda row: row["case__reference"]),
        (_("Member"), lambda row: reader.members[row["case__member_id"]]),
        (_("Brand"), lambda row: _joined(row, "brand__name", "brand__name_local")),
        (_("Marketplace"), lambda row: reader.marketplaces.get(row["marketplace_id"])),
        (_("Shop"), lambda row: row["case__seller_name"] or row["case__seller__name"]),
        (pgettext("listing", "URL"), lambda row: row["url"]),
        (pgettext("listing", "Variant"), lambda row: row["variant"]),
        (_("Price"), lambda row: row["price"]),
        (_("Currency"), lambda row: row["currency"]),
        (_("Units sold"), lambda row: row["units_sold"]),
        (_("Seen on"), lambda row: row["seen_on"]),
        (_("Status"), lambda row: reader.listing_statuses[row["status"]]),
    ]
    names = (
        *(
            "case__reference",
            "case__member_id",
            "brand__name",
            "brand__name_local",
            "marketplace_id",
        ),
        *("case__seller_name", "case__seller__name", "url", "variant", "price", "currency"),
        *("units_sold", "seen_on", "status"),
    )
    by_case = [f"-case__{name[1:]}" if name[0] == "-" else f"case__{name}" for name in order]
    rows = _of(found).order_by(*by_case, "position").values(*names)
    return _table(pgettext("heading", "Listings"), columns, rows[:MOST_LISTINGS])


def _of(found: CaseQuerySet) -> QuerySet[Listing]:
    return Listing.objects.filter(case__in=found.order_by().values("pk"))


@dataclass(frozen=True)
class Export:
    """A kind of download: at most ``most`` of the ``rows`` of the cases in a list, as a ``table``."""

    most: int
    rows: Callable[[CaseQuerySet], QuerySet[Any]]
    table: Callable[..., Table]

    def is_too_large(self, found: CaseQuerySet) -> bool:
        """Return whether a table cannot have all rows of the cases ``found``."""
        return counts.count(self.rows(found), self.most) > self.most


CASES = Export(MOST_CASES, lambda found: found, cases)
LISTINGS = Export(MOST_LISTINGS, _of, listings)


def _table(title: str, columns: list[Column], rows: Any) -> Table:
    read = rows.iterator(chunk_size=_CHUNK)
    cells = [cell for _title, cell in columns]
    return Table(
        title=title,
        header=[title for title, _cell in columns],
        rows=([cell(row) for cell in cells] for row in read),
    )


def _labels(choices: Any) -> dict[str, str]:
    return {value: str(label) for value, label in choices.choices}


def _joined(row: Row, first: str, second: str) -> str:
    return f"{row[first]} {row[second]}".strip()


def _hours(row: Row) -> Decimal | None:
    """Return the hours from submission to decision, to a tenth."""
    if not row["submitted_at"] or not row["decided_at"]:
        return None
    seconds = (row["decided_at"] - row["submitted_at"]).total_seconds()
    return round(Decimal(seconds) / 3600, 1)
