"""Numbers above 999 are unformatted in form values and grouped in text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib import admin
from django.db.models import Model
from django.template import Context, Template
from django.test import Client
from django.urls import reverse
from django.utils import translation

from alliance.lib import changes
from cases.liaison.models import Agency, Channel, Operation
from members.models import User
from tests import factories
from tests.admin.conftest import OURS, address, fill
from tests.forms import form_of
from tests.personas import browser_of

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.*"))


def changeable(desk: Client) -> list[type[Model]]:
    request = desk.get("/admin/").wsgi_request
    return [model for model in OURS if admin.site._registry[model].has_change_permission(request)]


@pytest.mark.django_db
def test_every_change_page_can_be_saved_with_large_ids(desk: Client) -> None:
    fill(1)
    long = 0
    request = desk.get("/admin/").wsgi_request
    for model in changeable(desk):
        rows = admin.site._registry[model].get_queryset(request).order_by("pk")
        own = desk.session["_auth_user_id"] if model is User else None
        obj: Any = rows.exclude(pk=own).last()
        latest = changes.latest(obj)
        long += latest is not None and latest.pgh_id >= 12_345
        url = address(model, "change", obj.pk)
        data = form_of(desk.get(url), id=f"{model._meta.model_name}_form")
        assert data.get("_seen", []) == ([str(latest.pgh_id)] if latest else [])
        response = desk.post(url, data)
        errors = response.context["errors"] if response.status_code == 200 else ""
        assert response.status_code == 302, (model, errors)
    # Rows written by migrations have small history IDs.
    assert long >= 8


@pytest.mark.django_db
def test_action_on_a_row_with_a_large_id_is_confirmed(desk: Client) -> None:
    agency = factories.agency()
    assert agency.pk >= 12_345
    url = address(Agency, "changelist")
    chosen = {"action": "renew_stream_password", "_selected_action": agency.pk}
    data = form_of(desk.post(url, chosen), action=url)
    assert data["_selected_action"] == [str(agency.pk)]
    assert desk.post(url, data).status_code == 200
    agency.refresh_from_db()
    assert agency.stream_password_set_at is not None


def rendered(text: str, **context: Any) -> str:
    return Template("{% load i18n %}" + text).render(Context(context))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_only_the_grouped_filter_groups_digits(language: str) -> None:
    with translation.override(language):
        assert rendered("{{ n }}", n=12345) == "12345"
        assert rendered("{{ n|grouped }}", n=12345) == "12,345"
        assert rendered("{{ n|grouped }}", n=999) == "999"
        assert rendered("{{ n|grouped }}", n=None) == "None"
        counted = "{% blocktranslate count count=n|grouped %}{{ count }} listing{% plural %}{{ count }} listings{% endblocktranslate %}"
        assert rendered(counted, n=12345).startswith("12,345 ")


def test_grouped_numbers_select_the_plural_form() -> None:
    counted = "{% blocktranslate count n=n|grouped %}{{ n }} file{% plural %}{{ n }} files{% endblocktranslate %}"
    assert (rendered(counted, n=1), rendered(counted, n=1000)) == ("1 file", "1,000 files")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_group_every_count(path: Path) -> None:
    text = path.read_text()
    counted = re.findall(r"blocktranslate[^%]* count \w+=(\S+)", text)
    lengths = re.findall(r"{{ *[\w.]+\|length *}}", text)
    # The plural form depends on this number, but the text does not show it.
    unshown = {"member.industries.all|length"}
    assert [name for name in counted if not name.endswith("|grouped") and name not in unshown] == []
    assert lengths == []


@pytest.mark.django_db
def test_pages_show_grouped_numbers() -> None:
    """Covers a summary figure, a table column and a sentence."""
    moderator = browser_of(factories.moderator())
    operation = factories.verified_operation(arrests=12_345)
    Channel.objects.update(numbered_seq=12_345, sent_seq=12_340)
    case = operation.cases.first()
    assert case is not None
    case.listings.update(units_sold=54_321)
    channel = Channel.objects.latest("pk")
    pages = {
        "12,345</p>": reverse("triage:channel", args=[channel.pk]),
        "delivered up to 12,340": reverse("triage:channel", args=[channel.pk]),
        ">54,321<": reverse("triage:case", args=[case.reference]),
    }
    for words, url in pages.items():
        assert words in moderator.get(url).content.decode(), url
    officer = browser_of(factories.officer(operation.agency))
    assert ">12,345<" in officer.get(reverse("liaison:operations")).content.decode()
    desk = browser_of(factories.admin())
    assert "12,345" in desk.get(address(Operation, "changelist")).content.decode()
