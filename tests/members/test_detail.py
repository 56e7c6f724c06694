"""The public page of a member."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from tests import factories

pytestmark = pytest.mark.django_db


def test_shows_the_member_in_the_readers_language(client: Client) -> None:
    member = factories.member(
        slug="dawn",
        name="Dawn Textile",
        name_local="晨曦服装",
        country="CN",
        website="https://www.dawn.example/about",
        description="We weave.",
        description_zh="我们织布。",
    )
    member.industries.add(factories.industry(name="Weaving", slug="weaving"))
    factories.brand(member, name="DAWN", name_local="晨曦")
    factories.brand(member, name="RETIRED", is_active=False)
    page = client.get("/members/dawn/").content.decode()
    for text in ("Dawn Textile", "晨曦服装", "DAWN", "We weave.", "Weaving", "1 Jan 2020"):
        assert text in page
    assert 'href="https://www.dawn.example/about"' in page
    assert 'rel="noopener nofollow external"' in page
    assert 'href="/members/?industry=weaving"' in page
    assert 'href="/members/?country=CN"' in page
    assert "RETIRED" not in page
    client.cookies["portal_language"] = "zh-hans"
    assert "我们织布。" in client.get("/members/dawn/").content.decode()


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "applied", "joined_on": None},
        {"status": "suspended", "suspended_on": date(2024, 5, 1)},
        {"status": "left", "left_on": date(2024, 5, 1)},
    ],
)
def test_only_active_members_have_a_page(client: Client, fields: dict[str, Any]) -> None:
    factories.member(slug="gone", **fields)
    assert client.get("/members/gone/").status_code == 404


def test_people_and_registration_numbers_are_not_shown(client: Client) -> None:
    member = factories.member(slug="alder")
    factories.filer(member, name="Fay Filer", email="fay@alder.example")
    factories.right(factories.brand(member), number="99887766")
    page = client.get("/members/alder/").content.decode()
    assert "Fay" not in page
    assert "fay@alder.example" not in page
    assert "99887766" not in page


@pytest.mark.parametrize("website", ["javascript:alert(1)", "ftp://x.example", "http://[", ""])
def test_invalid_website_is_not_linked(client: Client, website: str) -> None:
    factories.member(slug="odd", website=website)
    response = client.get("/members/odd/")
    assert response.context["website_host"] == ""
    assert b"javascript:" not in response.content


def test_few_queries(client: Client, django_assert_max_num_queries: Any) -> None:
    member = factories.member(slug="many")
    for _ in range(12):
        factories.brand(member)
        member.industries.add(factories.industry())
    with django_assert_max_num_queries(3):
        client.get("/members/many/")
