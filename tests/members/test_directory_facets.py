"""The directory's years, sort orders, file and behaviour with many members."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from members.models import Brand, DirectoryEntry, Industry, Member
from tests import factories

pytestmark = pytest.mark.django_db
URL = "/members/"
CSV = "/members/directory.csv"
HIDDEN: tuple[dict[str, Any], ...] = (
    {"status": "applied", "joined_on": None},
    {"status": "suspended", "suspended_on": date(2024, 5, 1)},
    {"status": "left", "left_on": date(2024, 5, 1)},
)


@pytest.fixture
def directory() -> dict[str, Member]:
    """Members of three countries and years. Both French members are in the industry “test-food”."""
    food = factories.industry(slug="test-food", name="Test food", name_zh="试验食品")
    made = {
        "alder": factories.member(name="Alder", country="DE", joined_on=date(2019, 3, 1)),
        "dawn": factories.member(
            name="Dawn", name_local="晨曦服装", country="CN", joined_on=date(2021, 7, 1)
        ),
        "emile": factories.member(name="Émile", country="FR", joined_on=date(2021, 2, 1)),
        "fils": factories.member(name="Fils", country="FR", joined_on=date(2023, 2, 1)),
    }
    made["emile"].industries.add(food)
    made["fils"].industries.add(food)
    return made


def names(client: Client, **params: str) -> list[str]:
    return [member.name for member in client.get(URL, params).context["page"].rows]


def options(client: Client, field: str, **params: str) -> dict[str, str]:
    form = client.get(URL, params).context["filter"].form
    return {key: label for key, label in form.fields[field].choices if key}


def lines(client: Client, **params: str) -> list[dict[str, str]]:
    response = client.get(CSV, params)
    assert response.status_code == 200
    text = response.getvalue().decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.usefixtures("directory")
def test_years_count_what_would_remain(client: Client) -> None:
    assert options(client, "joined") == {"2023": "2023 (1)", "2021": "2021 (2)", "2019": "2019 (1)"}
    assert options(client, "joined", country="FR") == {"2023": "2023 (1)", "2021": "2021 (1)"}
    assert options(client, "country", joined="2021") == {"CN": "China (1)", "FR": "France (1)"}
    assert options(client, "industry", joined="2021") == {"test-food": "Test food (1)"}
    assert names(client, joined="2021") == ["Dawn", "Émile"]
    assert names(client, joined="2021", country="FR", industry="test-food") == ["Émile"]


@pytest.mark.usefixtures("directory")
def test_total_counts_all_filters(client: Client) -> None:
    for params in ({"joined": "2021"}, {"joined": "2021", "country": "FR"}, {"joined": "2020"}):
        found = client.get(URL, params).context["filter"]
        assert found.total == found.qs.count(), params


@pytest.mark.usefixtures("directory")
def test_year_without_members_and_invalid_year(client: Client) -> None:
    empty = client.get(URL, {"joined": "2020"})
    assert b"2020 (0)" in empty.content
    assert b"No members match all of these filters" in empty.content
    invalid = client.get(URL, {"joined": "20x6"})
    assert b'id="id_joined_error"' in invalid.content
    assert len(invalid.context["page"].rows) == 4


@pytest.mark.usefixtures("directory")
def test_sorted_by_name_date_and_country(client: Client) -> None:
    assert names(client) == ["Alder", "Dawn", "Émile", "Fils"]
    assert names(client, sort="newest") == ["Fils", "Dawn", "Émile", "Alder"]
    assert names(client, sort="country") == ["Dawn", "Émile", "Fils", "Alder"]
    client.cookies["portal_language"] = "zh-hans"  # 中国, 德国, 法国
    assert names(client, sort="country") == ["Dawn", "Alder", "Émile", "Fils"]


@pytest.mark.parametrize("sort", ["", "newest", "country"])
def test_pages_have_no_gaps_in_any_order(client: Client, sort: str) -> None:
    for number in range(65):
        factories.member(
            name=f"Twin {number // 3:02}",
            country=("CN", "FR", "DE")[number % 3],
            joined_on=date(2020, 1, 1) + timedelta(days=number // 4),
        )
    seen: list[int] = []
    params = {"sort": sort}
    while True:
        page = client.get(URL, params).context["page"]
        seen += [member.pk for member in page.rows]
        if page.next is None:
            break
        params["cursor"] = page.next
    assert len(seen) == len(set(seen)) == 65
    # A cursor of another order gives the first page.
    other = {"sort": "" if sort else "newest", "cursor": params["cursor"]}
    assert len(client.get(URL, other).context["page"].rows) == 30


@pytest.mark.usefixtures("directory")
def test_every_state_is_in_the_url(client: Client) -> None:
    page = client.get(URL, {"joined": "2021", "sort": "newest", "q": "a"}).content.decode()
    assert '<option value="2021" selected>' in page
    assert '<option value="newest" selected>' in page
    assert 'href="/members/directory.csv?joined=2021&amp;sort=newest&amp;q=a"' in page
    assert 'href="?joined=2021&amp;sort=newest&amp;q=a&amp;view=map"' in page
    assert "?sort=newest&amp;q=a" in page  # without the year


def test_long_search_is_refused_and_kept(client: Client) -> None:
    long = "长" * 300
    page = client.get(URL, {"q": long})
    assert b'id="id_q_error"' in page.content
    assert long in page.content.decode()
    part = client.get(URL, {"q": long}, headers={"HX-Request": "true"}).content.decode()
    assert "This filter has an invalid value and is ignored: Name or brand" in part


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Łódź Works", "łodz"),
        ("ДОМ МОДЫ", "дом"),
        ("ΑΛΦΑΣ", "αλφας"),
        ("ＦＵＬＬ Width", "full width"),
        ("Ｆ５０", "f50"),
        ("가람누리", "가람"),
        ("שלום", "שלום"),
        ("ガラス", "ｶﾞﾗｽ"),
    ],
)
def test_search_ignores_case_accents_and_width_in_every_script(
    client: Client, name: str, words: str
) -> None:
    member = factories.member(name="Other", name_local=name)
    brand = factories.brand(factories.member(name="Owner"), name=name)
    assert names(client, q=words) == ["Other", "Owner"]
    Brand.objects.filter(pk=brand.pk).update(is_public=False)
    assert names(client, q=words) == [member.name]


class TestFile:
    def test_has_what_is_filtered_in_the_order_of_the_page(
        self, client: Client, directory: dict[str, Member], settings: Any
    ) -> None:
        factories.brand(directory["dawn"], name="DAWN", name_local="晨曦")
        factories.brand(directory["dawn"], name="SECRET", is_public=False)
        Member.objects.filter(pk=directory["dawn"].pk).update(website="https://dawn.example/")
        assert [row["Member"] for row in lines(client, sort="newest")] == [
            "Fils",
            "Dawn",
            "Émile",
            "Alder",
        ]
        (row,) = lines(client, country="CN")
        assert row == {
            "Member": "Dawn",
            "Name in its own script": "晨曦服装",
            "Country code": "CN",
            "Country or region": "China",
            "Industries": "",
            "Brands": "DAWN 晨曦",
            "Member since": "2021-07-01",
            "Website": "https://dawn.example/",
            "Directory page": f"{settings.SITE_URL}/members/{directory['dawn'].slug}/",
        }

    def test_is_in_the_readers_language_for_excel(
        self, client: Client, directory: dict[str, Member]
    ) -> None:
        client.cookies["portal_language"] = "zh-hans"
        response = client.get(CSV, {"country": "FR", "joined": "2023"})
        content = response.getvalue()  # type: ignore[attr-defined]
        assert content.startswith(b"\xef\xbb\xbf")
        assert "试验食品" in content.decode()
        assert "法国" in content.decode()
        assert response["Content-Type"] == "text/csv; charset=utf-8"

    def test_cells_are_not_formulas(self, client: Client) -> None:
        member = factories.member(name='=HYPERLINK("https://evil.example")', name_local="@SUM(1)")
        factories.brand(member, name="+1+1")
        (row,) = lines(client)
        assert row["Member"].startswith("'=")
        assert row["Name in its own script"] == "'@SUM(1)"
        assert row["Brands"] == "'+1+1"

    def test_hidden_website_is_left_out(self, client: Client) -> None:
        member = factories.member(website="https://hidden.example/")
        DirectoryEntry.objects.create(
            member=member, shows_website=False, published_by=factories.owner(member)
        )
        assert [row["Website"] for row in lines(client)] == [""]

    def test_invalid_filters_are_ignored(self, client: Client) -> None:
        factories.member()
        assert len(lines(client, country="XX", joined="\0", q="x" * 300, cursor="%%%")) == 1


@pytest.mark.parametrize("fields", HIDDEN, ids=lambda fields: fields["status"])
def test_members_that_are_not_active_are_nowhere(client: Client, fields: dict[str, Any]) -> None:
    """Neither in lists, facets, map and file, nor on the front page, nor at their address."""
    industry = factories.industry(slug="gone-only", name="Gone only")
    gone = factories.member(slug="gone", name="Gone Works", country="IS", **fields)
    gone.industries.add(industry)
    factories.brand(gone, name="GONEBRAND")
    DirectoryEntry.objects.create(member=gone, published_by=factories.owner(gone))
    factories.member(country="CN", joined_on=date(2015, 1, 1))
    for path in (URL, f"{URL}?view=map", f"{URL}?q=gone", f"{URL}?q=gonebrand", "/", CSV):
        response = client.get(path)
        content = b"".join(response) if response.streaming else response.content
        for text in (b"Gone Works", b"GONEBRAND", b"Iceland", b"Gone only", b"/gone/", b"2020 ("):
            assert text not in content, (path, text)
    assert client.get(f"{URL}gone/").status_code == 404
    client.force_login(factories.moderator())
    assert client.get(f"{URL}gone/").status_code == 404


@pytest.fixture
def many() -> None:
    """2,000 active members of 20 countries and 12 industries, each with a brand."""
    codes = [
        "CN",
        "HK",
        "MO",
        "TW",
        "SG",
        "JP",
        "KR",
        "DE",
        "FR",
        "IT",
        "GB",
        "CH",
        "SE",
        "US",
        "CA",
        "ES",
        "NL",
        "BE",
        "DK",
        "AE",
    ]
    members = Member.objects.bulk_create(
        Member(
            slug=f"many-{n}",
            name=f"Many {n:04}",
            name_local=f"众多{n}",
            country=codes[n % len(codes)],
            status="active",
            joined_on=date(2017, 1, 16) + timedelta(days=n),
        )
        for n in range(2000)
    )
    industries = list(Industry.objects.all())
    through = Member.industries.through
    through._default_manager.bulk_create(
        [
            through(member_id=m.pk, industry_id=industries[n % len(industries)].pk)
            for n, m in enumerate(members)
        ]
    )
    Brand.objects.bulk_create(Brand(member=m, name=f"BRAND {n}") for n, m in enumerate(members))


@pytest.mark.usefixtures("many")
def test_two_thousand_members_take_few_queries(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    for path in (
        URL,
        f"{URL}?sort=newest",
        f"{URL}?sort=country&q=many",
        f"{URL}?view=map&joined=2018",
        f"{URL}?q=%E4%BC%97%E5%A4%9A",
        f"{URL}many-7/",
        "/",
    ):
        with django_assert_max_num_queries(8):
            assert client.get(path).status_code == 200
    with django_assert_max_num_queries(16):  # two more for each 500 members of the file
        assert len(lines(client)) == 2000
