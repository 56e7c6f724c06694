"""The monthly report of a brand."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from alliance.lib import clock
from cases.figures import brand_month
from cases.figures.brand_month import Counts, Figures, Month
from cases.models import Case, Decision, ReasonCode
from cases.services import decisions, filing
from members.models import User
from tests import factories
from tests.personas import Personas, browser_of

pytestmark = pytest.mark.django_db

SHANGHAI = ZoneInfo("Asia/Shanghai")
OCTOBER = Month(datetime(2026, 10, 1, tzinfo=UTC).date(), SHANGHAI)
# The first and the last moment of October in Shanghai.
FIRST = datetime(2026, 9, 30, 16, tzinfo=UTC)
LAST = datetime(2026, 10, 31, 15, 59, tzinfo=UTC)


class Story:
    """Files and decides cases at given times."""

    def __init__(self, personas: Personas) -> None:
        self.personas = personas
        self.filed: dict[str, Any] = {"by": personas.filer, "citing": personas.right, "listings": 3}

    def submitted(self, at: datetime, **draft: Any) -> Case:
        with clock.at(at):
            return factories.submitted_case(**self.filed | draft)

    def rejected(self, at: datetime, code: str, *, hours: int = 1, **draft: Any) -> Case:
        case = self.submitted(at - timedelta(hours=hours), **draft)
        with clock.at(at):
            case = factories.claimed_case(case=case, moderator=self.personas.moderator)
            return decisions.reject(
                case=case,
                by=self.personas.moderator,
                reason=ReasonCode.objects.get(code=code),
                facts="As shown.",
                expected_version=case.version,
            )

    def removed(self, at: datetime, *, hours: int = 1, **draft: Any) -> Case:
        case = self.submitted(at - timedelta(hours=hours), **draft)
        by = self.personas.moderator
        with clock.at(at):
            case = factories.claimed_case(case=case, moderator=by)
            keys = list(case.listings.order_by("position").values_list("pk", flat=True))
            case = decisions.uphold(
                case=case,
                by=by,
                reason=ReasonCode.objects.get(code="counterfeit-evident"),
                ground=Decision.Ground.ILLEGAL_CONTENT,
                facts="As shown.",
                expected_version=case.version,
                outcomes={pk: "leave_up" if pk == keys[0] else "remove" for pk in keys},
                left_up_reason=ReasonCode.objects.get(code="genuine-goods"),
            )
            return decisions.record_removal(case=case, by=by)


@pytest.fixture
def story(personas: Personas) -> Story:
    return Story(personas)


def report(personas: Personas, month: Month = OCTOBER) -> Figures:
    return brand_month.figures(personas.brand, month)


def numbers(counts: Counts) -> tuple[int, ...]:
    return (counts.filed, counts.upheld, counts.rejected, counts.reinstated, counts.removed)


def test_the_month_begins_and_ends_in_the_readers_time_zone(
    story: Story, personas: Personas
) -> None:
    moment, hour = timedelta(minutes=1), timedelta(hours=1)
    for at in (FIRST - moment, FIRST, LAST, LAST + moment):
        story.submitted(at)
    story.rejected(FIRST - moment, "no-answer")
    story.rejected(FIRST + hour, "no-answer", hours=3)
    story.rejected(LAST + moment, "no-answer")
    found = report(personas)
    # The last one was filed in October and decided in November.
    assert numbers(found.total) == (3, 0, 1, 0, 0)
    utc = report(personas, Month(OCTOBER.first, ZoneInfo("UTC")))
    assert numbers(utc.total) == (3, 0, 1, 0, 0)
    assert utc.median == timedelta(hours=1)
    assert found.median == timedelta(hours=3)
    december = Month(datetime(2025, 12, 1, tzinfo=UTC).date(), SHANGHAI)
    assert (december.last.isoformat(), december.next.key) == ("2025-12-31", "2026-01")


def test_outcomes_reasons_and_marketplaces_add_up(story: Story, personas: Personas) -> None:
    day = FIRST + timedelta(days=9)
    other = factories.seller()
    story.rejected(day, "no-answer", hours=2)
    story.rejected(day, "no-answer", hours=10, against=other)
    story.rejected(day, "genuine-goods", hours=4)
    story.removed(day, hours=30, against=other)
    with clock.at(day):
        reinstated = factories.reinstated_case(**story.filed)
    withdrawn = story.submitted(day)
    filing.withdraw(case=withdrawn, by=personas.filer)
    story.submitted(day, citing=factories.right(factories.brand(personas.member)))
    found = report(personas)
    assert numbers(found.total) == (6, 1, 3, 1, 2)
    assert found.total.decided == 5
    assert found.median == timedelta(hours=4)
    assert [(one.reason.code, one.number) for one in found.refusals] == [
        ("no-answer", 2),
        ("genuine-goods", 1),
    ]
    assert found.refusals[0].reason.fix == ReasonCode.objects.get(code="no-answer").fix
    rows = found.by_marketplace
    assert [sum(column) for column in zip(*map(numbers, rows), strict=True)] == [6, 1, 3, 1, 2]
    assert reinstated.seller
    assert {one.slug for one in rows} >= {
        other.marketplace.slug,
        reinstated.seller.marketplace.slug,
    }


def test_recurrence_counts_sellers_reported_again_within_30_days(
    story: Story, personas: Personas
) -> None:
    day, month = FIRST + timedelta(days=20), timedelta(days=30)
    again, late, before, kept, gone, calm = (factories.seller() for _ in range(6))
    for shop in (again, again, late, before, gone, calm):
        story.removed(day, against=shop)
    story.rejected(day, "no-answer", against=kept)
    story.submitted(day + month, against=again)
    story.submitted(day + month + timedelta(seconds=1), against=late)
    story.submitted(day - timedelta(days=2), against=before)
    story.submitted(day + timedelta(days=2), against=kept)
    filing.withdraw(case=story.submitted(day + timedelta(days=2), against=gone), by=personas.filer)
    # Another brand's case is none of this brand's.
    other = factories.right(factories.brand(personas.member))
    story.submitted(day + timedelta(days=2), against=calm, citing=other)
    found = report(personas)
    assert (found.sellers, found.sellers_again, found.recurrence) == (5, 1, 20.0)
    with clock.at(datetime(2026, 11, 30, 15, 59, tzinfo=UTC)):
        assert not found.is_recurrence_final
    with clock.at(datetime(2026, 11, 30, 16, tzinfo=UTC)):
        assert found.is_recurrence_final


# --- The page ----------------------------------------------------------------------------------


@pytest.fixture
def client(personas: Personas) -> Client:
    User.objects.filter(pk=personas.viewer.pk).update(time_zone="Asia/Shanghai")
    return browser_of(User.objects.get(pk=personas.viewer.pk))


def test_each_figure_leads_to_its_cases(story: Story, personas: Personas, client: Client) -> None:
    day = FIRST + timedelta(days=9)
    story.rejected(FIRST, "no-answer")
    story.rejected(day, "genuine-goods")
    story.removed(day)
    story.removed(LAST)
    page = client.get(f"{reverse('desk:report')}?month=2026-10&brand={personas.brand.pk}")
    found, links = page.context["figures"], page.context["links"]
    counts = {
        name: getattr(found.total, name) for name in ("filed", "decided", "upheld", "rejected")
    }
    assert counts == {"filed": 3, "decided": 4, "upheld": 2, "rejected": 2}
    text = page.content.decode()
    for name, number in counts.items():
        assert links[name].replace("&", "&amp;") in text
        assert len(client.get(links[name]).context["page"].rows) == number
    for one in found.refusals:
        rows = client.get(f"{links['rejected']}&reason={one.reason.code}").context["page"].rows
        assert len(rows) == one.number
    for one in found.by_marketplace:
        rows = client.get(f"{links['decided']}&marketplace={one.slug}").context["page"].rows
        assert len(rows) == one.decided
    assert "in your time zone, Asia/Shanghai" in text
    assert ReasonCode.objects.get(code="no-answer").how_to_fix in text


def test_the_file_has_the_figures_of_the_page(
    story: Story, personas: Personas, client: Client
) -> None:
    story.rejected(FIRST, "no-answer", hours=5)
    answer = client.get(f"{reverse('desk:report_csv')}?month=2026-10&brand={personas.brand.pk}")
    content = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.reader(io.StringIO(content, newline="")))
    assert ["Month", "", "", "", "2026-10 (Asia/Shanghai)"] in rows
    assert ["Rejected", "", "", "", "1"] in rows
    assert ["Median hours to a decision", "", "", "", "5.0"] in rows
    reason = ReasonCode.objects.get(code="no-answer")
    assert ["Rejected", "", reason.label, reason.how_to_fix, "1"] in rows


def test_the_last_full_month_is_shown_first_and_an_empty_one_says_so(
    personas: Personas, client: Client
) -> None:
    with clock.at(datetime(2026, 11, 30, 20, tzinfo=UTC)):  # December in Shanghai
        page = client.get(reverse("desk:report"))
        assert page.context["month"].key == "2026-11"
        assert len(page.context["form"].months) == 36
    assert "No case of this brand was filed or decided in this month." in page.content.decode()
    for wrong in (
        "?month=2026-13&brand=x",
        "?month=1900-01&brand=999999999999999999999",
        "?month=%00",
    ):
        assert client.get(reverse("desk:report") + wrong).context["brand"] == personas.brand
    factories.brand(personas.member, name="AARDVARK")
    factories.submitted_case(by=personas.filer, citing=personas.right)
    assert client.get(reverse("desk:report")).context["brand"] == personas.brand
    foreign = factories.brand(personas.other_member)
    page = client.get(f"{reverse('desk:report')}?brand={foreign.pk}")
    assert page.context["brand"] == personas.brand
    stranger = personas.client("stranger")
    assert [
        one.member for one in stranger.get(reverse("desk:report")).context["form"].brands.values()
    ] == [personas.other_member]
    foreign.delete()
    assert "No brands yet" in stranger.get(reverse("desk:report")).content.decode()
    assert stranger.get(reverse("desk:report_csv")).status_code == 404


def test_queries_do_not_grow_with_the_cases(
    story: Story, personas: Personas, client: Client, settings: Any
) -> None:
    settings.USERSESSIONS_TRACK_ACTIVITY = False
    counted = []
    for more in (1, 3):
        for _ in range(more):
            story.rejected(FIRST, "no-answer")
            story.rejected(FIRST, "genuine-goods")
            story.removed(FIRST, against=factories.seller())
        with timezone.override(SHANGHAI), CaptureQueriesContext(connection) as captured:
            assert client.get(f"{reverse('desk:report')}?month=2026-10").status_code == 200
        counted.append(len(captured))
    assert counted[0] == counted[1] <= 8
