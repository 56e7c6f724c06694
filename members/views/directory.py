"""The public directory of active members."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_htmx.middleware import HtmxDetails

from alliance.lib import clock, csv_files
from alliance.lib.geo import map_points
from alliance.lib.keyset import paginate
from members import roles, stats
from members.filters import MemberFilter
from members.models import Brand, Industry, Member, User
from members.views.public_page import page_context

PAGE_SIZE = 30
CHUNK = 500
RELATED = ("industries", Prefetch("brands", Brand.objects.public(), to_attr="public_brands"))


class HtmxRequest(HttpRequest):
    """A request after django-htmx's middleware."""

    htmx: HtmxDetails


@login_not_required
@require_safe
def directory(request: HtmxRequest) -> HttpResponse:
    """Show the filtered members as a list or on a map. htmx requests get the results only."""
    chosen = MemberFilter(request.GET, Member.objects.public())
    as_map = request.GET.get("view") == "map"
    context: dict[str, Any] = {
        "filter": chosen,
        "as_map": as_map,
        "csv_query": chosen.query_without("view", "cursor"),
    }
    if as_map:
        counts = {share.key: share.members for share in chosen.countries}
        context["points"] = map_points(counts, chosen=[chosen.country])
        query = chosen.query_without("view", "country", "cursor")
        context["country_link"] = f"?{query}&country=" if query else "?country="
    else:
        rows, order = chosen.ordered()
        context["page"] = paginate(
            rows.prefetch_related(*RELATED),
            order=order,
            cursor=request.GET.get("cursor"),
            size=PAGE_SIZE,
        )
    part = bool(request.htmx) and not request.htmx.history_restore_request
    template = "members/directory.html#found" if part else "members/directory.html"
    response = render(request, template, context | {"part": part})
    patch_vary_headers(response, ["HX-Request", "HX-History-Restore-Request"])
    return response


@login_not_required
@require_safe
def directory_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Return the filtered members as a CSV file, in the language of the reader."""
    chosen = MemberFilter(request.GET, Member.objects.public())
    rows, order = chosen.ordered()
    return csv_files.response(
        _lines(rows.select_related("entry").order_by(*order), chosen.countries),
        header=(
            _("Member"),
            _("Name in its own script"),
            _("Country code"),
            _("Country or region"),
            _("Industries"),
            _("Brands"),
            _("Member since"),
            _("Website"),
            _("Directory page"),
        ),
        name=f"alliance-members-{clock.today():%Y-%m-%d}.csv",
    )


def _lines(rows: QuerySet[Member], shares: list[stats.Share]) -> Iterator[tuple[object, ...]]:
    """Return the lines of the file. The names of countries and industries are in the active language."""
    countries = {share.key: share.name for share in shares}
    industries = {industry.pk: str(industry) for industry in Industry.objects.all()}
    members = rows.prefetch_related(*RELATED).iterator(chunk_size=CHUNK)
    return (
        (
            member.name,
            member.name_local,
            str(member.country),
            countries.get(str(member.country), ""),
            "; ".join(industries[industry.pk] for industry in member.industries.all()),
            "; ".join(str(brand) for brand in member.public_brands),
            member.joined_on.isoformat() if member.joined_on else "",
            member.website if member.shows_website else "",
            f"{settings.SITE_URL}{reverse('members:detail', args=[member.slug])}",
        )
        for member in members
    )


@login_not_required
@require_safe
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an active member. Returns 404 for other members."""
    found = Member.objects.public().select_related("entry").prefetch_related(*RELATED)
    member = get_object_or_404(found, slug=slug)
    user = request.user
    context = page_context(member, member.public_brands) | {  # type: ignore[attr-defined]
        "breadcrumbs": [
            {"label": _("Members"), "url": reverse("members:directory")},
            {"label": member.shown_name},
        ],
        "may_edit": isinstance(user, User) and roles.is_owner(user, member),
    }
    return render(request, "members/detail.html", context)
