"""The public directory of active members."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_htmx.middleware import HtmxDetails

from alliance.lib.geo import map_points
from alliance.lib.keyset import paginate
from members.filters import MemberFilter, directory_order
from members.models import Brand, Member

PAGE_SIZE = 30
RELATED = ("industries", Prefetch("brands", Brand.objects.filter(is_active=True)))


class HtmxRequest(HttpRequest):
    """A request after django-htmx's middleware."""

    htmx: HtmxDetails


@login_not_required
@require_safe
def directory(request: HtmxRequest) -> HttpResponse:
    """Show the filtered members as a list or on a map. htmx requests get the results only."""
    chosen = MemberFilter(request.GET, Member.objects.public())
    as_map = request.GET.get("view") == "map"
    context: dict[str, Any] = {"filter": chosen, "as_map": as_map}
    if as_map:
        counts = {share.key: share.members for share in chosen.countries}
        context["points"] = map_points(counts, chosen=[chosen.country])
        query = chosen.query_without("view", "country", "cursor")
        context["country_link"] = f"?{query}&country=" if query else "?country="
    else:
        context["page"] = paginate(
            chosen.qs.annotate(sort_name=directory_order()).prefetch_related(*RELATED),
            order=("sort_name", "pk"),
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
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an active member. Returns 404 for other members."""
    member = get_object_or_404(Member.objects.public().prefetch_related(*RELATED), slug=slug)
    country = str(member.country)
    context = {
        "member": member,
        "breadcrumbs": [
            {"label": _("Members"), "url": reverse("members:directory")},
            {"label": member.shown_name},
        ],
        "points": map_points({country: 1}, chosen=[country]),
        "website_host": _host(member.website),
    }
    return render(request, "members/detail.html", context)


def _host(address: str) -> str:
    """Return the host of an HTTP(S) URL, or '' for any other value."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return (parts.hostname or "") if parts.scheme in ("http", "https") else ""
