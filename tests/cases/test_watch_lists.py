"""The public page of watch lists, its CSV file, and the lists beside the marketplace of a case."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.test import Client

from alliance.lib import clock
from cases.models import WatchList, WatchListEntry
from cases.services import catalogued_marketplaces
from tests import factories
from tests.admin.conftest import address
from tests.forms import form_data
from tests.personas import browser_of

pytestmark = pytest.mark.django_db
PAGE = "/marketplaces/"


@pytest.fixture
def entries() -> list[WatchListEntry]:
    bazaar = factories.marketplace(slug="bazaar", name="Bazaar", name_local="百货集")
    deals = factories.marketplace(slug="deals", name="Deals")
    review = WatchList.objects.create(name="Market Review", name_zh="市场评估报告")
    return [
        factories.watch_list_entry(bazaar, watch_list=review, year=2022, note="our own note"),
        factories.watch_list_entry(bazaar, watch_list=review, year=2024, change="removed"),
        factories.watch_list_entry(deals, watch_list=review, year=2023),
    ]


def test_page_shows_entries_by_marketplace_with_sources(
    client: Client, entries: list[WatchListEntry], django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(3):
        response = client.get(PAGE)
    rows = list(response.context["page_obj"])
    assert [(str(row.marketplace), row.year) for row in rows] == [
        ("Bazaar", 2024),
        ("Bazaar", 2022),
        ("Deals", 2023),
    ]
    html = response.content.decode()
    for words in ("Market Review", "Removed from the list", "https://lists.example/2024", "2022"):
        assert words in html
    assert "our own note" not in html
    client.cookies["portal_language"] = "zh-hans"
    assert "市场评估报告" in client.get(PAGE).content.decode()


def test_page_of_one_marketplace(
    client: Client, entries: list[WatchListEntry], django_assert_max_num_queries: Any
) -> None:
    assert f'href="{PAGE}bazaar/"' in client.get(PAGE).text
    with django_assert_max_num_queries(3):
        response = client.get(f"{PAGE}bazaar/")
    assert [row.year for row in response.context["page_obj"]] == [2024, 2022]
    for words in ("<h1>Bazaar</h1>", "百货集", "China", "https://lists.example/2024"):
        assert words in response.text
    assert "our own note" not in response.text
    client.cookies["portal_language"] = "zh-hans"
    assert "<title>百货集" in client.get(f"{PAGE}bazaar/").text


def test_a_page_reveals_no_marketplace_that_is_known_from_a_case(client: Client) -> None:
    """Only those of the catalogue and those on watch lists have a page."""
    catalogued_marketplaces.add_missing()
    case = factories.submitted_case(against=factories.seller(factories.marketplace(slug="corner")))
    assert client.get(f"{PAGE}corner/").status_code == 404
    assert client.get(f"{PAGE}nowhere/").status_code == 404
    page = client.get(f"{PAGE}taobao/")
    assert page.status_code == 200
    assert "No entries" in page.text
    filer = browser_of(case.created_by)
    assert f'href="{PAGE}corner/"' not in filer.get(case.get_absolute_url()).text
    assert case.seller
    factories.watch_list_entry(case.seller.marketplace)
    assert f'href="{PAGE}corner/"' in filer.get(case.get_absolute_url()).text
    assert client.get(f"{PAGE}corner/").status_code == 200


def test_empty_page(client: Client) -> None:
    html = client.get(PAGE).content.decode()
    assert "No watch list is recorded here yet." in html
    assert "Download CSV" not in html
    assert 'href="/marketplaces/"' in client.get("/").content.decode()


def test_csv_has_every_entry(client: Client, entries: list[WatchListEntry]) -> None:
    client.cookies["portal_language"] = "zh-hans"
    response = client.get("/marketplaces.csv")
    content = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    header, *rows = csv.reader(io.StringIO(content))
    assert len(header) == 7
    assert rows[0][:2] == ["Bazaar", "百货集"]
    assert rows[0][3:5] == ["市场评估报告", "2024"]
    assert [row[4] for row in rows] == ["2024", "2022", "2023"]


def test_moderators_see_the_lists_beside_the_marketplace() -> None:
    case = factories.submitted_case()
    desk = browser_of(factories.moderator())
    url = f"/triage/{case.reference}/"
    assert "on watch lists" not in desk.get(url).content.decode()
    assert case.seller
    review = WatchList.objects.create(name="Market Review")
    factories.watch_list_entry(case.seller.marketplace, watch_list=review, year=2023)
    html = desk.get(url).content.decode()
    assert "The marketplace on watch lists" in html
    assert html.count(f'href="{PAGE}{case.seller.marketplace.slug}/"') == 2


def test_year_that_has_not_begun_is_refused() -> None:
    desk = browser_of(factories.admin())
    entry = factories.watch_list_entry()
    change = address(WatchListEntry, "change", entry.pk)
    for year, saved in ((clock.today().year + 1, False), (1989, False), (2020, True)):
        page = desk.post(change, form_data(desk.get(change), "watchlistentry_form", year=str(year)))
        assert (page.status_code == 302) is saved
