"""The admin × every persona: every admin page is for administrators only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client, RequestFactory
from django.urls import reverse

from members.models import User
from tests import factories
from tests.access import Status
from tests.admin.conftest import first_row
from tests.matrix import addresses
from tests.matrix_objects import ownership
from tests.personas import NAMES, Personas

AWAY = "away"  # redirected to the login
ANY = "any"  # depends on referencing rows: see tests/admin


def admin_addresses(cast: Personas) -> Iterator[tuple[str, str, Status]]:
    """Yield name, URL and an administrator's GET status for every URL under /admin/."""
    facts = ownership(cast) | {"moderator": cast.moderator}
    factories.verified_operation(factories.accepted_referral(cast.agency, **facts))
    factories.counter_noticed_case()
    factories.identifier()
    factories.authorised_seller()
    yield from (
        (name, reverse(f"admin:{name}", args=args), status)
        for name, args, status in (
            ("index", (), 200),
            ("login", (), 302),
            ("logout", (), 405),
            ("password_change", (), 200),
            ("password_change_done", (), 200),
            ("autocomplete", (), 403),
            ("jsi18n", (), 200),
        )
    )
    for label in {model._meta.app_label for model in admin.site._registry}:
        yield "app_list", reverse("admin:app_list", args=[label]), 200
    for model, its in admin.site._registry.items():
        yield from _pages_of(model, its, cast.admin)
    explained = "cases_marketplace_addresses"
    yield explained, reverse(f"admin:{explained}"), 200
    yield "-", "/admin/no/such/page/", 404


def _pages_of(model: Any, its: Any, person: User) -> Iterator[tuple[str, str, Status]]:
    request = RequestFactory().get("/")
    request.user = person
    adds = 200 if its.has_add_permission(request) else 403
    obj = first_row(model)
    key = obj.pk if obj else 0
    there: Status = 200 if obj else ANY
    for page, args, status in (
        ("changelist", (), 200),
        ("add", (), adds),
        ("change", (key,), there),
        ("history", (key,), there),
        ("delete", (key,), ANY),
    ):
        name = f"{model._meta.app_label}_{model._meta.model_name}_{page}"
        yield name, reverse(f"admin:{name}", args=args), status


@pytest.mark.parametrize("persona", NAMES)
def test_only_admins_have_access(persona: str, personas: Personas) -> None:
    """Everybody else is redirected to the login page."""
    client, wrong, seen = personas.client(persona), [], set()
    for name, url, expected in admin_addresses(personas):
        seen.add(name)
        if persona != "admin":
            # The admin's login page refuses users who are logged in and not administrators.
            expected = 403 if name == "login" and persona != "anonymous" else AWAY
        found = admin_ask(client, "GET", url)
        if found != expected and expected != ANY:
            wrong.append(f"GET {url} for {persona}: {found}, not {expected}")
        if persona != "admin" and (found := admin_ask(client, "POST", url)) != expected:
            wrong.append(f"POST {url} for {persona}: {found}, not {expected}")
    assert not wrong, "\n".join(wrong)
    every = {name for name, route in addresses() if route.startswith("admin/")}
    assert {name.removeprefix("admin:") for name in every} == seen


def admin_ask(client: Client, method: str, url: str) -> Status:
    response = client.get(url) if method == "GET" else client.post(url, {})
    target = response.headers.get("Location", "")
    if response.status_code == 302 and target.startswith(("/admin/login/", "/accounts/login/")):
        return AWAY
    if response.status_code == 302 and target == "/admin/" and url.endswith("/logout/"):
        return AWAY  # which redirects to the login
    return int(response.status_code)
