"""The list of cases and of their listings as CSV and XLSX files."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from alliance.lib import clock
from cases.lists import exports
from cases.models import Case, Listing, ReasonCode
from cases.services import decisions
from members.models import User
from tests import factories
from tests.personas import Personas, browser_of

pytestmark = pytest.mark.django_db

FILED = datetime(2026, 10, 31, 18, 30, tzinfo=UTC)  # 1 November in Shanghai


@pytest.fixture
def client(personas: Personas) -> Client:
    User.objects.filter(pk=personas.viewer.pk).update(time_zone="Asia/Shanghai")
    return browser_of(User.objects.get(pk=personas.viewer.pk))


def read(client: Client, name: str, query: str = "") -> list[list[Any]]:
    """Return the rows of a file, the header first."""
    answer = client.get(reverse(f"desk:{name}") + query)
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    if name.endswith("csv"):
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    return CalamineWorkbook.from_object(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def rejected(personas: Personas, **draft: Any) -> Case:
    """Return a case that was rejected 90 minutes after :data:`FILED`."""
    with clock.at(FILED):
        case = factories.submitted_case(by=personas.filer, citing=personas.right, **draft)
    with clock.at(FILED + timedelta(minutes=90)):
        case = factories.claimed_case(case=case, moderator=personas.moderator)
        return decisions.reject(
            case=case,
            by=personas.moderator,
            reason=ReasonCode.objects.get(code="no-answer"),
            facts="As shown.",
            expected_version=case.version,
        )


def test_both_formats_have_the_same_cells(personas: Personas, client: Client) -> None:
    shop = factories.seller(name="=cmd|'/C calc'!A0")
    case = rejected(personas, against=shop)
    reason = case.decisions.get().reason
    header, row = read(client, "cases_csv")
    assert "Submitted on (Asia/Shanghai)" in header
    found = dict(zip(header, row, strict=True))
    assert found["Reference"] == case.reference
    assert found["Brand"] == "ALDER"
    assert found["Shop"] == f"'{shop.name}"
    assert found["Submitted on (Asia/Shanghai)"] == "2026-11-01 02:30"
    assert found["Hours to decision"] == "1.5"
    assert (found["Status"], found["Reason"]) == ("Rejected", str(reason))
    header, row = read(client, "cases_xlsx")
    typed = dict(zip(header, row, strict=True))
    assert typed["Shop"] == shop.name
    assert typed["Submitted on (Asia/Shanghai)"] == datetime(2026, 11, 1, 2, 30)
    assert typed["Hours to decision"] == 1.5


def test_listings_have_their_facts(personas: Personas, client: Client) -> None:
    case = factories.upheld_case(by=personas.filer, citing=personas.right, left_up=1)
    case.listings.filter(position=1).update(
        price="12500.50", currency="CNY", units_sold=7, seen_on=date(2026, 11, 3), variant="=1+1"
    )
    header, first, second = read(client, "listings_csv")
    found = dict(zip(header, first, strict=True))
    assert found["URL"] == case.listings.get(position=1).url
    assert (found["Price"], found["Currency"], found["Units sold"]) == ("12500.50", "CNY", "7")
    assert (found["Seen on"], found["Variant"]) == ("2026-11-03", "'=1+1")
    assert (found["Status"], second[header.index("Status")]) == ("Left up", "Removal requested")
    header, first, second = read(client, "listings_xlsx")
    typed = dict(zip(header, first, strict=True))
    assert (typed["Price"], typed["Seen on"], typed["Variant"]) == (
        12500.5,
        date(2026, 11, 3),
        "=1+1",
    )
    assert second[header.index("Price")] == ""


def test_a_file_has_the_rows_of_the_filters_in_the_readers_language(
    personas: Personas, client: Client
) -> None:
    case = rejected(personas)
    factories.submitted_case(by=personas.filer, citing=personas.right)
    factories.submitted_case(of=factories.brand(personas.other_member))
    code = case.decisions.get().reason.code  # type: ignore[union-attr]
    marketplace = case.seller.marketplace.slug  # type: ignore[union-attr]
    for query in (
        "?status=rejected",
        "?outcome=rejected",
        f"?reason={code}&marketplace={marketplace}",
        "?since=2026-11-01&until=2026-11-01",
        "?dated=decided&since=2026-11-01&until=2026-11-01",
    ):
        assert [row[0] for row in read(client, "cases_csv", query)[1:]] == [case.reference]
        assert {row[0] for row in read(client, "listings_csv", query)[1:]} == {case.reference}
    for query in (
        "?until=2026-10-31",
        "?since=2026-11-02&until=2026-11-02",
        "?reason=genuine-goods",
    ):
        assert read(client, "cases_csv", query)[1:] == []
    assert len(read(client, "cases_csv")) == 3
    User.objects.filter(pk=personas.viewer.pk).update(language="zh-hans")
    header, row = read(client, "cases_csv", "?status=rejected")
    assert "提交时间 (Asia/Shanghai)" in header
    assert "投诉不成立" in row


def test_a_wrong_filter_or_too_many_rows_lead_back_to_the_list(
    personas: Personas, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    rejected(personas)
    back = client.get(reverse("desk:cases_csv") + "?since=someday")
    assert back["Location"] == f"{reverse('desk:cases')}?since=someday"
    assert "Enter a valid date." in client.get(back["Location"]).content.decode()
    for day in ("0001-01-01", "9999-12-31"):
        assert client.get(f"/cases/?since={day}&until={day}").status_code == 200
    monkeypatch.setattr(exports, "CASES", replace(exports.CASES, most=0))
    monkeypatch.setattr(exports, "LISTINGS", replace(exports.LISTINGS, most=0))
    for name, text in (("cases_xlsx", "up to 0 cases"), ("listings_csv", "up to 0 listings")):
        answer = client.get(reverse(f"desk:{name}") + "?status=rejected")
        page = client.get(answer["Location"])
        assert page.context["filter"].form.cleaned_data["status"] == "rejected"
        assert text in page.content.decode()


def test_an_agent_gets_the_members_it_acts_for(personas: Personas) -> None:
    agent = factories.agent(personas.member, personas.other_member, name="Ana Agent")
    mine = factories.submitted_case(citing=personas.right, by=personas.filer)
    other = factories.submitted_case(of=factories.brand(personas.other_member))
    factories.submitted_case(of=factories.brand())
    assert {row[0] for row in read(browser_of(agent), "cases_csv")[1:]} == {
        mine.reference,
        other.reference,
    }
    narrow = read(browser_of(agent), "cases_csv", f"?member={personas.other_member.slug}")
    assert [row[:2] for row in narrow[1:]] == [[other.reference, "Birch & Sons"]]


def test_queries_do_not_grow_with_the_rows(
    personas: Personas, client: Client, settings: Any, django_assert_max_num_queries: Any
) -> None:
    settings.USERSESSIONS_TRACK_ACTIVITY = False
    for _ in range(3):
        factories.rejected_case(by=personas.filer, citing=personas.right, listings=3)
    assert Listing.objects.count() == 9
    for name in ("cases_csv", "cases_xlsx", "listings_csv", "listings_xlsx"):
        with django_assert_max_num_queries(8):
            assert len(read(client, name)) == (4 if name.startswith("cases") else 10)
