"""The published figures as the public pages and the CSV show them: read from a snapshot, never counted anew."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.liaison.models import ImpactSnapshot

# Figures that a snapshot gives by year and in total; figures it gives in total only; what leads.
BY_YEAR = ("operations", "dens_closed", "arrests", "items_seized", "value_cny")
IN_TOTAL = ("cases_upheld", "listings_removed")
HEADLINES = ("dens_closed", "arrests", "value_cny")
FURTHER = ("operations", "items_seized", *IN_TOTAL)
LABELS: dict[str, str | Promise] = {
    "operations": gettext_lazy("Operations"),
    "dens_closed": gettext_lazy("Counterfeit dens closed"),
    "arrests": gettext_lazy("People arrested"),
    "items_seized": gettext_lazy("Items seized"),
    "value_cny": gettext_lazy("Value of the goods"),
    "cases_upheld": gettext_lazy("Cases upheld"),
    "listings_removed": gettext_lazy("Listings removed"),
}
# By version: a snapshot keeps the words under which it was published.
DEFINITIONS: dict[int, dict[str, str | Promise]] = {
    1: {
        "operations": gettext_lazy(
            "Raids, seizures, detentions and convictions that an agency reported and a moderator "
            "verified, held within the period. Each counts once, however many cases it serves."
        ),
        "dens_closed": gettext_lazy(
            "Premises where counterfeits were made, stored, packed or sold, closed by an authority in "
            "one of these operations."
        ),
        "arrests": gettext_lazy(
            "People whom an authority detained or arrested in one of these operations. Charges and "
            "convictions come later and are not what is counted here."
        ),
        "items_seized": gettext_lazy(
            "Single articles that an authority seized in one of these operations, labels and "
            "packaging included where the authority counted them."
        ),
        "value_cny": gettext_lazy(
            "Value in yuan (CNY) as the agency stated it for each operation: by the retail price of the "
            "genuine goods, the price asked for the counterfeits, or an official appraisal. Added up as "
            "stated, neither adjusted nor extrapolated."
        ),
        "cases_upheld": gettext_lazy(
            "Cases of members that moderators decided within the period in the member’s favour, less "
            "those reinstated after a counter-notice."
        ),
        "listings_removed": gettext_lazy(
            "Listings that a marketplace took down in cases decided within the period, and that are "
            "still down."
        ),
    },
}


@dataclass(frozen=True)
class Figure:
    """One published figure: a whole number, or yuan where ``is_money``."""

    name: str
    label: str
    definition: str
    value: Decimal
    is_money: bool

    @property
    def headline(self) -> Decimal:
        """The value for a headline: money cut, never rounded up, to three digits that count."""
        if not self.is_money or not self.value:
            return self.value
        unit = Decimal(1).scaleb(self.value.adjusted() - 2)
        return self.value.quantize(unit, rounding=ROUND_DOWN)


def latest() -> ImpactSnapshot | None:
    """Return the snapshot that the public sees, if any was published."""
    return ImpactSnapshot.objects.order_by("-published_at", "-pk").first()


@dataclass(frozen=True)
class Year:
    """The figures of one calendar year, as far as it lies within the period."""

    year: int
    figures: list[Figure]


def figures(snapshot: ImpactSnapshot, names: Sequence[str] = (*BY_YEAR, *IN_TOTAL)) -> list[Figure]:
    """Return the figures of ``snapshot`` over its whole period, with the definitions of its version."""
    return [_figure(snapshot, name, snapshot.figures) for name in names]


def years(snapshot: ImpactSnapshot) -> list[Year]:
    """Return the figures of ``BY_YEAR`` for each calendar year that has any, oldest first."""
    return [
        Year(row["year"], [_figure(snapshot, name, row) for name in BY_YEAR])
        for row in snapshot.figures.get("by_year", [])
    ]


def charts(snapshot: ImpactSnapshot) -> dict[str, dict[str, Any]]:
    """Return what static/js/charts.js draws by year: ``counts``, and ``value`` in millions of yuan."""
    rows = [{f.name: f.value for f in year.figures} for year in years(snapshot)]
    labels = [str(year.year) for year in years(snapshot)]
    counts = [
        {"label": str(LABELS[name]), "values": [int(row[name]) for row in rows]}
        for name in ("dens_closed", "arrests")
    ]
    millions = [float(round(row["value_cny"] / 10**6, 2)) for row in rows]
    value = {"label": _("Value of the goods, million CNY"), "values": millions}
    return {
        "counts": {"type": "bar", "labels": labels, "series": counts},
        "value": {"type": "bar", "labels": labels, "series": [value]},
    }


def as_csv(snapshot: ImpactSnapshot | None) -> str:
    """Return the figures as CSV: a row a year, then one whose ``year`` is ``total``; headings only if none.

    Names, dates (ISO 8601) and amounts (yuan, decimal point) are the same in every language and plain
    ASCII, so there is no byte order mark to trip over. Every cell is a number, a date, a hash or a word
    of ours, and none begins with a sign: a spreadsheet has no formula to run.
    """
    stated = ("period_from", "period_to", "definition_version", "published_at", "sha256")
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(("year", *BY_YEAR, *IN_TOTAL, *stated))
    for row in _rows(snapshot) if snapshot else ():
        rows.writerow(row)
    return out.getvalue()


def _rows(snapshot: ImpactSnapshot) -> Iterator[tuple[object, ...]]:
    stated = (
        snapshot.period_from.isoformat(),
        snapshot.period_to.isoformat(),
        snapshot.definition_version,
        snapshot.published_at.isoformat(timespec="seconds"),
        snapshot.sha256,
    )
    blank = [""] * len(IN_TOTAL)
    for year in years(snapshot):
        yield (year.year, *(figure.value for figure in year.figures), *blank, *stated)
    yield ("total", *(figure.value for figure in figures(snapshot)), *stated)


def _figure(snapshot: ImpactSnapshot, name: str, row: dict[str, Any]) -> Figure:
    """Raises ``decimal.InvalidOperation`` for text that is no number: no figure is ever made up."""
    words = DEFINITIONS.get(snapshot.definition_version, DEFINITIONS[max(DEFINITIONS)])
    return Figure(
        name=name,
        label=str(LABELS[name]),
        definition=str(words[name]),
        value=Decimal(row.get(name) or 0),
        is_money=name == "value_cny",
    )
