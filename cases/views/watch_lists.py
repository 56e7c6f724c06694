"""The public pages of watch lists and of marketplaces: which of them the lists have listed and removed."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from alliance.lib import clock, csv_files
from cases.models import WatchListEntry
from cases.queries import watch_lists

PAGE_SIZE = 100
CHUNK = 500


@login_not_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show the entries by marketplace."""
    context = {"page_obj": _page(request, watch_lists.entries())}
    return render(request, "public/watch_lists.html", context)


@login_not_required
@require_safe
def marketplace(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a marketplace: its names, its country, and which watch lists have listed or removed it."""
    found = watch_lists.public_marketplace(slug)
    if found is None:
        raise Http404
    rows = watch_lists.entries().filter(marketplace=found)
    context = {
        "marketplace": found,
        "page_obj": _page(request, rows),
        "breadcrumbs": [
            {"label": _("Marketplaces on watch lists"), "url": reverse("public:watch_lists")},
            {"label": found.shown_name},
        ],
    }
    return render(request, "public/marketplace.html", context)


@login_not_required
@require_safe
def as_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Return all entries as a CSV file, in the language of the reader."""
    return csv_files.response(
        _lines(watch_lists.entries()),
        header=(
            _("Marketplace"),
            _("Name in its own script"),
            _("Country code"),
            _("Watch list"),
            _("Year"),
            pgettext("watch list", "Change"),
            _("Source"),
        ),
        name=f"alliance-watch-lists-{clock.today():%Y-%m-%d}.csv",
    )


def _page(request: HttpRequest, rows: QuerySet[WatchListEntry]) -> Page[WatchListEntry]:
    return Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))


def _lines(rows: QuerySet[WatchListEntry]) -> Iterator[tuple[object, ...]]:
    """Return the lines of the file. Their texts are in the active language."""
    changes = {value: str(label) for value, label in WatchListEntry.Change.choices}
    language = get_language() or ""
    return (
        (
            entry.marketplace.name,
            entry.marketplace.name_local,
            str(entry.marketplace.country),
            entry.watch_list.name_in(language),
            entry.year,
            changes[entry.change],
            entry.source_url,
        )
        for entry in rows.iterator(chunk_size=CHUNK)
    )
