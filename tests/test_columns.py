"""Every column is written by a service, a worker or an admin form; every choice is used."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.db.models import NOT_PROVIDED, Field
from django.test import RequestFactory

from cases.models import Listing
from cases.models.event import Audience, EventKind
from tests import factories

ROOT = Path(__file__).resolve().parent.parent
# Demo data does not count, and models do not write their own columns.
NOT_WRITERS = ("migrations", "models", "demo")
HISTORY = "pgh_tracked_model"
# Columns that Django writes, and those that `cases.liaison.due` sets by the step's name.
ELSEWHERE = {
    "User": {"password", "last_login"},
    "Referral": {"deliver_by", "read_by", "accept_by"},
    # These fields are computed from other columns.
    "Product": {"search_text"},
    "Seller": {"address_key", "name_key", "name_pieces"},
    "Member": {"name_keys", "domain", "number_key", "search_text"},
    "Brand": {"search_text"},
    # Written by the names in HiddenLink.STATEMENTS.
    "HiddenLink": {"advertised_in", "how_to_order", "what_arrives"},
    # The service of applications writes the contact by the names of its form.
    "Application": {
        *("name_keys", "domain", "number_key"),
        *("contact_name", "contact_position", "contact_phone"),
        *("second_contact_name", "second_contact_email"),
    },
}


def sources() -> Iterator[Path]:
    for app in ("alliance", "members", "cases"):
        for path in (ROOT / app).rglob("*.py"):
            if not set(NOT_WRITERS) & set(path.relative_to(ROOT).parts):
                yield path


@cache
def written_names() -> frozenset[str]:
    """Return every name used as a keyword, attribute target, dictionary key or SQL column."""
    names: set[str] = set()
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg:
                names.add(node.arg)
            elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
                names.add(node.attr)
            elif isinstance(node, ast.Dict):
                names |= {key.value for key in node.keys if isinstance(key, ast.Constant)}
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                names |= set(re.findall(r"\b([a-z_]+)\s*=\s", node.value))
    return frozenset(names)


def in_admin(model: Any) -> set[str]:
    """Return the columns that an administrator can edit, including in inlines."""
    request = RequestFactory().get("/")
    request.user = factories.user(is_staff=True, is_superuser=True)
    found: set[str] = set()
    for registered, options in admin.site._registry.items():
        if registered is model and options.has_change_permission(request):
            found |= set(options.get_form(request, None, change=True).base_fields)
            found |= set(options.get_form(request, None, change=False).base_fields)
        for inline in options.get_inline_instances(request):
            if inline.model is model:
                found |= set(inline.get_formset(request).form.base_fields)
    return found


def columns(model: Any) -> Iterator[Field[Any, Any]]:
    for field in model._meta.local_concrete_fields:
        writes_itself = field.primary_key or getattr(field, "auto_now_add", False)
        counts = callable(field.default) and field.default is not NOT_PROVIDED
        if not writes_itself and not counts:
            yield field


MODELS = [
    model
    for model in apps.get_models()
    if model._meta.app_label in ("members", "cases", "liaison") and not hasattr(model, HISTORY)
]


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_column_is_written(model: Any) -> None:
    missing = {field.name for field in columns(model)} - written_names()
    assert missing - in_admin(model) - ELSEWHERE.get(model.__name__, set()) == set()


@pytest.mark.parametrize("values", [Listing.Status, Audience, EventKind])
def test_every_choice_is_used(values: Any) -> None:
    """Each is named outside the models; the default value is exempt."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources())
    used = set(re.findall(r"\b(?:Status|Audience|EventKind)\.([A-Z_]+)\b", text))
    assert set(values.names) - used - {"LIVE"} == set()
