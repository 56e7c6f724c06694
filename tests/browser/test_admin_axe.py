"""axe-core over every kind of page of the admin."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.test import RequestFactory
from playwright.sync_api import BrowserContext

from members.models import User
from tests import factories
from tests.admin.conftest import address, fill
from tests.browser.test_accessibility import faults

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_kind_of_page(
    context: BrowserContext, site: str, become: Callable[[User | None], None]
) -> None:
    ada = factories.admin(name="Ada Admin")
    become(ada)
    fill(1)
    request = RequestFactory().get("/")
    request.user = ada
    page = context.new_page()
    page.set_viewport_size({"width": 1280, "height": 900})
    found: dict[str, str] = {}
    for model, its in admin.site._registry.items():
        obj = model._default_manager.first()
        assert obj is not None
        pages = [address(model, name, *args) for name, *args in (
            ("changelist",), ("change", obj.pk), ("history", obj.pk),
        )]  # fmt: skip
        if its.has_add_permission(request):
            pages.append(address(model, "add"))
        if its.has_delete_permission(request, obj):
            pages.append(address(model, "delete", obj.pk))
        for url in pages:
            page.goto(site + url)
            for fault in faults(page):
                found.setdefault(fault, url)
    assert not found, "\n".join(f"{url}: {fault}" for fault, url in found.items())
