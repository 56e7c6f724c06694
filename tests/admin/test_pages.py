"""Every admin page of every model opens, uses few queries and shows no secret."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.db.models import ForeignKey, ManyToManyField, Model
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from alliance.lib.admin import CappedPaginator, PortalAdmin, ReadOnlyAdmin
from cases.models import Case, Seller
from members.models import ImportProblem, Industry, StoredAnswer, User
from tests import factories
from tests.admin.conftest import OURS, REGISTERED, address, fill, first_row
from tests.models import model_label
from tests.personas import browser_of

# Stored answers are deleted after a day, and problems with their import. Nobody may change either.
NOT_REGISTERED = {StoredAnswer, ImportProblem}


def test_every_model_is_registered() -> None:
    models = {
        model
        for label in ("members", "cases", "liaison")
        for model in apps.get_app_config(label).get_models()
        if not hasattr(model, "pgh_tracked_model")  # event models, shown on the history page
    }
    assert models - NOT_REGISTERED == set(OURS)


@pytest.mark.parametrize("model", OURS, ids=model_label)
def test_every_list_has_columns_search_and_pagination(model: type[Model]) -> None:
    its = admin.site._registry[model]
    assert isinstance(its, PortalAdmin)
    assert len(its.list_display) > 2
    assert its.list_per_page <= 50
    assert its.date_hierarchy is None
    request = RequestFactory().get("/")
    # Snapshots are few and have no text to search.
    assert list(its.get_search_fields(request)) or model_label(model) == "liaison.ImpactSnapshot"


@pytest.mark.parametrize("model", REGISTERED, ids=model_label)
def test_foreign_keys_use_autocomplete(model: type[Model], ada: User) -> None:
    its = admin.site._registry[model]
    request = RequestFactory().get("/")
    request.user = ada
    for form_admin in [its, *its.get_inline_instances(request)]:
        written = set(form_admin.get_fields(request)) - set(form_admin.get_readonly_fields(request))
        if isinstance(form_admin, ReadOnlyAdmin):
            continue
        for field in form_admin.model._meta.get_fields():
            if not isinstance(field, ForeignKey | ManyToManyField) or field.name not in written:
                continue
            if getattr(form_admin, "fk_name", None) == field.name:
                continue
            if form_admin is not its and field.related_model is model:
                continue  # the parent object of the inline
            assert field.name in form_admin.get_autocomplete_fields(request), field


@pytest.mark.django_db
def test_lists_use_a_constant_number_of_queries(desk: Client) -> None:
    fill(2)
    few = {model: queries(desk, address(model, "changelist")) for model in REGISTERED}
    fill(2)
    many = {model: queries(desk, address(model, "changelist")) for model in REGISTERED}
    grown = [
        f"{model_label(model)}: {few[model]} queries with 2 rows, {many[model]} with 4"
        for model in REGISTERED
        if many[model] > few[model]
    ]
    assert not grown, "\n".join(grown)
    assert max(many.values()) <= 12


def queries(desk: Client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        response = desk.get(url)
    assert response.status_code == 200, url
    return len(captured)


@pytest.mark.django_db
def test_every_page_of_every_model_opens(desk: Client) -> None:
    fill(1)
    for model in REGISTERED:
        obj = first_row(model)
        assert obj is not None, model
        assert desk.get(address(model, "changelist")).status_code == 200, model
        assert desk.get(address(model, "change", obj.pk)).status_code == 200, model
        assert desk.get(address(model, "history", obj.pk)).status_code == 200, model
        its = admin.site._registry[model]
        adds = its.has_add_permission(desk.get("/admin/").wsgi_request)
        assert desk.get(address(model, "add")).status_code == (200 if adds else 403), model
        deleted = desk.get(address(model, "delete", obj.pk))
        assert deleted.status_code in (200, 403), model


@pytest.mark.django_db
def test_every_search_works(desk: Client) -> None:
    terms = ["AP-0000-0000 a", "用户 ' OR 1=1 --", "0" * 500 + "\x00"]
    for model, term in itertools.product(REGISTERED, terms):
        response = desk.get(address(model, "changelist"), {"q": term})
        assert response.status_code == 200, (model, term)


@pytest.mark.django_db
def test_case_search_ignores_case_and_spaces_in_references(desk: Client) -> None:
    case = factories.submitted_case()
    factories.submitted_case()
    for model in ("case", "listing", "caseevent", "evidence"):
        url = address(apps.get_model("cases", model), "changelist")
        page = desk.get(url, {"q": f" {case.reference.lower()} "})
        assert {getattr(row, "case", row) for row in page.context["cl"].result_list} == {case}


@pytest.mark.django_db
def test_case_page_links_to_related_objects(desk: Client) -> None:
    case = factories.submitted_case()
    factories.submitted_case()
    page = desk.get(address(Case, "change", case.pk)).content.decode()
    assert f"/admin/cases/listing/?case__id__exact={case.pk}" in page
    listings = desk.get(f"/admin/cases/listing/?case__id__exact={case.pk}")
    assert listings.context["cl"].result_count == 2


@pytest.mark.django_db
def test_count_of_long_lists_is_capped(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(4):
        factories.seller()
    page = desk.get(address(Seller, "changelist")).content.decode()
    assert "1,000+" not in page
    monkeypatch.setattr(CappedPaginator, "LIMIT", 3)
    with CaptureQueriesContext(connection) as captured:
        page = desk.get(address(Seller, "changelist")).content.decode()
    assert "3+ sellers" in page
    counts = [q["sql"] for q in captured if "COUNT(" in q["sql"] and "cases_seller" in q["sql"]]
    assert counts
    assert all("LIMIT 4" in sql for sql in counts)


def test_capped_paginator_offers_only_counted_pages() -> None:
    paginator = CappedPaginator(list(range(5000)), 50)
    assert (paginator.count, paginator.num_pages, paginator.is_capped) == (1001, 20, True)
    assert list(paginator.page(20))[-1] == 999
    assert CappedPaginator([], 50).num_pages == 1
    assert not CappedPaginator(list(range(1000)), 50).is_capped


@pytest.mark.django_db
def test_no_secret_is_shown(desk: Client) -> None:
    fill(1)
    user = User.objects.filter(is_staff=False).first()
    assert user is not None
    factor = apps.get_model("mfa", "Authenticator").objects.get()
    pages = [
        address(User, "changelist"),
        address(User, "change", user.pk),
        address(User, "history", user.pk),
        address(type(factor), "changelist"),
        address(type(factor), "change", factor.pk),
    ]
    for url in pages:
        page = desk.get(url).content.decode()
        assert "seed-0" not in page
        assert user.password not in page
        assert 'name="password"' not in page


@pytest.mark.django_db
def test_referenced_objects_cannot_be_deleted(desk: Client) -> None:
    used, unused = factories.submitted_case().seller, factories.seller()
    assert used is not None
    assert desk.get(address(Seller, "delete", used.pk)).status_code == 403
    assert desk.post(address(Seller, "delete", used.pk), {"post": "yes"}).status_code == 403
    assert desk.post(address(Seller, "delete", unused.pk), {"post": "yes"}).status_code == 302
    assert Seller.objects.filter(pk=used.pk).exists()
    assert not Seller.objects.filter(pk=unused.pk).exists()


@pytest.fixture
def toys(db: None) -> Industry:
    return factories.industry(name="Toys", name_zh="玩具", slug="toys", nice_classes=[28])


def industry_form(desk: Client, industry: Industry) -> dict[str, Any]:
    """Return what the browser would send from the change page."""
    page = desk.get(address(Industry, "change", industry.pk))
    form = page.context["adminform"].form
    data = {name: form.initial.get(name) for name in form.fields}
    return data | {"nice_classes": "28", "_seen": page.context["seen"]}


def test_saving_writes_only_changed_fields(desk: Client, toys: Industry) -> None:
    data = industry_form(desk, toys)
    with CaptureQueriesContext(connection) as captured:
        response = desk.post(address(Industry, "change", toys.pk), data | {"position": 7})
    assert response.status_code == 302
    (update,) = [q["sql"] for q in captured if 'UPDATE "members_industry"' in q["sql"]]
    assert '"position" = 7' in update
    assert not [name for name in ("name", "name_zh", "slug") if f'"{name}" =' in update]


def test_edit_conflict_names_the_other_editor_and_keeps_input(desk: Client, toys: Industry) -> None:
    data = industry_form(desk, toys) | {"name": "Toys and games"}
    mo = browser_of(factories.admin(name="Mia Meanwhile"))
    mo.post(address(Industry, "change", toys.pk), industry_form(mo, toys) | {"name_zh": "玩具类"})
    page = desk.post(address(Industry, "change", toys.pk), data)
    assert "Mia Meanwhile" in page.content.decode()
    assert 'value="Toys and games"' in page.content.decode()
    toys.refresh_from_db()
    assert (toys.name, toys.name_zh) == ("Toys", "玩具类")
    again = desk.post(address(Industry, "change", toys.pk), data | {"_seen": page.context["seen"]})
    assert again.status_code == 302
    toys.refresh_from_db()
    assert toys.name == "Toys and games"
