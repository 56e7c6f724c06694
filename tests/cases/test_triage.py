"""The triage list and the case page, for moderators and administrators."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from alliance.lib import clock, counts
from cases.lists.triage import list_query
from cases.models import Case, Evidence
from cases.services import evidence, filing, triage
from cases.views.triage import case_list as views
from tests import factories
from tests.personas import NAMES, Personas, browser_of

pytestmark = pytest.mark.django_db

LIST = "/triage/"


def page(case: Case) -> str:
    return reverse("triage:case", args=[case.reference])


def shown(client: Client, query: str = "") -> list[str]:
    """Return the references of the rows in order."""
    rows = client.get(f"{LIST}{query}").context["page"].rows
    return [case.reference for case in rows]


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def desk() -> Client:
    return browser_of(factories.moderator(name="Mo Moderator"))


@pytest.fixture
def no_session_tracking(settings: Any) -> None:
    """Disable session tracking, which adds queries to every page."""
    settings.USERSESSIONS_TRACK_ACTIVITY = False


# --- Access ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_only_moderators_and_admins_have_access(personas: Personas, name: str) -> None:
    case = factories.submitted_case(citing=personas.right, by=personas.filer)
    expected = 200 if name in ("moderator", "second_moderator", "admin") else 403
    expected = 302 if name == "anonymous" else expected
    client = personas.client(name)
    assert [client.get(address).status_code for address in (LIST, page(case))] == [expected] * 2


def test_admins_have_read_only_access(personas: Personas) -> None:
    case = factories.upheld_case()
    html = words(personas.client("admin").get(page(case)))
    assert "View only: moderators decide." in html
    assert 'action="/triage/' not in html


def test_drafts_and_unknown_cases_are_not_found(desk: Client) -> None:
    draft = factories.draft_case()
    assert desk.get(page(draft)).status_code == 404
    assert desk.get("/triage/AP-0000-0000/").status_code == 404
    assert shown(desk, "?view=all") == []


# --- The views -------------------------------------------------------------------------------


def test_queue_is_ordered_by_deadline(desk: Client) -> None:
    late, early, urgent = (factories.submitted_case() for _ in range(3))
    now = clock.now()
    for case, hours, priority in ((late, 9, 2), (early, -1, 2), (urgent, 3, 4)):
        Case.objects.filter(pk=case.pk).update(
            due_at=now + timedelta(hours=hours), priority=priority
        )
    assert shown(desk) == [early.reference, urgent.reference, late.reference]
    html = words(desk.get(LIST))
    assert "Overdue by 1 hour" in html
    assert "Due in" in html


def test_claimed_case_returns_to_the_queue_when_the_claim_expires(desk: Client) -> None:
    claimed = factories.claimed_case()
    assert shown(desk) == []
    Case.objects.filter(pk=claimed.pk).update(lease_until=clock.now() - timedelta(seconds=1))
    assert shown(desk) == [claimed.reference]
    assert "claim expired" in words(desk.get(LIST))


def test_views() -> None:
    mo = factories.moderator()
    desk = browser_of(mo)
    mine = factories.claimed_case(moderator=mo)
    objected = factories.counter_noticed_case()
    upheld = factories.upheld_case()
    rejected = factories.rejected_case()
    waiting = factories.submitted_case()
    assert shown(desk, "?view=mine") == [mine.reference]
    assert shown(desk, "?view=counter-noticed") == [objected.reference]
    assert shown(desk, "?view=upheld") == [upheld.reference]
    decided = [rejected.reference, upheld.reference, objected.reference]
    assert shown(desk, "?view=decided") == decided
    assert shown(desk, "?view=all")[0] == waiting.reference
    assert len(shown(desk, "?view=all")) == 5
    assert shown(desk, "?view=nonsense") == [waiting.reference]


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("", "No cases are waiting"),
        ("?view=mine", "You have not claimed any cases"),
        ("?view=upheld", "No cases in this view"),
        ("?q=zzz", "No matching cases"),
    ],
)
def test_empty_views(desk: Client, query: str, title: str) -> None:
    assert title in words(desk.get(LIST + query))


def test_filters(desk: Client) -> None:
    one = factories.submitted_case(against=factories.seller(name="Золотая лавка"))
    two = factories.submitted_case(violation="trademark")
    marketplace = two.seller.marketplace_id  # type: ignore[union-attr]
    assert shown(desk, "?violation=trademark") == [two.reference]
    assert shown(desk, f"?member={one.member_id}") == [one.reference]
    assert shown(desk, f"?marketplace={marketplace}") == [two.reference]
    assert shown(desk, "?priority=4") == []
    assert shown(desk, f"?q={one.reference[:7].lower()}") == [one.reference]
    assert shown(desk, "?q=золот") == [one.reference]
    assert shown(desk, f"?q={two.seller.external_id.upper()}") == [two.reference]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "query",
    [
        "?member=x",
        "?member=999999999999999999999",
        "?violation=<b>",
        "?cursor=%%%",
        "?q=%00",
        "?q=",
    ],
)
def test_invalid_filters_are_ignored(desk: Client, query: str) -> None:
    case = factories.submitted_case()
    response = desk.get(LIST + query)
    assert response.status_code == 200
    if "q=%00" not in query:
        assert case.reference in words(response)


def test_pagination_keeps_filters_and_return_url(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "paginate", partial(views.paginate, size=2))
    cases = [factories.submitted_case(violation="trademark") for _ in range(3)]
    first = desk.get(LIST + "?violation=trademark")
    cursor = first.context["page"].next
    assert f"?violation=trademark&amp;cursor={cursor}" in words(first)
    assert "?back=violation%3Dtrademark" in words(first)
    second = desk.get(f"{LIST}?violation=trademark&cursor={cursor}")
    assert [case.reference for case in second.context["page"].rows] == [cases[2].reference]
    assert second.context["page"].previous


def test_return_url_is_restricted_to_the_list() -> None:
    assert list_query("view=mine&violation=patent&next=//evil.example&member=3") == (
        "view=mine&violation=patent&member=3"
    )
    assert list_query("https://evil.example/") == ""


def test_list_uses_a_constant_number_of_queries(
    desk: Client,
    no_session_tracking: None,
    django_assert_max_num_queries: Any,
    django_assert_num_queries: Any,
) -> None:
    factories.submitted_case()
    with django_assert_max_num_queries(14) as few:
        desk.get(LIST)
    for _ in range(4):
        factories.claimed_case(case=factories.submitted_case(listings=5))
        factories.submitted_case(listings=5)
    with django_assert_num_queries(len(few)):
        assert len(shown(desk, "?view=all")) == 9


def test_counts_are_capped(monkeypatch: pytest.MonkeyPatch) -> None:
    assert counts.words(1000) == "1,000"
    assert counts.words(1001) == "1,000+"
    monkeypatch.setattr(counts, "CAP", 2)
    mo = factories.moderator()
    for _ in range(4):
        factories.submitted_case()
    tabs = browser_of(mo).get(LIST).context["tabs"]
    assert tabs[0]["count"] == "2+"


# --- The page of a case ----------------------------------------------------------------------


def test_page_shows_complaint_listings_and_evidence(desk: Client) -> None:
    case = factories.submitted_case(explanation="The <b>label</b> is misspelt.")
    html = words(desk.get(page(case)))
    assert "The &lt;b&gt;label&lt;/b&gt; is misspelt." in html
    assert case.right.number in html
    for listing in case.listings.all():
        assert listing.url in html
    file = case.evidence.get()
    assert reverse("desk:evidence_file", args=[file.pk]) in html
    assert file.sha256[:12] in html


def test_page_shows_the_seller_history(desk: Client) -> None:
    seller = factories.seller(name="Sunny Outlet")
    twin = factories.seller(name="Sunny Outlet 2")
    for shop in (seller, twin):
        factories.identifier(shop, kind="phone", value="+8655501000001")
    earlier = factories.upheld_case(against=seller)
    case = factories.submitted_case(against=seller)
    response = desk.get(page(case))
    html, related = words(response), response.context["related"]
    assert earlier.reference in html
    assert (related.points, related.upheld) == (12, 1)
    assert [brand for brand, _count in related.brands] == [earlier.brand]
    assert "Sunny Outlet 2" in html
    assert "Telephone: <code>+8655501000001</code>" in html


def test_page_shows_cases_with_the_same_file_or_listing(desk: Client) -> None:
    seller = factories.seller()
    urls = factories.listing_urls(seller.marketplace, 1)
    other = factories.draft_case(against=seller, urls=urls, files=0)
    case = factories.draft_case(against=seller, urls=urls, files=0)
    for draft in (other, case):
        evidence.add(
            case=draft,
            by=draft.created_by,
            upload=factories.png(seed=7),
            kind=Evidence.Kind.SCREENSHOT,
        )
    for draft in (other, case):
        filing.submit(case=draft, by=draft.created_by, good_faith=True)
    related = desk.get(page(case)).context["related"]
    assert [item.case for item in related.evidence] == [other]
    assert [item.case for item in related.listings] == [other]


def test_timeline_shows_the_audience_of_each_event(desk: Client) -> None:
    referral = factories.referred_case()
    triage.comment(case=referral.case, by=factories.moderator(), note="Look at the address.")
    items = desk.get(page(referral.case)).context["timeline"]
    readers = {item["event"].kind: item["readers"] for item in items}
    assert readers["commented"] == readers["strike_issued"] == "Moderators only"
    assert readers["upheld"] == "Visible to Member, Law enforcement"
    assert readers["referral_offered"] == f"Visible to {referral.agency.name}"


def test_page_shows_who_claimed_the_case() -> None:
    mo, min_ = factories.moderator(name="Mo"), factories.moderator(name="Min")
    case = factories.claimed_case(moderator=mo)
    assert "You have claimed this case until" in words(browser_of(mo).get(page(case)))
    other = words(browser_of(min_).get(page(case)))
    assert "Claimed by Mo until" in other
    assert 'formaction="' not in other
    assert reverse("triage:claim", args=[case.reference]) not in other
    Case.objects.filter(pk=case.pk).update(lease_until=clock.now() - timedelta(minutes=1))
    other = words(browser_of(min_).get(page(case)))
    assert "The case can be claimed again" in other
    assert reverse("triage:claim", args=[case.reference]) in other


def test_nearest_agencies_come_first(desk: Client) -> None:
    far = factories.agency(name="Far Police", country="FR")
    near = factories.agency(name="Near Police", country="CN")
    factories.agency(name="Regulator", country="CN", violations=["advertising"])
    form = desk.get(page(factories.upheld_case())).context["forms"]["refer"]
    groups = form.fields["agency"].choices[1:]
    assert [group for group, _agencies in groups] == [
        "China: place of infringement",
        "Elsewhere",
    ]
    assert [agencies[0][0] for _group, agencies in groups] == [str(near.pk), str(far.pk)]


def test_page_uses_a_constant_number_of_queries(
    no_session_tracking: None, django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    mo = factories.moderator()
    desk = browser_of(mo)
    seller = factories.seller()
    factories.identifier(seller, value="a@shops.example")
    small = factories.claimed_case(moderator=mo, listings=1, against=seller)
    with django_assert_max_num_queries(16) as few:
        desk.get(page(small))
    for _ in range(3):
        factories.identifier(factories.seller(), value="a@shops.example")
        factories.upheld_case(against=seller)
    large = factories.claimed_case(moderator=mo, listings=60, files=5, against=seller)
    for number in range(5):
        triage.comment(case=large, by=mo, note=f"Note {number}")
    with django_assert_num_queries(len(few)):
        desk.get(page(large))
