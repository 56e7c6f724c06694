"""Odd requests to every page of the admin: whatever is sent, no answer is a server error."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.utils import quote
from django.db.models import DateField, DateTimeField, ForeignKey, Model
from django.test import Client, RequestFactory

from alliance.lib.admin import ReadOnlyAdmin
from members.models import User
from tests.admin.conftest import OURS, address, fill
from tests.forms import form_of

pytestmark = pytest.mark.django_db

ODD = [
    "abc", "\x00", "-1", "9" * 30, "٣", "a,b", "0001-01-01 00:00:00+14:00", "9999-12-31 23:59:59-14:00",
    "99999-01-01",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _errors_are_answered(desk: Client) -> None:
    """A failure is counted as what a browser would get."""
    desk.raise_request_exception = False


def lookups(model: type[Model]) -> list[str]:
    """Parameters of a list: its filters, columns, and those that Django knows."""
    its = admin.site._registry[model]
    names = [
        "q",
        "p",
        "o",
        "all",
        "e",
        "_to_field",
        "_popup",
        "_facets",
        "nonsense",
        "pk",
        "id__exact",
    ]
    for found in its.list_filter:
        kind = found[0] if isinstance(found, tuple) else found
        if not isinstance(kind, str):
            names.append(kind.parameter_name)  # type: ignore[attr-defined]
            continue
        names += [kind, f"{kind}__exact", f"{kind}__isnull", f"{kind}__in", f"{kind}__isempty"]
        field = model._meta.get_field(kind)
        if isinstance(field, DateField | DateTimeField):
            names += [f"{kind}__{end}" for end in ("gte", "lt", "year", "month", "date")]
        if isinstance(field, ForeignKey):
            names += [f"{kind}__id__exact", f"{kind}__pk__in"]
    return [*names, "case__id__exact"]


def test_no_list_fails(desk: Client) -> None:
    fill(1)
    failed = []
    for model in OURS:
        url = address(model, "changelist")
        for name, value in itertools.product(lookups(model), ODD):
            if desk.get(url, {name: value}).status_code >= 500:
                failed.append(f"{url}?{name}={value!r}")
        for action, key in itertools.product(("delete_selected", "nonsense"), ODD):
            sent = {"action": action, "_selected_action": key, "post": "yes", "index": key}
            if desk.post(url, sent).status_code >= 500:
                failed.append(f"{url} {action} on {key!r}")
    assert not failed, "\n".join(failed)


def test_no_page_of_a_row_fails(desk: Client) -> None:
    failed = []
    for model, page, key in itertools.product(OURS, ("change", "history", "delete"), ODD):
        url = address(model, page, quote(key))
        answers = [desk.get(url), desk.post(url, {"post": "yes"})]
        if any(answer.status_code >= 500 for answer in answers):
            failed.append(url)
    assert not failed, "\n".join(failed)


def test_no_query_of_a_row_fails(desk: Client) -> None:
    fill(1)
    failed = []
    for model in OURS:
        obj: Any = model._default_manager.first()
        for page, args in (
            ("change", (obj.pk,)),
            ("history", (obj.pk,)),
            ("delete", (obj.pk,)),
            ("add", ()),
        ):
            url = address(model, page, *args)
            for name in (
                "p",
                "_to_field",
                "_popup",
                "_changelist_filters",
                "user",
                "case",
                "hosts",
            ):
                for value in ("abc", "\x00", "9" * 30):
                    if desk.get(url, {name: value}).status_code >= 500:
                        failed.append(f"{url}?{name}={value!r}")
    assert not failed, "\n".join(failed)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_no_form_fails(desk: Client, ada: User, model: type[Model]) -> None:
    """All fields at once, then each in turn; on the page to add and on that to change, inlines included."""
    if isinstance(admin.site._registry[model], ReadOnlyAdmin):
        return
    fill(1)
    obj: Any = model._default_manager.exclude(pk=ada.pk).first()
    failed = []
    for url in (address(model, "add"), address(model, "change", obj.pk)):
        page = desk.get(url)
        if page.status_code != 200:
            continue
        data = form_of(page, id=f"{model._meta.model_name}_form")
        names = [name for name in data if name != "csrfmiddlewaretoken"]
        typed = [name for name in names if not re.search(r"_FORMS$|-id$|^_", name)]
        for value in ODD:
            if desk.post(url, data | dict.fromkeys(typed, value)).status_code >= 500:
                failed.append(f"{url} all={value!r}")
        for name, value in itertools.product(names, ("abc", "\x00", "9" * 30)):
            if desk.post(url, data | {name: value}).status_code >= 500:
                failed.append(f"{url} {name}={value!r}")
    assert not failed, "\n".join(failed)


def test_no_autocomplete_fails(desk: Client, ada: User) -> None:
    request = RequestFactory().get("/")
    request.user = ada
    failed = []
    for its in admin.site._registry.values():
        for place in [its, *its.get_inline_instances(request)]:
            for field in place.get_autocomplete_fields(request):
                query = {
                    "app_label": place.model._meta.app_label,
                    "model_name": place.model._meta.model_name,
                    "field_name": field,
                }
                for name, value in itertools.product(
                    ("term", "page", "field_name", "model_name"), ODD[:4]
                ):
                    if desk.get("/admin/autocomplete/", query | {name: value}).status_code >= 500:
                        failed.append(f"{query} {name}={value!r}")
    assert not failed, "\n".join(failed)
