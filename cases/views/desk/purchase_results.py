"""The shares of fakes among a member's test purchases."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from alliance.lib import clock, csv_files
from cases.figures import purchases as figures
from cases.lists.purchases import ResultsFilterForm
from cases.views.desk.purchases import breadcrumbs
from members.views.http import role_at

COLUMNS = (
    *("marketplace", "seller_id", "seller_name", "examined", "fakes", "share_percent"),
    *("interval_low_percent", "interval_high_percent", "cannot_tell"),
)


@require_safe
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the shares by marketplace and by seller, with their intervals."""
    role = role_at(request, slug)
    narrowed = ResultsFilterForm(request.GET, member=role.member)
    context: dict[str, Any] = {
        "member": role.member,
        "filter": narrowed,
        "results": figures.results(role.member, brand=narrowed.brand_key),
        "limit": figures.RESULTS_OF,
        "shown": figures.SHOWN,
        "breadcrumbs": [*breadcrumbs(role), {"label": _("Results")}],
    }
    return render(request, "purchases/results.html", context)


@require_safe
def download(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """Return the shares as a CSV file. The rows of marketplaces have no seller."""
    role = role_at(request, slug)
    brand = ResultsFilterForm(request.GET, member=role.member).brand_key
    found = figures.results(role.member, brand=brand)
    rows = [_row(one) for one in (*found.by_marketplace, *found.by_seller)]
    name = f"test-purchase-results-{clock.today():%Y-%m-%d}.csv"
    return csv_files.response(rows, header=COLUMNS, name=name)


def _row(one: figures.Share) -> list[object]:
    share = "" if one.share is None else f"{one.share:.1f}"
    low, high = ("", "") if one.interval is None else (f"{end:.1f}" for end in one.interval)
    shop = (one.marketplace.name, one.seller_id, one.seller_name)
    return [*shop, one.examined, one.fakes, share, low, high, one.unclear]
