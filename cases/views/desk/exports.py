"""The list of cases, or of their listings, as a CSV or XLSX file, with the filters of the list."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from alliance.lib import clock, csv_files, private_files
from alliance.lib.sheets import writing
from cases.lists import exports
from cases.lists.exports import Export, Table
from cases.views.desk.home import filtered


@require_safe
def cases(request: HttpRequest, ending: str) -> HttpResponseBase:
    """Return the cases of the list. More than fit in a file lead back to the list."""
    text = _("A file can have up to %(limit)s cases. Choose a brand or a period, then try again.")
    return _download(request, exports.CASES, text, f"cases-{_today()}.{ending}")


@require_safe
def listings(request: HttpRequest, ending: str) -> HttpResponseBase:
    """Return the listings of the cases of the list. More than fit in a file lead back to the list."""
    text = _(
        "A file can have up to %(limit)s listings. Choose a brand or a period, then try again."
    )
    return _download(request, exports.LISTINGS, text, f"listings-{_today()}.{ending}")


def _download(request: HttpRequest, export: Export, refusal: str, name: str) -> HttpResponseBase:
    chosen, _roles, narrowed = filtered(request)
    if not narrowed.form.is_valid():
        return _back(request)
    if export.is_too_large(narrowed.qs):
        limit = number_format(export.most, force_grouping=True)
        messages.warning(request, refusal % {"limit": limit})
        return _back(request)
    table = export.table(narrowed.qs, order=narrowed.ordering, members=chosen.members)
    return _file(table, name)


def _back(request: HttpRequest) -> HttpResponseBase:
    """Redirect to the list with the same filters, which shows what is wrong with them."""
    return redirect(f"{reverse('desk:cases')}?{request.GET.urlencode()}")


def _file(table: Table, name: str) -> HttpResponseBase:
    if name.endswith(".csv"):
        rows = ([_plain(cell) for cell in row] for row in table.rows)
        return csv_files.response(rows, header=table.header, name=name)
    book = writing.table(table.title, table.header, table.rows)
    return private_files.attachment(book, name=name, content_type=writing.CONTENT_TYPE)


def _plain(cell: Any) -> Any:
    return f"{cell:%Y-%m-%d %H:%M}" if isinstance(cell, datetime) else cell


def _today() -> str:
    return f"{clock.users_day():%Y-%m-%d}"
