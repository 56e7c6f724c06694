"""Malformed requests to every admin page never cause a server error."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.contrib.admin.utils import quote
from django.db import transaction
from django.db.models import DateField, ForeignKey, Model
from django.http import HttpResponse
from django.test import Client, RequestFactory

from alliance.lib.admin import ReadOnlyAdmin
from members.models import User
from tests.admin.conftest import OURS, address, fill, first_row
from tests.forms import form_of

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.usefixtures("plain_layout"),
    # A date without a time is read as midnight UTC, with a warning.
    pytest.mark.filterwarnings("ignore:DateTimeField .* received a naive datetime"),
]

LONG = "9" * 30
ODD = [
    "abc",
    "\x00",
    "-1",
    LONG,
    "٣",
    "a,b",
    "0001-01-01 00:00:00+14:00",
    "9999-12-31 23:59:59-14:00",
]
DATES = [
    "0001-01-01",
    "0001-01-01 00:00:00+14:00",
    "9999-12-31 23:59:59-14:00",
    "99999-01-01",
    "\x00",
]
KNOWN = [
    ("q", "\x00"), ("p", "abc"), ("p", LONG), ("o", "\x00"), ("_to_field", "x"), ("pk", "abc"), ("pk__in", "\x00"),
    ("case__id__exact", "abc"),
]  # fmt: skip


@pytest.fixture(autouse=True)
def _return_errors_as_responses(desk: Client) -> None:
    """Make server errors responses with status 500, as a browser gets them."""
    desk.raise_request_exception = False


def list_parameters(model: type[Model]) -> list[tuple[str, str]]:
    """Return query parameters for a list: Django's own, and invalid values for each filter."""
    pairs = list(KNOWN)
    for found in admin.site._registry[model].list_filter:
        kind: Any = found[0] if isinstance(found, tuple) else found
        if not isinstance(kind, str):
            pairs.append((kind.parameter_name, "\x00"))
            continue
        pairs += [(kind, "\x00"), (f"{kind}__exact", "abc"), (f"{kind}__isnull", "abc")]
        field = model._meta.get_field(kind)
        if isinstance(field, DateField):
            pairs += [(f"{kind}__gte", value) for value in DATES]
            pairs.append((f"{kind}__year", LONG))
        if isinstance(field, ForeignKey):
            pairs += [(f"{kind}__id__exact", value) for value in ("abc", LONG, "\x00")]
    return pairs


def test_lists_answer_malformed_parameters(desk: Client) -> None:
    fill(1)
    failed = []
    for model in OURS:
        url = address(model, "changelist")
        for name, value in list_parameters(model):
            if desk.get(url, {name: value}).status_code >= 500:
                failed.append(f"{url}?{name}={value!r}")
        for action, key in (("delete_selected", "abc"), ("delete_selected", "\x00"), ("x", LONG)):
            sent = {"action": action, "_selected_action": key, "post": "yes", "index": key}
            if desk.post(url, sent).status_code >= 500:
                failed.append(f"{url} {action} on {key!r}")
    assert not failed, "\n".join(failed)


def test_object_pages_answer_malformed_keys(desk: Client) -> None:
    failed = []
    keys = ("abc", "\x00", LONG, "-1")
    # Half of them for each model.
    asked = ((model, key) for n, model in enumerate(OURS) for key in keys[n % 2 :: 2])
    for model, key in asked:
        answers = [
            desk.get(address(model, page, quote(key))) for page in ("change", "history", "delete")
        ]
        answers.append(desk.post(address(model, "change", quote(key)), {"post": "yes"}))
        if any(answer.status_code >= 500 for answer in answers):
            failed.append(
                f"{model._meta.label} {key!r}: {[answer.status_code for answer in answers]}"
            )
    assert not failed, "\n".join(failed)


def test_object_pages_answer_malformed_parameters(desk: Client) -> None:
    fill(1)
    names = ("p", "_to_field", "_popup", "_changelist_filters", "user", "case", "hosts", "agency")
    failed = []
    values = itertools.cycle(("abc", "\x00", LONG, "-1"))
    for model in OURS:
        obj = first_row(model)
        pages = [address(model, page, obj.pk) for page in ("change", "history", "delete")]
        # The next model begins with the next value.
        for url, value in zip([*pages, address(model, "add"), pages[0]], values, strict=False):
            if desk.get(url, dict.fromkeys(names, value)).status_code >= 500:
                failed.append(f"{url} {value!r}")
            ours = {"user": value, "agency": value, "p": value}
            if url.endswith("/add/") and desk.get(url, ours).status_code >= 500:
                failed.append(f"{url} {value!r} without Django's own names")
    assert not failed, "\n".join(failed)


def test_forms_answer_malformed_values(
    desk: Client, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Send each odd value in all fields at once, then a NUL byte in each field in turn."""
    fill(1)
    drawn = ModelAdmin.render_change_form
    failed = []
    for model in OURS:
        if isinstance(admin.site._registry[model], ReadOnlyAdmin):
            continue
        # Not Ada herself, who would lose her access. Other objects can have the same key.
        others = model._default_manager.exclude(pk=ada.pk if model is User else None)
        obj: Any = others.first()
        for url in (address(model, "change", obj.pk), address(model, "add")):
            monkeypatch.setattr(ModelAdmin, "render_change_form", drawn)
            page = desk.get(url)
            if page.status_code != 200:
                continue
            data = form_of(page, id=f"{model._meta.model_name}_form")
            names = [name for name in data if name != "csrfmiddlewaretoken"]
            typed = [name for name in names if not re.search(r"_FORMS$|-id$|^_", name)]
            failed += failing_posts(
                desk, url, [data | dict.fromkeys(typed, value) for value in ODD]
            )
            monkeypatch.setattr(ModelAdmin, "render_change_form", empty_response)
            failed += failing_posts(desk, url, [data | {name: "\x00"} for name in names])
            break  # the change page, where there is one, has all fields of the add page
    assert not failed, "\n".join(failed)


def empty_response(*args: Any, **kwargs: Any) -> HttpResponse:
    return HttpResponse()


def failing_posts(desk: Client, url: str, forms: list[dict[str, Any]]) -> list[str]:
    """Post each form to ``url``, roll back what it saves, and return the posts that failed."""
    failed = []
    for sent in forms:
        point = transaction.savepoint()
        status = desk.post(url, sent).status_code
        transaction.savepoint_rollback(point)
        if status >= 500:
            failed.append(f"{url} {sent}")
    return failed


def test_autocomplete_answers_malformed_parameters(desk: Client, ada: User) -> None:
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
                    ("term", "page", "field_name"), ("abc", "\x00", LONG)
                ):
                    if desk.get("/admin/autocomplete/", query | {name: value}).status_code >= 500:
                        failed.append(f"{query} {name}={value!r}")
    assert not failed, "\n".join(failed)
