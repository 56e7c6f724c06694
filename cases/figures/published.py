"""The figures of a published snapshot for the public pages and the CSV file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cases.liaison.models import ImpactSnapshot

# The figures that are published by year and in total, and those in total only.
BY_YEAR = ("operations", "premises_closed", "arrests", "items_seized", "value_cny")
IN_TOTAL = ("cases_upheld", "listings_removed")
# The figures in large type, and the others.
HEADLINES = ("premises_closed", "arrests", "value_cny")
FURTHER = ("operations", "items_seized", *IN_TOTAL)
LABELS: dict[str, str | Promise] = {
    "operations": gettext_lazy("Operations"),
    "premises_closed": gettext_lazy("Premises closed"),
    "arrests": gettext_lazy("People detained or arrested"),
    "items_seized": gettext_lazy("Items seized"),
    "value_cny": gettext_lazy("Value of goods"),
    "cases_upheld": gettext_lazy("Cases upheld"),
    "listings_removed": pgettext_lazy("figure", "Listings removed"),
}
# Definitions by version, since a snapshot keeps the definitions under which it was published.
DEFINITIONS: dict[int, dict[str, str | Promise]] = {
    1: {
        "operations": gettext_lazy(
            "Raids, seizures, detentions and convictions within the period that an agency reported and a "
            "moderator verified. Each counts once, even if it covers several cases."
        ),
        "premises_closed": gettext_lazy(
            "Premises for making, storing, packing or selling counterfeits that an authority closed in these "
            "operations."
        ),
        "arrests": gettext_lazy(
            "People whom an authority detained or arrested in these operations. Later charges and convictions "
            "are not counted."
        ),
        "items_seized": gettext_lazy(
            "Individual items that an authority seized in these operations, including labels and packaging if "
            "the authority counted them."
        ),
        "value_cny": gettext_lazy(
            "Value in CNY that the agency stated for each operation, based on the retail price of the genuine "
            "goods, the asking price of the counterfeits or an official appraisal. Amounts are added up without "
            "adjustment or extrapolation."
        ),
        "cases_upheld": gettext_lazy(
            "Complaints upheld by moderators within the period, excluding those reinstated after a "
            "counter-notice."
        ),
        "listings_removed": gettext_lazy(
            "Listings that a marketplace removed in cases decided within the period and that have not been "
            "reinstated."
        ),
    },
}


@dataclass(frozen=True)
class Figure:
    """One published figure: an integer, or an amount in yuan if ``is_money``."""

    name: str
    label: str
    definition: str
    value: Decimal
    is_money: bool

    @property
    def headline(self) -> Decimal:
        """The value for a headline: amounts are rounded down to three significant digits."""
        if not self.is_money or not self.value:
            return self.value
        unit = Decimal(1).scaleb(self.value.adjusted() - 2)
        return self.value.quantize(unit, rounding=ROUND_DOWN)


def latest() -> ImpactSnapshot | None:
    """Return the latest published snapshot, if any."""
    return ImpactSnapshot.objects.order_by("-published_at", "-pk").first()


@dataclass(frozen=True)
class Year:
    """The figures of one calendar year, within the period of the snapshot."""

    year: int
    figures: list[Figure]


def figures(snapshot: ImpactSnapshot, names: Sequence[str] = (*BY_YEAR, *IN_TOTAL)) -> list[Figure]:
    """Return the figures of ``snapshot`` for its whole period, with the definitions of its version."""
    return [_figure(snapshot, name, snapshot.figures) for name in names]


def years(snapshot: ImpactSnapshot) -> list[Year]:
    """Return the figures in :data:`BY_YEAR` for each calendar year with operations, oldest first."""
    return [
        Year(row["year"], [_figure(snapshot, name, row) for name in BY_YEAR])
        for row in snapshot.figures.get("by_year", [])
    ]


def charts(snapshot: ImpactSnapshot) -> dict[str, dict[str, Any]]:
    """Return the data by year for ``static/js/charts.js``: ``counts``, and ``value`` in millions of yuan."""
    rows = [{f.name: f.value for f in year.figures} for year in years(snapshot)]
    labels = [str(year.year) for year in years(snapshot)]
    counts = [
        {"label": str(LABELS[name]), "values": [int(row[name]) for row in rows]}
        for name in ("premises_closed", "arrests")
    ]
    millions = [float(round(row["value_cny"] / 10**6, 2)) for row in rows]
    value = {"label": _("Value of goods (CNY million)"), "values": millions}
    return {
        "counts": {"type": "bar", "labels": labels, "series": counts},
        "value": {"type": "bar", "labels": labels, "series": [value]},
    }


def as_csv(snapshot: ImpactSnapshot | None) -> str:
    """Return the figures as CSV: one row for each year, then a row with ``total`` as its year.

    Without a snapshot there is only the header. The file does not depend on the language: it is ASCII, dates are
    in ISO 8601, amounts in yuan with a decimal point. No cell can start a spreadsheet formula.
    """
    common = ("period_from", "period_to", "definition_version", "published_at", "sha256")
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(("year", *BY_YEAR, *IN_TOTAL, *common))
    for row in _rows(snapshot) if snapshot else ():
        rows.writerow(row)
    return out.getvalue()


def _rows(snapshot: ImpactSnapshot) -> Iterator[tuple[object, ...]]:
    common = (
        snapshot.period_from.isoformat(),
        snapshot.period_to.isoformat(),
        snapshot.definition_version,
        snapshot.published_at.isoformat(timespec="seconds"),
        snapshot.sha256,
    )
    blank = [""] * len(IN_TOTAL)
    for year in years(snapshot):
        yield (year.year, *(figure.value for figure in year.figures), *blank, *common)
    yield ("total", *(figure.value for figure in figures(snapshot)), *common)


def _figure(snapshot: ImpactSnapshot, name: str, row: dict[str, Any]) -> Figure:
    """Return one figure of ``row``. Raises ``decimal.InvalidOperation`` if its value is not a number."""
    words = DEFINITIONS.get(snapshot.definition_version, DEFINITIONS[max(DEFINITIONS)])
    return Figure(
        name=name,
        label=str(LABELS[name]),
        definition=str(words[name]),
        value=Decimal(row.get(name) or 0),
        is_money=name == "value_cny",
    )
