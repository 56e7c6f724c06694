"""The roster of members for moderators and admins: figures, charts, tables and CSV files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from alliance.lib import clock, counts, csv_files
from alliance.lib.keyset import paginate
from cases.figures import roster
from cases.lists.roster import RosterFilter
from cases.views.http import require_permission
from cases.views.triage import roster_tables
from members.models import Member
from members.search import SortKey

PAGE_SIZE = 50
IN_CHART = 16
BY_NAME = ("sort_name", "pk")
VIEWS = ("countries", "industries", "years", "members", "rights", "agents")
# What ends soon, in the order of its end, and what its table needs.
ENDING: dict[str, tuple[Callable[[], QuerySet[Any]], tuple[str, ...], tuple[str, ...]]] = {
    "rights": (roster.expiring_rights, ("expires_on", "pk"), ("member", "brand")),
    "agents": (roster.ending_authorisations, ("valid_until", "pk"), ("agent", "member")),
}


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Show the summary and one of :data:`VIEWS`, which the parameter ``show`` names."""
    require_permission(request, "cases.read_triage")
    view = _view(request)
    context: dict[str, Any] = {
        "summary": roster.summary(),
        "view": view,
        "tabs": _tabs(view),
        "csv_query": _csv_query(request, view),
    }
    if view == "members":
        context |= _members_page(request)
    elif view in ENDING:
        ending, order, related = ENDING[view]
        soon, cursor = ending().select_related(*related), request.GET.get("cursor")
        context["page"] = paginate(soon, order=order, cursor=cursor, size=PAGE_SIZE)
    else:
        rows = _figures(view)
        context |= {"rows": rows, "chart": _chart(view, rows)}
    return render(request, "triage/roster.html", context)


@require_safe
def download(request: HttpRequest) -> StreamingHttpResponse:
    """Return one of :data:`VIEWS` as a CSV file, the list of members with its filters."""
    require_permission(request, "cases.read_triage")
    view = _view(request)
    if view == "members":
        header, rows = roster_tables.members(_filtered(request)[1].order_by(*BY_NAME))
    elif view == "agents":
        header, rows = roster_tables.agents()
    elif view == "rights":
        header, rows = roster_tables.rights()
    else:
        header, rows = roster_tables.figures(view, _figures(view))
    name = f"alliance-roster-{view}-{clock.today():%Y-%m-%d}.csv"
    return csv_files.response(rows, header=header, name=name)


def _view(request: HttpRequest) -> str:
    asked = request.GET.get("show", "")
    return asked if asked in VIEWS else VIEWS[0]


def _tabs(view: str) -> list[dict[str, Any]]:
    labels = {
        "countries": _("By country"),
        "industries": _("By industry"),
        "years": _("By year"),
        "members": _("Members"),
        "rights": _("Rights that expire soon"),
        "agents": _("Agents’ authorisations that end soon"),
    }
    return [
        {
            "label": label,
            "url": f"?show={key}",
            "active": key == view,
            "count": counts.words(counts.count(ENDING[key][0]())) if key in ENDING else None,
        }
        for key, label in labels.items()
    ]


def _csv_query(request: HttpRequest, view: str) -> str:
    query = request.GET.copy()
    query.pop("cursor", None)
    query["show"] = view
    return query.urlencode()


def _filtered(request: HttpRequest) -> tuple[RosterFilter, QuerySet[Member]]:
    found = RosterFilter(request.GET, roster.with_activity(roster.admitted()))
    return found, found.qs.annotate(sort_name=SortKey("name"))


def _members_page(request: HttpRequest) -> dict[str, Any]:
    found, rows = _filtered(request)
    page = paginate(rows, order=BY_NAME, cursor=request.GET.get("cursor"), size=PAGE_SIZE)
    return {"filter": found, "page": page}


def _figures(view: str) -> Sequence[Any]:
    if view == "years":
        return roster.by_year()
    return roster.by_industry() if view == "industries" else roster.by_country()


def _chart(view: str, rows: Sequence[Any]) -> dict[str, Any]:
    """Return the data of the chart: joined and left by year, or the largest countries or industries by status."""
    if view == "years":
        shown = list(rows)[::-1]
        series = [(_("Joined"), "joined"), (_("Left"), "left")]
        labels = [str(row.year) for row in shown]
    else:
        shown = list(rows)[:IN_CHART]
        series = [(_("Active members"), "active"), (_("Filed a case"), "filed")]
        labels = [row.name for row in shown]
    values = [
        {"label": label, "values": [getattr(row, name) for row in shown]} for label, name in series
    ]
    return {"type": "bar", "labels": labels, "series": values}
