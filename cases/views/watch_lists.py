"""The public page of watch lists: which marketplaces they have listed and removed."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from alliance.lib import clock, csv_files
from cases.models import Marketplace, WatchListEntry
from cases.queries import watch_lists

PAGE_SIZE = 100
CHUNK = 500


@login_not_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show the entries by marketplace. ``?marketplace=`` shows those of one, by its slug."""
    slug = request.GET.get("marketplace", "").replace("\0", "")
    rows = watch_lists.entries(slug)
    context = {
        "page_obj": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "chosen": Marketplace.objects.filter(slug=slug).first() if slug else None,
        "is_filtered": bool(slug),
    }
    return render(request, "public/watch_lists.html", context)


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
            _("Change"),
            _("Source"),
        ),
        name=f"alliance-watch-lists-{clock.today():%Y-%m-%d}.csv",
    )


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
