"""The roster of members: figures, list, files and their cost."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from alliance.lib import clock
from cases.figures import roster
from cases.models import Case
from members.models import Authorisation, Member, Membership, User
from tests import factories
from tests.personas import browser_of

pytestmark = pytest.mark.django_db
URL = "/triage/members/"
CSV = "/triage/members/roster.csv"
VIEWS = ("countries", "industries", "years", "members", "rights", "agents")


@pytest.fixture
def triage(db: None) -> Client:
    return browser_of(factories.moderator())


@pytest.fixture
def alliance() -> dict[str, Member]:
    """Members of every status: one filed, one logged in, one did both long ago, one never did."""
    industry = factories.industry(slug="test-toys", name="Test toys")
    this_year, day = clock.today().year, date(2024, 5, 1)
    made = {
        "filed": factories.member(name="Filed", country="FR", joined_on=date(2020, 2, 1)),
        "login": factories.member(name="Login", country="FR", joined_on=date(2021, 2, 1)),
        "quiet": factories.member(name="Quiet", country="DE", joined_on=date(this_year, 1, 1)),
        "never": factories.member(name="Never", country="CN", joined_on=date(2021, 3, 1)),
        "suspended": factories.member(
            name="Suspended", country="FR", status="suspended", suspended_on=day
        ),
        "left": factories.member(name="Left", country="CN", status="left", left_on=day),
        "applied": factories.member(name="Applied", country="IS", status="applied", joined_on=None),
    }
    for name in ("filed", "login", "left", "applied"):
        made[name].industries.add(industry)
    factories.submitted_case(of=factories.brand(made["filed"]))
    old = factories.submitted_case(of=factories.brand(made["quiet"]))
    long_ago = clock.now() - timedelta(days=91)
    Case.objects.filter(pk=old.pk).update(submitted_at=long_ago)
    factories.draft_case(of=factories.brand(made["never"]))
    User.objects.update(last_login=None)
    logged_in = factories.viewer(made["login"])
    User.objects.filter(pk=logged_in.pk).update(last_login=clock.now())
    User.objects.filter(memberships__member=made["quiet"]).update(last_login=long_ago)
    return made


def rows(client: Client, **params: str) -> list[dict[str, str]]:
    response = client.get(CSV, params)
    assert response.status_code == 200
    text = response.getvalue().decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.usefixtures("alliance")
class TestFigures:
    def test_summary(self) -> None:
        found = roster.summary()
        assert (found.active, found.suspended, found.left) == (4, 1, 1)
        assert (found.filed, found.logged_in, found.inactive) == (1, 1, 2)
        assert (found.joined_this_year, found.left_this_year) == (1, 0)

    def test_by_country(self) -> None:
        found = {group.key: group for group in roster.by_country()}
        assert list(found) == ["FR", "CN", "DE"]
        france = found["FR"]
        assert (france.active, france.suspended, france.left) == (2, 1, 0)
        assert (france.filed, france.logged_in) == (1, 1)
        assert (found["CN"].active, found["CN"].left) == (1, 1)

    def test_by_industry(self) -> None:
        (group,) = roster.by_industry()
        assert (group.name, group.active, group.left) == ("Test toys", 2, 1)

    def test_years_add_up(self) -> None:
        found = {year.year: year for year in roster.by_year()}
        assert list(found) == list(range(clock.today().year, 2019, -1))
        # One that is suspended now and one that left later joined in 2020, as the factory has it.
        assert (found[2020].joined, found[2020].at_end) == (3, 3)
        assert (found[2021].joined, found[2021].at_end) == (2, 5)
        assert (found[2024].left, found[2024].at_end) == (1, 4)
        assert found[clock.today().year].at_end == 5

    def test_empty_alliance(self) -> None:
        Member.objects.update(status="applied")
        assert roster.by_country() == []
        assert [year.at_end for year in roster.by_year()] == [0]


class TestPage:
    @pytest.mark.usefixtures("alliance")
    @pytest.mark.parametrize("view", VIEWS)
    def test_every_view_has_a_table_and_a_file(self, triage: Client, view: str) -> None:
        response = triage.get(URL, {"show": view})
        assert response.status_code == 200
        page = response.content.decode()
        assert f"/triage/members/roster.csv?show={view}" in page
        assert ('data-chart="chart-roster"' in page) == (
            view not in ("members", "rights", "agents")
        )
        assert triage.get(CSV, {"show": view}).status_code == 200

    def test_applicants_are_not_in_the_roster(
        self, triage: Client, alliance: dict[str, Member]
    ) -> None:
        for view in VIEWS:
            assert (
                b"Iceland" not in triage.get(URL, {"show": view}).content.partition(b"<tbody>")[2]
            )
        assert "Applied" not in {row["Member"] for row in rows(triage, show="members")}

    @pytest.mark.usefixtures("alliance")
    @pytest.mark.parametrize(
        ("params", "found"),
        [
            ({}, ["Filed", "Left", "Login", "Never", "Quiet", "Suspended"]),
            ({"status": "active", "activity": "filed"}, ["Filed"]),
            ({"status": "active", "activity": "login"}, ["Login"]),
            ({"status": "active", "activity": "none"}, ["Never", "Quiet"]),
            ({"country": "FR"}, ["Filed", "Login", "Suspended"]),
            ({"industry": "test-toys", "status": "left"}, ["Left"]),
        ],
    )
    def test_list_and_file_have_the_same_filters(
        self, triage: Client, params: dict[str, str], found: list[str]
    ) -> None:
        page = triage.get(URL, {"show": "members"} | params).context["page"]
        assert [member.name for member in page.rows] == found
        assert [row["Member"] for row in rows(triage, show="members", **params)] == found

    @pytest.mark.usefixtures("alliance")
    @pytest.mark.parametrize(
        "params",
        [
            {"status": "applied"},
            {"country": "XX"},
            {"industry": "a\0"},
            {"activity": "x"},
            {"cursor": "%%"},
        ],
    )
    def test_invalid_filter_is_an_error_of_its_field(
        self, triage: Client, params: dict[str, str]
    ) -> None:
        response = triage.get(URL, {"show": "members"} | params)
        assert len(response.context["page"].rows) == 6
        assert bool(response.context["filter"].form.errors) == ("cursor" not in params)

    def test_unknown_view_is_the_first(self, triage: Client) -> None:
        assert triage.get(URL, {"show": "nonsense\0"}).context["view"] == "countries"

    def test_agents_whose_roles_end_within_90_days(self, triage: Client) -> None:
        today = clock.today()
        for name, days in (("Soon", 89), ("Today", 0), ("Later", 91), ("Ended", -1)):
            person = factories.agent(factories.member(), name=name)
            person.authorisations.update(
                valid_from=today - timedelta(days=9), valid_until=today + timedelta(days=days)
            )
        page = triage.get(URL, {"show": "agents"}).context["page"]
        assert [one.agent.name for one in page.rows] == ["Today", "Soon"]
        assert [row["Agent"] for row in rows(triage, show="agents")] == ["Today", "Soon"]

    def test_rights_that_expire_within_90_days(self, triage: Client) -> None:
        today, brand = clock.today(), factories.brand()
        for title, days in (("Soon", 90), ("=Today", 0), ("Later", 91), ("Expired", -1)):
            factories.right(brand, title=title, expires_on=today + timedelta(days=days))
        factories.right(brand, expires_on=None)
        factories.right(brand, expires_on=today, verified_at=None, verified_by=None)
        former = factories.right(expires_on=today)
        Member.objects.filter(pk=former.member_id).update(status="left", left_on=today)
        page = triage.get(URL, {"show": "rights"})
        assert [right.title for right in page.context["page"].rows] == ["=Today", "Soon"]
        assert [tab["count"] for tab in page.context["tabs"] if tab["active"]] == ["2"]
        assert [row["Right"] for row in rows(triage, show="rights")] == ["'=Today", "Soon"]

    def test_former_staff_do_not_make_a_member_active(self, triage: Client) -> None:
        member = factories.member()
        person = factories.filer(member)
        User.objects.filter(pk=person.pk).update(last_login=timezone.now())
        assert roster.summary().logged_in == 1
        Membership.objects.update(valid_until=clock.today() - timedelta(days=1))
        assert roster.summary().logged_in == 0

    def test_cells_are_not_formulas(self, triage: Client) -> None:
        factories.member(name="=1+1", name_local="@SUM(1)")
        (row,) = rows(triage, show="members")
        assert (row["Member"], row["Name in its own script"]) == ("'=1+1", "'@SUM(1)")
        assert row["Last case filed"] == row["Last login"] == ""

    @pytest.mark.parametrize("view", VIEWS)
    @pytest.mark.parametrize("size", [3, 60])
    def test_constant_number_of_queries(
        self, triage: Client, django_assert_max_num_queries: Any, view: str, size: int
    ) -> None:
        industry = factories.industry()
        soon = clock.today() + timedelta(days=9)
        for number in range(size):
            member = factories.member(country=("CN", "FR", "DE")[number % 3])
            member.industries.add(industry)
            if view == "rights":
                factories.right(factories.brand(member), expires_on=soon)
            agent = User.objects.create(email=f"p{number}@agents.example", name="P")
            Membership.objects.create(user=agent, member=member, role="filer", is_agent=True)
            Authorisation.objects.create(
                agent=agent, member=member, valid_from=soon - timedelta(days=90), valid_until=soon
            )
        with django_assert_max_num_queries(8):
            triage.get(URL, {"show": view})
        with django_assert_max_num_queries(6):
            rows(triage, show=view)


def test_only_moderators_and_admins_see_the_roster() -> None:
    member = factories.member()
    for person in (factories.owner(member), factories.officer()):
        for path in (URL, CSV):
            assert browser_of(person).get(path).status_code == 403
    for person in (factories.moderator(), factories.admin()):
        assert browser_of(person).get(URL).status_code == 200


@pytest.mark.usefixtures("alliance")
def test_latest_cases_are_looked_up_in_an_index() -> None:
    """No plan reads all cases: each member's latest case is the first entry of its part of the index."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    plan = roster.with_activity(roster.admitted()).explain()
    assert "case_member_filed" in plan
    assert "Seq Scan on cases_case" not in plan
