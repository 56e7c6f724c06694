"""The public directory of members: filters, search, counts and pagination."""

from __future__ import annotations

import base64
import json
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from members import stats
from members.models import Industry, Member
from tests import factories

pytestmark = pytest.mark.django_db
URL = "/members/"


@pytest.fixture
def directory() -> dict[str, Member]:
    """Four active members of three countries and two industries, and one of each other status."""
    apparel = Industry.objects.get(slug="apparel")
    food = factories.industry(slug="test-food", name="Test food", name_zh="试验食品")
    made = {
        "dawn": factories.member(name="Dawn Textile", name_local="晨曦服装有限公司", country="CN"),
        "alder": factories.member(name="Alder Works", country="DE"),
        "emile": factories.member(name="Émile & Fils", country="FR"),
        "han": factories.member(name="Hanbit", name_local="한빛 전자", country="FR"),
    }
    for name in ("dawn", "alder"):
        made[name].industries.add(apparel)
    made["dawn"].industries.add(food)
    made["emile"].industries.add(food)
    factories.brand(made["alder"], name="NORDLYS", name_local="北极光")
    factories.brand(made["emile"], name="OLD SEAL", is_active=False)
    day = date(2024, 5, 1)
    factories.member(name="Applied Co", country="SE", status="applied", joined_on=None)
    factories.member(name="Suspended Co", country="SE", status="suspended", suspended_on=day)
    factories.member(name="Left Co", country="SE", status="left", left_on=day)
    return made


def names(client: Client, **params: str) -> list[str]:
    response = client.get(URL, params)
    assert response.status_code == 200
    return [member.name for member in response.context["page"].rows]


def options(client: Client, field: str, **params: str) -> dict[str, str]:
    form = client.get(URL, params).context["filter"].form
    return {key: label for key, label in form.fields[field].choices if key}


@pytest.mark.usefixtures("directory")
def test_shows_active_members_by_name(client: Client) -> None:
    assert names(client) == ["Alder Works", "Dawn Textile", "Émile & Fils", "Hanbit"]


def test_order_ignores_case_and_accents(client: Client) -> None:
    for name in ("Zephyr", "Éclat", "eBright", "Øland", "Eagle", "Łódź Works"):
        factories.member(name=name)
    found = ["Eagle", "eBright", "Éclat", "Łódź Works", "Øland", "Zephyr"]
    assert names(client) == found


@pytest.mark.usefixtures("directory")
def test_filters_by_country_and_industry_together(client: Client) -> None:
    assert names(client, country="FR") == ["Émile & Fils", "Hanbit"]
    assert names(client, industry="apparel") == ["Alder Works", "Dawn Textile"]
    assert names(client, industry="test-food", country="FR") == ["Émile & Fils"]


@pytest.mark.usefixtures("directory")
@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("alder", ["Alder Works"]),
        ("ＡＬＤＥＲ", ["Alder Works"]),
        ("works alder", ["Alder Works"]),
        ("晨曦", ["Dawn Textile"]),
        ("한빛", ["Hanbit"]),
        ("nordlys", ["Alder Works"]),
        ("极光", ["Alder Works"]),
        ("OLD SEAL", []),
        ("100%", []),
        ("_", []),
        ("' OR 1=1 --", []),
        ("emile", ["Émile & Fils"]),
        ("e\u0301mile", ["Émile & Fils"]),
        ("ÉMILE", ["Émile & Fils"]),
        ("\u200bal\u200bder\u202e", ["Alder Works"]),
        ("\u202bالدر\u202c", []),
        ("😀", []),
        ("한", ["Hanbit"]),
        ("Suspended", []),
    ],
)
def test_searches_names_and_brands_in_any_script(
    client: Client, words: str, found: list[str]
) -> None:
    assert names(client, q=words) == found


@pytest.mark.usefixtures("directory")
def test_choices_have_counts_that_follow_the_other_filters(client: Client) -> None:
    assert options(client, "country") == {
        "CN": "China (1)",
        "FR": "France (2)",
        "DE": "Germany (1)",
    }
    assert options(client, "country", industry="test-food") == {
        "CN": "China (1)",
        "FR": "France (1)",
    }
    food = {"test-food": "Test food (1)"}
    assert options(client, "industry", country="FR") == food


@pytest.mark.usefixtures("directory")
def test_total_is_the_length_of_the_list(client: Client) -> None:
    for params in ({}, {"country": "FR"}, {"industry": "apparel"}, {"q": "a"}, {"q": "zzz"}):
        response = client.get(URL, params)
        assert response.context["filter"].total == response.context["filter"].qs.count(), params


@pytest.mark.usefixtures("directory")
def test_country_without_members_gives_an_empty_list(client: Client) -> None:
    response = client.get(URL, {"country": "IS"})
    assert not response.context["page"].rows
    assert b"No members found" in response.content
    assert b"Iceland (0)" in response.content
    assert response.content.count(b"Clear filters") == 2


@pytest.mark.usefixtures("directory")
@pytest.mark.parametrize(
    "params",
    [
        {"country": "XX"},
        {"industry": "nonsense"},
        {"industry": "a\0b"},
        {"country": "\0"},
        {"q": "x\0"},
        {"q": "x" * 101},
        {"country": "' OR 1=1"},
        {"joined": "20x6"},
        {"joined": "٢٠٢٠"},
        {"joined": "9999"},
        {"joined": "\0"},
        {"sort": "nonsense"},
        {"q": "x" * 300},
        {"cursor": "%%%"},
        {"cursor": base64.urlsafe_b64encode(b"[" * 3000).decode()},
        {"cursor": base64.urlsafe_b64encode(b'["n", "A", Infinity]').decode()},
        {"cursor": base64.urlsafe_b64encode(json.dumps(["n", "\0", 1]).encode()).decode()},
        {"view": "nonsense"},
    ],
)
def test_invalid_parameters_are_ignored(client: Client, params: dict[str, str]) -> None:
    assert len(names(client, **params)) == 4


@pytest.mark.usefixtures("directory")
def test_invalid_choice_is_shown_at_its_field(client: Client) -> None:
    assert b'id="id_country_error"' in client.get(URL, {"country": "XX"}).content


@pytest.mark.usefixtures("directory")
def test_chip_removes_its_filter(client: Client) -> None:
    chips = client.get(URL, {"q": "a", "country": "DE", "cursor": "x"}).context["filter"].chosen
    assert [(chip["value"], chip["without"]) for chip in chips] == [
        ("a", "?country=DE"),
        ("Germany", "?q=a"),
    ]


@pytest.mark.usefixtures("directory")
def test_htmx_request_gets_a_partial_page(client: Client) -> None:
    part = client.get(URL, {"country": "FR"}, headers={"HX-Request": "true"})
    assert b"<html" not in part.content
    assert b"Hanbit" in part.content
    assert b'hx-swap-oob="innerHTML:#found-count">2 members' in part.content
    assert part.content.count(b'hx-swap-oob="true"') == 3
    assert "HX-Request" in part["Vary"]
    back = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert b"<html" in client.get(URL, headers=back).content


@pytest.mark.usefixtures("directory")
def test_map_has_a_dot_and_a_row_for_each_country(client: Client) -> None:
    response = client.get(URL, {"view": "map", "country": "DE"})
    assert {(p.code, p.count, p.chosen) for p in response.context["points"]} == {
        ("CN", 1, False),
        ("DE", 1, True),
        ("FR", 2, False),
    }
    # On the map for wide and for narrow windows, and in the list.
    assert response.content.count(b'href="?country=FR"') == 3


def test_pages_have_no_gaps_and_no_overlaps(client: Client) -> None:
    for number in range(65):
        factories.member(name=f"Twin {number // 3:02}")
    seen: list[int] = []
    params: dict[str, str] = {"country": "CN"}
    while True:
        page = client.get(URL, params).context["page"]
        seen += [member.pk for member in page.rows]
        if page.next is None:
            break
        params["cursor"] = page.next
    assert len(seen) == len(set(seen)) == 65
    before = client.get(URL, {"cursor": page.previous}).context["page"].rows
    assert [member.pk for member in before] == seen[30:60]


def test_emptied_page_links_to_the_first_page(client: Client) -> None:
    for number in range(31):
        factories.member(name=f"Member {number:02}")
    cursor = client.get(URL).context["page"].next
    Member.objects.filter(name="Member 30").delete()
    response = client.get(URL, {"cursor": cursor})
    assert b"Go to the first page" in response.content
    assert b"no active members" not in response.content


def test_empty_directory(client: Client) -> None:
    assert b"The alliance has no active members yet." in client.get(URL).content


@pytest.mark.parametrize("view", ["", "map"])
@pytest.mark.parametrize("size", [3, 60])
def test_constant_number_of_queries(
    client: Client, django_assert_max_num_queries: Any, view: str, size: int
) -> None:
    industry = factories.industry()
    for number in range(size):
        member = factories.member(country=("CN", "FR", "DE")[number % 3])
        member.industries.add(industry)
        factories.brand(member)
    params = {"q": "member", "country": "CN", "industry": industry.slug, "view": view}
    with django_assert_max_num_queries(5):
        client.get(URL, params)


@pytest.mark.usefixtures("directory")
def test_chinese_names_are_sorted_by_pinyin(client: Client) -> None:
    client.cookies["portal_language"] = "zh-hans"
    assert list(options(client, "country").values()) == ["中国（1）", "德国（1）", "法国（2）"]
    assert "试验食品" in client.get(URL).content.decode()


def test_names_are_sorted_by_locale() -> None:
    shares = [stats.Share(name, name, 1) for name in ("Zambia", "Åland Islands", "Albania")]
    assert [s.name for s in stats.sort_by_name(shares)] == ["Åland Islands", "Albania", "Zambia"]
    with translation.override("zh-hans"):
        shares = [stats.Share(name, name, 1) for name in ("中国", "美国", "德国", "英国")]
        assert [s.name for s in stats.sort_by_name(shares)] == ["德国", "美国", "英国", "中国"]


@pytest.mark.usefixtures("directory")
def test_names_are_escaped(client: Client) -> None:
    factories.member(name="<script>alert(1)</script>", slug="odd", name_local='"><b>')
    for address in (URL, f"{URL}odd/", f"{URL}?q=<script>alert(1)</script>"):
        content = client.get(address).content
        assert b"<script>alert" not in content
        assert b"&lt;script&gt;alert(1)" in content
        assert b'"><b>' not in content


def test_only_safe_methods_are_allowed(client: Client) -> None:
    assert client.post(URL).status_code == 405
    assert client.head(URL).status_code == 200


def test_chinese_readers_find_chinese_members_by_pinyin_under_their_chinese_names(
    client: Client,
) -> None:
    for name, local, country in (
        ("Alder Works", "", "DE"),
        ("Zebra Toys", "安吉玩具有限公司", "CN"),
        ("Able Bags", "卓越箱包有限公司", "CN"),
        ("Midori", "緑株式会社", "JP"),
        ("Harbour", "海港食品", "HK"),
    ):
        factories.member(name=name, name_local=local, country=country)
    assert names(client) == ["Able Bags", "Alder Works", "Harbour", "Midori", "Zebra Toys"]
    client.cookies["portal_language"] = "zh-hans"
    assert names(client) == ["Zebra Toys", "Harbour", "Able Bags", "Alder Works", "Midori"]
    page = client.get(URL).content.decode()
    assert "安吉玩具有限公司" in page
    assert "Zebra Toys" not in page
    member = Member.objects.get(name="Zebra Toys")
    own = client.get(f"{URL}{member.slug}/").content.decode()
    assert "<h1>安吉玩具有限公司</h1>" in own
    assert "Zebra Toys" in own
    client.cookies["portal_language"] = "en"
    assert "<h1>Zebra Toys</h1>" in client.get(f"{URL}{member.slug}/").content.decode()
