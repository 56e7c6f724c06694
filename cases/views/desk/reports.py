"""The monthly report of a brand: page and CSV file."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from alliance.lib import clock, csv_files
from cases.figures import brand_month
from cases.figures.brand_month import Counts, Figures
from cases.forms import reports
from cases.forms.reports import ReportForm
from cases.models import Case
from cases.states import Outcome
from cases.views.desk.home import roles_of
from members.models import Brand


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Show the report of a brand for a month, or say that there is no brand yet."""
    form = _form(request)
    context: dict[str, Any] = {
        "form": form,
        "breadcrumbs": [
            {"label": _("Cases"), "url": reverse("desk:cases")},
            {"label": _("Monthly report")},
        ],
    }
    if form is not None:
        found = brand_month.figures(form.chosen_brand, form.chosen_month)
        context |= {
            "brand": form.chosen_brand,
            "month": form.chosen_month,
            "month_words": reports.words(form.chosen_month),
            "figures": found,
            "links": _links(form),
            "now": clock.now(),
            "days": brand_month.RECURRENCE.days,
        }
    return render(request, "cases/report.html", context)


@require_safe
def download(request: HttpRequest) -> StreamingHttpResponse:
    """Return the report as a CSV file: a figure in each row, by marketplace and by reason where it has them."""
    form = _form(request)
    if form is None:
        raise Http404
    found = brand_month.figures(form.chosen_brand, form.chosen_month)
    header = [
        _("Figure"),
        _("Marketplace"),
        _("Reason"),
        _("How to fix and file again"),
        _("Number"),
    ]
    name = f"report-{form.chosen_brand.pk}-{form.chosen_month.key}.csv"
    return csv_files.response(_rows(form, found), header=header, name=name)


def _form(request: HttpRequest) -> ReportForm | None:
    """Return the choice among the brands of the user's members, or ``None`` if they have none.

    The brand of a member's latest case is the first choice. Raises ``PermissionDenied`` for a user without a role.
    """
    members = [role.member for role in roles_of(request)]
    filed = Case.objects.filter(member=OuterRef("member"), submitted_at__isnull=False)
    latest = filed.order_by("-submitted_at").values("brand")[:1]
    brands = Brand.objects.filter(member__in=members).select_related("member")
    found = list(brands.annotate(latest=Subquery(latest)).order_by("name", "pk"))
    first = next((brand for brand in found if brand.latest == brand.pk), None)
    return ReportForm(request.GET, brands=found, first=first or found[0]) if found else None


def _links(form: ReportForm) -> dict[str, str]:
    """Return the addresses of the list of cases by what it shows. Links of marketplaces and reasons are added to."""
    days = {"since": form.chosen_month.first, "until": form.chosen_month.last}
    chosen = {"brand": form.chosen_brand.pk, **days}
    cases, decided = reverse("desk:cases"), {**chosen, "dated": "decided"}
    return {
        "filed": f"{cases}?{urlencode(chosen)}",
        "decided": f"{cases}?{urlencode(decided)}",
        **{
            outcome.value: f"{cases}?{urlencode({**decided, 'outcome': outcome.value})}"
            for outcome in Outcome
        },
    }


def _rows(form: ReportForm, found: Figures) -> list[list[object]]:
    names = {
        "filed": _("Filed"),
        "decided": pgettext("figure", "Decided"),
        "upheld": pgettext("figure", "Upheld"),
        "rejected": pgettext("figure", "Rejected"),
        "reinstated": pgettext("figure", "Reinstated"),
        "removed": pgettext("figure", "Listings removed"),
    }
    rows: list[list[object]] = [
        [_("Brand"), "", "", "", form.chosen_brand],
        [_("Month"), "", "", "", f"{form.chosen_month.key} ({form.chosen_month.zone})"],
    ]

    def add(counts: Counts, marketplace: str) -> None:
        rows.extend(
            [name, marketplace, "", "", getattr(counts, key)] for key, name in names.items()
        )

    add(found.total, "")
    for one in found.by_marketplace:
        add(one, one.name)
    rejected = names["rejected"]
    rows += [[rejected, "", one.reason, one.reason.fix, one.number] for one in found.refusals]
    rows += [
        [_("Median hours to a decision"), "", "", "", found.median_hours],
        [_("Sellers with listings removed"), "", "", "", found.sellers],
        [_("Of these, reported again within 30 days"), "", "", "", found.sellers_again],
    ]
    return rows
