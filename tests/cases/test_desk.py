"""The brand desk: home page, list of cases and case page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from alliance.lib import clock
from cases.figures import desk
from cases.models import Case
from cases.services import filing
from cases.states import Status
from members.models import Membership
from tests import factories
from tests.personas import NAMES, Personas, browser_of

pytestmark = pytest.mark.django_db

DESK, LIST = "/desk/", "/cases/"


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


def shown(client: Client, query: str = "") -> set[str]:
    response = client.get(f"{LIST}{query}")
    assert response.status_code == 200
    return {case.reference for case in response.context["page"].rows}


@pytest.fixture
def client(personas: Personas) -> Client:
    return personas.client("filer")


@pytest.fixture
def mine(personas: Personas) -> dict[str, Any]:
    return {"by": personas.filer, "citing": personas.right}


@pytest.fixture
def no_session_tracking(settings: Any) -> None:
    """Disable session tracking, which adds queries to every page."""
    settings.USERSESSIONS_TRACK_ACTIVITY = False


# --- Access ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_only_brand_staff_have_access(personas: Personas, name: str) -> None:
    staff = name in ("stranger", "viewer", "filer", "owner")
    expected = 302 if name == "anonymous" else 200 if staff else 403
    client = personas.client(name)
    assert [client.get(url).status_code for url in (DESK, LIST)] == [expected] * 2


@pytest.mark.parametrize("status", Status.values)
def test_access_to_a_case(personas: Personas, status: str) -> None:
    case = factories.CASE_IN[status](by=personas.filer, citing=personas.right)
    if status in ("upheld", "removed", "closed", "counter_noticed"):
        factories.referred_case(personas.agency, case=case)
    url = case.get_absolute_url()
    answers = {name: personas.client(name).get(url) for name in NAMES if name != "anonymous"}
    staff = dict.fromkeys(("viewer", "filer", "owner"), 200)
    reviewers = ("moderator", "second_moderator", "admin") if status != "draft" else ()
    expected = dict.fromkeys(answers, 404) | staff | dict.fromkeys(reviewers, 302)
    assert {name: answer.status_code for name, answer in answers.items()} == expected
    page = reverse("triage:case", args=[case.reference])
    assert {answers[name]["Location"] for name in reviewers} <= {page}


def test_expired_role_has_no_access(personas: Personas, mine: dict[str, Any]) -> None:
    case = factories.submitted_case(**mine)
    Membership.objects.filter(user=personas.filer).update(
        valid_until=clock.today() - timedelta(days=1)
    )
    client = personas.client("filer")
    assert client.get(DESK).status_code == 403
    assert client.get(case.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("reference", ["nonsense", "AP-0000-0000", "%00", "AP-%E2%80%AE00-0000"])
def test_invalid_reference_is_not_found(client: Client, reference: str) -> None:
    for page in ("", "complaint/", "check/", "submitted/", "answer/"):
        assert client.get(f"/cases/{reference}/{page}").status_code == 404


def test_reference_is_case_insensitive(client: Client, mine: dict[str, Any]) -> None:
    case = factories.submitted_case(**mine)
    assert client.get(case.get_absolute_url().lower()).status_code == 200


# --- The desk --------------------------------------------------------------------------------


def test_new_member_sees_how_to_start(personas: Personas) -> None:
    page = words(personas.client("filer").get(DESK))
    assert "No cases yet" in page
    assert reverse("desk:new") in page
    assert reverse("desk:new") not in words(personas.client("viewer").get(DESK))


def test_desk_shows_open_tasks_and_decisions(
    personas: Personas, client: Client, mine: dict[str, Any]
) -> None:
    requested = factories.information_requested_case(**mine)
    draft = factories.draft_case(**mine)
    rejected = factories.rejected_case(**mine)
    waiting = factories.submitted_case(**mine)
    context = client.get(DESK).context
    assert [case.pk for case in context["awaiting_member"]] == [requested.pk, draft.pk]
    assert [case.pk for case in context["decided"]] == [rejected.pk]
    assert context["in_review"] == 1
    assert dict(context["states"]) == {
        Status.DRAFT: 1,
        Status.SUBMITTED: 1,
        Status.INFORMATION_REQUESTED: 1,
        Status.REJECTED: 1,
    }
    assert waiting.reference in {entry.case.reference for entry in context["activity"]}
    assert "Continue" not in words(personas.client("viewer").get(DESK))


def test_internal_steps_are_not_shown(personas: Personas, mine: dict[str, Any]) -> None:
    case = factories.removed_case(**mine, moderator=personas.moderator)
    page = words(personas.client("filer").get(case.get_absolute_url()))
    assert "Complaint upheld" in page
    assert "Strike added" not in page
    assert personas.moderator.name not in page


def test_acceptance_rate_counts_final_decisions(personas: Personas, mine: dict[str, Any]) -> None:
    for build in (
        factories.upheld_case,
        factories.closed_case,
        factories.counter_noticed_case,
        factories.rejected_case,
        factories.reinstated_case,
        factories.withdrawn_case,
        factories.submitted_case,
        factories.draft_case,
    ):
        build(**mine)
    with clock.at(clock.now() - timedelta(days=400)):
        factories.rejected_case(**mine)
    figures = desk.desk_figures([personas.member])
    assert (figures.accepted, figures.decided, figures.rate) == (3, 5, 60.0)
    assert "60%" in words(personas.client("filer").get(DESK))


def test_acceptance_rate_needs_a_decision(personas: Personas, mine: dict[str, Any]) -> None:
    factories.submitted_case(**mine)
    assert desk.desk_figures([personas.member]).rate is None


# --- The list --------------------------------------------------------------------------------


def test_filters(personas: Personas, client: Client, mine: dict[str, Any]) -> None:
    other = factories.right(factories.brand(personas.member, name="ASH"))
    shop = factories.seller(name="时尚旗舰店", external_id="820011")
    first = factories.submitted_case(**mine, against=shop)
    second = factories.rejected_case(by=personas.filer, citing=other, violation="trademark")
    draft = factories.draft_case(**mine)
    theirs = factories.submitted_case(of=factories.brand(name="Not Ours"))
    assert "Not Ours" not in words(client.get(LIST))
    assert shown(client, f"?brand={theirs.brand_id}&q={theirs.reference}") == set()
    assert shown(client) == {first.reference, second.reference, draft.reference}
    assert shown(client, "?status=rejected") == {second.reference}
    assert shown(client, "?status=ours") == {draft.reference}
    assert shown(client, "?status=review") == {first.reference}
    assert shown(client, f"?brand={other.brand_id}") == {second.reference}
    assert shown(client, "?violation=trademark") == {second.reference}
    assert shown(client, "?q=旗舰") == {first.reference}
    assert shown(client, "?q=82001") == {first.reference}
    bare = first.reference.replace("-", "").lower()
    for typed in (first.reference, bare, bare[2:], first.reference[:8]):
        assert first.reference in shown(client, f"?q={typed}")
    assert "No matching cases" in words(client.get(f"{LIST}?q=nothing"))


@pytest.mark.parametrize(
    "query",
    [
        "?status=nonsense&brand=x&violation=1",
        "?brand=999999999999999999999",
        "?q=%00",
        f"?q={'x' * 500}",
        "?cursor=nonsense",
        "?cursor=WyJuIiwgIngiLCAieSJd",
        "?cursor=WyJuIiwgWzFdLCB7fV0",
    ],
)
def test_invalid_parameters_are_ignored(client: Client, mine: dict[str, Any], query: str) -> None:
    factories.submitted_case(**mine)
    assert client.get(f"{LIST}{query}").status_code == 200


def test_discarded_drafts_are_hidden(personas: Personas, client: Client, mine: Any) -> None:
    draft = factories.draft_case(**mine)
    filing.withdraw(case=draft, by=personas.filer)
    assert shown(client) == set()
    assert client.get(draft.get_absolute_url()).status_code == 404
    assert desk.desk_figures([personas.member]).by_status == {}


def test_pagination(client: Client, mine: dict[str, Any], monkeypatch: Any) -> None:
    made = [factories.draft_case(**mine, files=0, listings=1).reference for _ in range(27)]
    first = client.get(LIST).context["page"]
    second = client.get(f"{LIST}?cursor={first.next}").context["page"]
    both = [case.reference for case in (*first.rows, *second.rows)]
    assert (len(first.rows), len(second.rows)) == (25, 2)
    assert both == made[::-1]


def test_agent_of_several_members_sees_the_member_column(personas: Personas) -> None:
    agent = factories.agent(personas.member, personas.other_member, name="Ana Agent")
    factories.submitted_case(citing=personas.right, by=agent)
    page = words(browser_of(agent).get(LIST))
    assert '<th scope="col">Member</th>' in page
    assert '<th scope="col">Member</th>' not in words(personas.client("filer").get(LIST))


# --- One case --------------------------------------------------------------------------------


def test_information_request_is_shown_with_its_form(
    personas: Personas, client: Client, mine: dict[str, Any]
) -> None:
    case = factories.information_requested_case(**mine)
    page = words(client.get(case.get_absolute_url()))
    assert "Waiting for you" in page
    assert "A photo of the inner label, please." in page
    assert reverse("desk:answer", args=[case.reference]) in page
    seen = words(personas.client("viewer").get(case.get_absolute_url()))
    assert "A photo of the inner label, please." in seen
    assert reverse("desk:answer", args=[case.reference]) not in seen


def test_rejection_shows_reason_and_advice(client: Client, mine: dict[str, Any]) -> None:
    case = factories.rejected_case(**mine)
    decision = case.decisions.get()
    assert decision.reason
    page = words(client.get(case.get_absolute_url()))
    assert decision.reason.label in page
    assert decision.reason.how_to_fix in page
    assert f"{reverse('desk:new')}?like={case.reference}" in page
    chinese = words(client.get(case.get_absolute_url(), headers={"Accept-Language": "zh-hans"}))
    assert decision.reason.how_to_fix_zh in chinese


def test_decision_shows_its_statement_of_reasons(client: Client, mine: dict[str, Any]) -> None:
    case = factories.upheld_case(**mine)
    page = words(client.get(case.get_absolute_url()))
    for part in ("Illegal content", "The test purchase shows a forged label.", "by a person"):
        assert part in page


def test_long_list_of_listings_is_shortened(client: Client, mine: dict[str, Any]) -> None:
    case = factories.submitted_case(**mine, listings=60)
    short = client.get(case.get_absolute_url())
    assert len(short.context["listings"]) == 50
    assert "Show all 60 listings" in words(short)
    assert len(client.get(f"{case.get_absolute_url()}?listings=all").context["listings"]) == 60


@pytest.mark.parametrize(
    ("status", "shown_to_filer"),
    [("submitted", True), ("in_review", True), ("information_requested", True), ("upheld", False)],
)
def test_withdrawal_is_offered_until_the_decision(
    personas: Personas, mine: dict[str, Any], status: str, shown_to_filer: bool
) -> None:
    case = factories.CASE_IN[status](**mine)
    url = reverse("desk:withdraw", args=[case.reference])
    assert (url in words(personas.client("filer").get(case.get_absolute_url()))) is shown_to_filer
    assert url not in words(personas.client("viewer").get(case.get_absolute_url()))


def test_overdue_case_is_marked(client: Client, mine: dict[str, Any]) -> None:
    with clock.at(clock.now() - timedelta(days=3)):
        case = factories.submitted_case(**mine)
    assert "and is overdue" in words(client.get(case.get_absolute_url()))
    assert "Expect a decision" in words(
        client.get(factories.submitted_case(**mine).get_absolute_url())
    )


# --- Queries ---------------------------------------------------------------------------------


def queries(client: Client, url: str) -> int:
    from django.db import connection

    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_constant_number_of_queries(
    personas: Personas, client: Client, mine: dict[str, Any], no_session_tracking: None
) -> None:
    def add(count: int) -> Case:
        for _ in range(count):
            for status in ("draft", "submitted", "information_requested", "rejected", "upheld"):
                factories.CASE_IN[status](**mine, listings=3)
        return factories.upheld_case(**mine, listings=count, files=count)

    small = add(1)
    few = [queries(client, url) for url in (DESK, LIST, small.get_absolute_url())]
    large = add(6)
    many = [queries(client, url) for url in (DESK, LIST, large.get_absolute_url())]
    assert few == many
    assert max(few) <= 9


def test_the_list_is_counted_and_can_begin_with_the_oldest(personas: Personas) -> None:
    cases = [factories.submitted_case(by=personas.filer, citing=personas.right) for _ in range(27)]
    client = personas.client("filer")
    page = client.get(LIST)
    assert "Cases found: 27" in page.content.decode()
    assert next(iter(page.context["page"].rows)) == cases[-1]
    page = client.get(LIST, {"order": "oldest"})
    assert next(iter(page.context["page"].rows)) == cases[0]
    assert not page.context["filtered"]
    page = client.get(LIST, {"order": "oldest", "cursor": page.context["page"].next})
    assert page.context["page"].rows == cases[25:]
    assert client.get(LIST, {"order": "sideways"}).status_code == 200


def test_people_who_only_read_are_told_that_colleagues_have_to_act(personas: Personas) -> None:
    factories.draft_case(by=personas.filer, citing=personas.right)
    heading = "Waiting for colleagues who file cases"
    assert heading in personas.client("viewer").get(DESK).content.decode()
    assert heading not in personas.client("filer").get(DESK).content.decode()
