"""The front page, the published figures and their CSV file."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from cases.figures import impact, published
from cases.liaison.models import ImpactSnapshot, Operation
from cases.services import operations
from tests import factories

pytestmark = pytest.mark.django_db

YEAR = {"operations": 1, "premises_closed": 100, "arrests": 120, "items_seized": 9000}
FIGURES = {
    "operations": 3,
    "premises_closed": 247,
    "arrests": 312,
    "items_seized": 21000,
    "value_cny": "987654321.50",
    "cases_upheld": 40,
    "listings_removed": 512,
    "by_year": [
        {"year": 2017, "value_cny": "500000000.00", **YEAR},
        {
            "year": 2018,
            "operations": 2,
            "premises_closed": 147,
            "arrests": 192,
            "items_seized": 12000,
            "value_cny": "487654321.50",
        },
    ],
}


def snapshot(**fields: Any) -> ImpactSnapshot:
    values = {
        "period_from": date(2017, 1, 16),
        "period_to": date(2018, 6, 30),
        "figures": FIGURES,
        "sha256": "ab" * 32,
        "published_by": factories.moderator(),
        "published_at": datetime(2018, 7, 1, 9, 30, tzinfo=UTC),
    }
    return ImpactSnapshot.objects.create(**values | fields)


def rows(client: Client) -> list[dict[str, str]]:
    response = client.get("/impact.csv")
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.content.decode("ascii"))))


class TestHome:
    def test_shows_published_figures_and_the_active_directory(self, client: Client) -> None:
        snapshot()
        for country in ("CN", "CN", "FR"):
            factories.member(country=country).industries.add(factories.industry())
        factories.member(country="SE", status="applied", joined_on=None)
        response = client.get("/")
        page = response.content.decode().replace("\N{NO-BREAK SPACE}", " ")
        assert "247" in page
        assert "312" in page
        assert "CNY 987 million" in page
        assert "CNY 987,654,321.50" in page
        assert response.context["members"] == 3
        shares = response.context["countries"]
        assert [(share.key, share.members) for share in shares] == [("CN", 2), ("FR", 1)]
        # On the map for wide and for narrow windows, and in the list.
        assert page.count('href="/members/?country=CN"') == 3
        assert "SE" not in {point.code for point in response.context["points"]}

    def test_industries_are_ordered_by_position(self, client: Client) -> None:
        for position, name in ((902, "Aardvarks"), (901, "Zebras")):
            factories.member().industries.add(factories.industry(name=name, position=position))
        shares = client.get("/").context["industries"]
        assert [(share.name, share.members) for share in shares] == [
            ("Zebras", 1),
            ("Aardvarks", 1),
        ]

    def test_chinese_readers_see_wan_and_yi(self, client: Client) -> None:
        snapshot()
        client.cookies["portal_language"] = "zh-hans"
        assert "9.87亿" in client.get("/").content.decode()

    def test_works_without_figures_and_members(self, client: Client) -> None:
        page = client.get("/").content.decode()
        assert "How figures are counted" not in page
        assert "United against counterfeits" in page

    def test_links_to_login_or_to_the_desk(self, client: Client) -> None:
        assert b"Open the portal" not in client.get("/").content
        client.force_login(factories.filer(factories.member()))
        page = client.get("/").content
        assert b"Open the portal" in page
        assert b"For members, moderators and officers" not in page

    @pytest.mark.parametrize("size", [2, 40])
    def test_few_queries(
        self, client: Client, django_assert_max_num_queries: Any, size: int
    ) -> None:
        snapshot()
        for _ in range(size):
            factories.member().industries.add(factories.industry())
        with django_assert_max_num_queries(3):
            client.get("/")


class TestImpact:
    def test_figures_have_definitions_and_years_add_up(self, client: Client) -> None:
        snapshot()
        response = client.get("/impact/")
        page = response.content.decode()
        for figure in published.figures(ImpactSnapshot.objects.get()):
            assert f'id="{figure.name}"' in page
            assert len(figure.definition) > 40
        for text in ("16 Jan 2017", "30 Jun 2018", "1 Jul 2018", "Version 1", "ab" * 32):
            assert text in page
        for number, name in enumerate(published.BY_YEAR):
            total = response.context["yearly"][number]
            assert total.name == name
            assert total.value == sum(y.figures[number].value for y in response.context["years"])
        assert '<th scope="row" data-label="Year">2017</th>' in page

    def test_chart_matches_the_table(self) -> None:
        charts = published.charts(snapshot())
        assert charts["counts"]["labels"] == ["2017", "2018"]
        assert [s["values"] for s in charts["counts"]["series"]] == [[100, 147], [120, 192]]
        assert charts["value"]["series"][0]["values"] == [500.0, 487.65]

    def test_only_the_latest_snapshot_is_shown(self, client: Client) -> None:
        snapshot(
            figures=FIGURES | {"premises_closed": 9}, published_at=datetime(2018, 1, 1, tzinfo=UTC)
        )
        snapshot()
        operations.verify(
            operation=factories.reported_operation(premises_closed=3), by=factories.moderator()
        )
        assert client.get("/impact/").context["headlines"][0].value == 247

    def test_without_a_snapshot(self, client: Client) -> None:
        assert b"No figures published yet" in client.get("/impact/").content

    def test_two_queries(self, client: Client, django_assert_max_num_queries: Any) -> None:
        for _ in range(2):
            factories.verified_operation()
        with django_assert_max_num_queries(2):
            client.get("/impact/")

    def test_figures_of_a_verified_operation(self, client: Client) -> None:
        operation = factories.verified_operation(premises_closed=3, value_cny=Decimal("1234.50"))
        value = {f.name: f.value for f in client.get("/impact/").context["headlines"]}
        assert value["premises_closed"] == 3
        assert value["value_cny"] == Decimal("1234.50")
        assert operation.reference in client.get("/impact/").content.decode()


class TestFile:
    def test_rows_of_years_and_total(self, client: Client) -> None:
        snapshot()
        response = client.get("/impact.csv")
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        disposition = 'attachment; filename="alliance-impact-2018-06-30.csv"'
        assert response["Content-Disposition"] == disposition
        years, total = rows(client)[:-1], rows(client)[-1]
        assert [row["year"] for row in years] == ["2017", "2018"]
        assert total["year"] == "total"
        for name in published.BY_YEAR:
            assert sum(Decimal(row[name]) for row in years) == Decimal(total[name]), name
        assert total["value_cny"] == "987654321.50"
        assert (total["cases_upheld"], years[0]["cases_upheld"]) == ("40", "")
        assert total["sha256"] == "ab" * 32

    def test_is_the_same_in_every_language(self, client: Client) -> None:
        snapshot()
        english = client.get("/impact.csv").content
        client.cookies["portal_language"] = "zh-hans"
        assert client.get("/impact.csv").content == english

    def test_cells_are_not_formulas(self, client: Client) -> None:
        snapshot()
        for row in rows(client):
            assert not [
                cell for cell in row.values() if cell[:1] in ("=", "+", "-", "@", "\t", "\r")
            ]

    def test_text_in_place_of_a_figure_is_refused(self) -> None:
        odd = snapshot(figures=FIGURES | {"arrests": "=1+1"})
        with pytest.raises(ArithmeticError):
            published.as_csv(odd)

    def test_without_a_snapshot(self, client: Client) -> None:
        assert rows(client) == []
        assert "alliance-impact.csv" in client.get("/impact.csv")["Content-Disposition"]

    def test_conditional_requests(self, client: Client) -> None:
        snapshot()
        first = client.get("/impact.csv")
        assert first["Cache-Control"] == "no-cache"
        again = client.get("/impact.csv", headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        snapshot(published_at=datetime(2018, 8, 1, tzinfo=UTC))
        changed = client.get("/impact.csv", headers={"If-None-Match": first["ETag"]})
        assert changed.status_code == 200


@pytest.mark.parametrize(
    ("value", "headline"),
    [
        ("987654321.50", "987000000"),
        ("999999999.99", "999000000"),
        ("1234.50", "1230"),
        ("12.34", "12.3"),
        ("0", "0"),
    ],
)
def test_headlines_are_rounded_down(value: str, headline: str) -> None:
    figure = published.figures(
        ImpactSnapshot(definition_version=1, figures=FIGURES | {"value_cny": value})
    )[published.BY_YEAR.index("value_cny")]
    assert figure.headline == Decimal(headline)


@pytest.mark.parametrize("address", ["/", "/impact/", "/impact.csv", "/robots.txt", "/favicon.ico"])
def test_only_safe_methods_are_allowed(client: Client, address: str) -> None:
    assert client.post(address).status_code == 405


def test_robots_txt_and_favicon(client: Client) -> None:
    assert b"Disallow: /\n" in client.get("/robots.txt").content
    assert client.get("/favicon.ico")["Location"].endswith(".svg")


def test_every_definition_version_is_complete() -> None:
    assert impact.DEFINITION_VERSION in published.DEFINITIONS
    for words in published.DEFINITIONS.values():
        assert set(words) == {*published.BY_YEAR, *published.IN_TOTAL}
    assert Operation._meta.get_field("value_cny")
