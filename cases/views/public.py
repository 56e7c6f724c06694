"""Public pages: the front page and the published figures."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.http import require_safe

from alliance.lib.geo import map_points
from cases.figures import published
from members import stats
from members.models import Member

ROBOTS = """User-agent: *
Allow: /$
Allow: /impact
Allow: /members/
Allow: /marketplaces
Allow: /static/
Allow: /about/
Allow: /help/
Allow: /contact/
Allow: /privacy/
Allow: /terms/
Allow: /accessibility/
Allow: /.well-known/
Disallow: /
"""


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the headline figures and the members by country and industry."""
    members = Member.objects.public()
    countries = stats.by_country(members)
    industries = stats.by_industry(members)
    snapshot = published.latest()
    context = {
        "snapshot": snapshot,
        "figures": published.figures(snapshot, published.HEADLINES) if snapshot else [],
        "countries": sorted(countries, key=lambda share: -share.members),
        "industries": [share for share in industries if share.members],
        "members": sum(share.members for share in countries),
        "country_link": f"{reverse('members:directory')}?country=",
        "points": map_points({share.key: share.members for share in countries}),
    }
    return render(request, "public/home.html", context)


@login_not_required
@require_safe
def impact(request: HttpRequest) -> HttpResponse:
    """Show the published figures with definitions, by year, and the operations behind them."""
    snapshot = published.latest()
    context: dict[str, Any] = {"snapshot": snapshot}
    if snapshot:
        context |= {
            "operations": snapshot.references(),
            "headlines": published.figures(snapshot, published.HEADLINES),
            "further": published.figures(snapshot, published.FURTHER),
            "yearly": published.figures(snapshot, published.BY_YEAR),
            "years": published.years(snapshot),
            "charts": published.charts(snapshot),
        }
    return render(request, "public/impact.html", context)


@login_not_required
@require_safe
def impact_csv(request: HttpRequest) -> HttpResponse:
    """Return the published figures as CSV, with an ETag for conditional requests."""
    snapshot = published.latest()
    name = (
        f"alliance-impact-{snapshot.period_to:%Y-%m-%d}.csv" if snapshot else "alliance-impact.csv"
    )
    response = HttpResponse(published.as_csv(snapshot), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    if not snapshot:
        return response
    response["ETag"] = f'"{snapshot.pk}-{snapshot.sha256}"'
    patch_cache_control(response, no_cache=True)
    return get_conditional_response(request, response["ETag"], response=response) or response


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Allow crawlers on the public pages only."""
    return HttpResponse(ROBOTS, content_type="text/plain; charset=utf-8")


@login_not_required
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Redirect /favicon.ico to the static file."""
    return HttpResponsePermanentRedirect(static("img/favicon.svg"))
