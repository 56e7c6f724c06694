"""The history page shows every change that the database recorded, including changes by SQL."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from alliance.lib import changes
from alliance.lib.admin import PER_PAGE
from cases.liaison.models import Agency, Channel
from cases.models import Case, Listing
from cases.services import triage
from members.models import Brand, Industry, User
from tests import factories
from tests.admin.conftest import address

pytestmark = pytest.mark.django_db


def history(desk: Client, obj: object) -> str:
    response = desk.get(address(type(obj), "history", obj.pk))  # type: ignore[arg-type,attr-defined]
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_admin_change_shows_actor_values_and_url(desk: Client, ada: User) -> None:
    member = factories.member(name="Alder Works")
    brand = factories.brand(member, name="ALDER")
    url = address(Brand, "change", brand.pk)
    desk.post(url, {"member": member.pk, "name": "ALDER & CO", "is_active": ""})
    page = history(desk, brand)
    assert "Ada Admin &lt;ada@portal.example&gt;" in page
    assert "<del>ALDER</del>" in page
    assert "<ins>ALDER &amp; CO</ins>" in page
    assert "<del>Yes</del>" in page
    assert "<ins>No</ins>" in page
    assert f"<td>{url}</td>" in page


def test_change_by_sql_is_shown(desk: Client) -> None:
    industry = factories.industry(name="Toys")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE members_industry SET name = 'Games' WHERE id = %s", [industry.pk])
    page = history(desk, industry)
    assert "<del>Toys</del>" in page
    assert "<ins>Games</ins>" in page
    assert "command or SQL" in page


def test_unchanged_fields_are_not_shown(desk: Client) -> None:
    industry = factories.industry(name="Toys")
    industry.position = 9
    industry.save()
    latest = changes.describe(list(changes.rows_of(Industry, industry.pk)))
    assert [(f.label, f.new) for f in latest[0].fields] == [("Position", "9")]


def test_foreign_keys_and_choices_are_shown_by_label(desk: Client) -> None:
    case = factories.submitted_case()
    moderator = factories.moderator(name="Mo Moderator")
    triage.claim(case=case, by=moderator)
    page = history(desk, case)
    assert "<del>Submitted</del>" in page
    assert "<ins>In review</ins>" in page
    assert "Assignee: </span><del>–</del>" in page
    assert f"<ins>Mo Moderator &lt;{moderator.email}&gt;</ins>" in page


def test_values_are_escaped(desk: Client) -> None:
    agency = factories.agency(name="<script>alert(1)</script>", violations=["patent", "design"])
    page = history(desk, agency)
    assert "<script>alert" not in page
    assert "<ins>&lt;script&gt;" in page
    assert "<ins>patent, design</ins>" in page


def test_missing_initial_state_is_stated(desk: Client) -> None:
    listing = factories.submitted_case().listings.first()
    assert listing is not None
    page = history(desk, listing)
    assert "previous values not recorded" in page
    Listing.objects.filter(pk=listing.pk).update(title="Bag")
    assert "<ins>Bag</ins>" in history(desk, listing)


def test_deleted_object_keeps_its_history(desk: Client) -> None:
    industry = factories.industry(name="Toys")
    pk = industry.pk
    industry.delete()
    industry.pk = pk
    page = history(desk, industry)
    assert "has been deleted" in page
    assert "<strong>Deleted</strong>" in page


@pytest.mark.parametrize("number", ["999999999", "none", "1e5"])
def test_unknown_object_is_not_found(desk: Client, number: str) -> None:
    assert desk.get(f"/admin/members/industry/{number}/history/").status_code == 404


def test_long_history_is_paginated_without_gaps(desk: Client) -> None:
    industry = factories.industry(position=0)
    for position in range(1, PER_PAGE + 6):
        Industry.objects.filter(pk=industry.pk).update(position=position)
    url = address(Industry, "history", industry.pk)
    with CaptureQueriesContext(connection) as captured:
        first = desk.get(url).context["changes"]
    assert len(captured) <= 12
    second = desk.get(url, {"p": 2}).context["changes"]
    shown = [change.fields[0] for change in [*first, *second[:-1]]]
    assert [field.new for field in shown] == [str(n) for n in range(PER_PAGE + 5, 0, -1)]
    assert [field.old for field in shown] == [str(n) for n in range(PER_PAGE + 4, -1, -1)]
    assert second[-1].action == "Added"


def test_delivery_progress_of_a_channel_is_not_history(desk: Client) -> None:
    """Workers write it many times a minute; the history records what people did."""
    channel = factories.channel()
    Channel.objects.filter(pk=channel.pk).update(numbered_seq=5, sent_seq=5, failures=2)
    assert len(changes.rows_of(Channel, channel.pk)) == 1
    Channel.objects.filter(pk=channel.pk).update(is_active=False)
    assert len(changes.rows_of(Channel, channel.pk)) == 2


def test_history_requires_permission(desk: Client) -> None:
    agency, case = factories.agency(), factories.submitted_case()
    browser = Client()
    browser.force_login(factories.moderator())
    for model, obj in ((Agency, agency), (Case, case)):
        assert browser.get(address(model, "history", obj.pk)).status_code == 302
