"""The triage list and the page of a case, as moderators and admins see them."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from alliance.lib import clock, counts
from cases.lists.triage import place
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
    """Return the references of the rows, in their order."""
    rows = client.get(f"{LIST}{query}").context["page"].rows
    return [case.reference for case in rows]


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def desk() -> Client:
    return browser_of(factories.moderator(name="Mo Moderator"))


@pytest.fixture
def no_tracking(settings: Any) -> None:
    """Without allauth's note of each session's last request, which is not the page's doing."""
    settings.USERSESSIONS_TRACK_ACTIVITY = False


# --- Who sees it -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_moderators_and_admins_read_and_nobody_else(personas: Personas, name: str) -> None:
    case = factories.submitted_case(citing=personas.right, by=personas.filer)
    expected = 200 if name in ("moderator", "second_moderator", "admin") else 403
    expected = 302 if name == "anonymous" else expected
    client = personas.client(name)
    assert [client.get(address).status_code for address in (LIST, page(case))] == [expected] * 2


def test_an_admin_sees_everything_and_can_press_nothing(personas: Personas) -> None:
    case = factories.upheld_case()
    html = words(personas.client("admin").get(page(case)))
    assert "You read along: only moderators decide." in html
    assert 'action="/triage/' not in html


def test_a_draft_and_a_case_that_is_none_are_not_there(desk: Client) -> None:
    draft = factories.draft_case()
    assert desk.get(page(draft)).status_code == 404
    assert desk.get("/triage/AP-0000-0000/").status_code == 404
    assert shown(desk, "?view=all") == []


# --- The views -------------------------------------------------------------------------------


def test_waiting_comes_by_due_time_and_so_what_is_overdue_first(desk: Client) -> None:
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


def test_what_a_colleague_holds_waits_only_when_the_hold_ran_out(desk: Client) -> None:
    held = factories.claimed_case()
    assert shown(desk) == []
    Case.objects.filter(pk=held.pk).update(lease_until=clock.now() - timedelta(seconds=1))
    assert shown(desk) == [held.reference]
    assert "hold ran out" in words(desk.get(LIST))


def test_each_view_shows_its_cases() -> None:
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
        ("", "Nothing waits. Well done."),
        ("?view=mine", "You hold no case"),
        ("?view=upheld", "No case stands here now"),
        ("?q=zzz", "No case matches the filter"),
    ],
)
def test_an_empty_view_says_so(desk: Client, query: str, title: str) -> None:
    assert title in words(desk.get(LIST + query))


def test_filters_narrow_a_view(desk: Client) -> None:
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
def test_a_filter_that_makes_no_sense_is_no_error(desk: Client, query: str) -> None:
    case = factories.submitted_case()
    response = desk.get(LIST + query)
    assert response.status_code == 200
    if "q=%00" not in query:
        assert case.reference in words(response)


def test_pages_keep_the_filter_and_the_way_back(
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


def test_the_place_one_came_from_is_a_place_in_the_list_and_nothing_else() -> None:
    assert place("view=mine&violation=patent&next=//evil.example&member=3") == (
        "view=mine&violation=patent&member=3"
    )
    assert place("https://evil.example/") == ""


def test_the_list_costs_the_same_however_long_it_is(
    desk: Client,
    no_tracking: None,
    django_assert_max_num_queries: Any,
    django_assert_num_queries: Any,
) -> None:
    factories.submitted_case()
    with django_assert_max_num_queries(8) as few:
        desk.get(LIST)
    for _ in range(4):
        factories.claimed_case(case=factories.submitted_case(listings=5))
        factories.submitted_case(listings=5)
    with django_assert_num_queries(len(few)):
        assert len(shown(desk, "?view=all")) == 9


def test_counts_stop_at_a_thousand(monkeypatch: pytest.MonkeyPatch) -> None:
    assert counts.words(1000) == "1,000"
    assert counts.words(1001) == "1,000+"
    monkeypatch.setattr(counts, "CAP", 2)
    mo = factories.moderator()
    for _ in range(4):
        factories.submitted_case()
    tabs = browser_of(mo).get(LIST).context["tabs"]
    assert tabs[0]["count"] == "2+"


# --- The page of a case ----------------------------------------------------------------------


def test_the_page_shows_what_the_decision_rests_on(desk: Client) -> None:
    case = factories.submitted_case(explanation="The <b>label</b> is misspelt.")
    html = words(desk.get(page(case)))
    assert "The &lt;b&gt;label&lt;/b&gt; is misspelt." in html
    assert case.right.number in html
    for listing in case.listings.all():
        assert listing.url in html
    file = case.evidence.get()
    assert reverse("desk:evidence_file", args=[file.pk]) in html
    assert file.sha256[:12] in html


def test_the_page_shows_what_is_known_of_the_seller(desk: Client) -> None:
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


def test_the_page_tells_of_the_same_file_and_listing_elsewhere(desk: Client) -> None:
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


def test_the_timeline_says_who_can_read_each_step(desk: Client) -> None:
    referral = factories.referred_case()
    triage.comment(case=referral.case, by=factories.moderator(), note="Look at the address.")
    items = desk.get(page(referral.case)).context["timeline"]
    readers = {item["event"].kind: item["readers"] for item in items}
    assert readers["commented"] == readers["strike_issued"] == "Moderators only"
    assert readers["upheld"] == "Seen by Member, Law enforcement"
    assert readers["referral_offered"] == f"Seen by {referral.agency.name}"


def test_the_page_says_who_holds_the_case_and_until_when() -> None:
    mo, min_ = factories.moderator(name="Mo"), factories.moderator(name="Min")
    case = factories.claimed_case(moderator=mo)
    assert "You hold this case until" in words(browser_of(mo).get(page(case)))
    other = words(browser_of(min_).get(page(case)))
    assert "Mo holds this case until" in other
    assert 'formaction="' not in other
    assert reverse("triage:claim", args=[case.reference]) not in other
    Case.objects.filter(pk=case.pk).update(lease_until=clock.now() - timedelta(minutes=1))
    other = words(browser_of(min_).get(page(case)))
    assert "it is free again" in other
    assert reverse("triage:claim", args=[case.reference]) in other


def test_agencies_come_with_the_nearest_first(desk: Client) -> None:
    far = factories.agency(name="Far Police", country="FR")
    near = factories.agency(name="Near Police", country="CN")
    factories.agency(name="Regulator", country="CN", violations=["advertising"])
    form = desk.get(page(factories.upheld_case())).context["forms"]["refer"]
    groups = form.fields["agency"].choices[1:]
    assert [group for group, _agencies in groups] == [
        "China: where the right is infringed",
        "Elsewhere",
    ]
    assert [agencies[0][0] for _group, agencies in groups] == [str(near.pk), str(far.pk)]


def test_the_page_costs_the_same_however_much_hangs_on_the_case(
    no_tracking: None, django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    mo = factories.moderator()
    desk = browser_of(mo)
    seller = factories.seller()
    factories.identifier(seller, value="a@shops.example")
    small = factories.claimed_case(moderator=mo, listings=1, against=seller)
    with django_assert_max_num_queries(9) as few:
        desk.get(page(small))
    for _ in range(3):
        factories.identifier(factories.seller(), value="a@shops.example")
        factories.upheld_case(against=seller)
    large = factories.claimed_case(moderator=mo, listings=60, files=5, against=seller)
    for number in range(5):
        triage.comment(case=large, by=mo, note=f"Note {number}")
    with django_assert_num_queries(len(few)):
        desk.get(page(large))
