"""Referral rules propose agencies: conditions, reasons, and confirmation by a moderator."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from alliance.lib import clock
from alliance.lib.refusals import Conflict
from cases.liaison.models import Referral, ReferralRule, Update
from cases.models import Case, CaseEvent, Listing, ReasonCode, Seller, Strike
from cases.queries import proposals, reasons
from cases.queries.reasons import words
from cases.services import decisions, filing, triage
from cases.services import referral as referrals
from tests import factories
from tests.personas import browser_of

pytestmark = pytest.mark.django_db


def set_prices(case: Case, *rows: tuple[str, str, int | None]) -> None:
    """Set price, currency and units sold of the case's listings."""
    for listing, (price, currency, units) in zip(case.listings.all(), rows, strict=True):
        listing.price, listing.currency, listing.units_sold = Decimal(price), currency, units
        listing.save()


def shop_of(case: Case) -> Seller:
    assert case.seller is not None
    return case.seller


def proposed(case: Case) -> bool:
    return bool(proposals.propose(Case.objects.get(pk=case.pk)))


@pytest.fixture
def case() -> Case:
    return factories.upheld_case(listings=2)


# --- Conditions ----------------------------------------------------------------------------------


def test_rule_without_conditions(case: Case) -> None:
    made = factories.referral_rule()
    (found,) = proposals.propose(case)
    assert (found.agency, found.rule) == (made.agency, made)
    assert found.words == "Counterfeit goods in China — rule “Big sellers”"


@pytest.mark.parametrize(("violation", "met"), [("counterfeit", True), ("trademark", False)])
@pytest.mark.parametrize("asks", ["rule", "agency"])
def test_violation_condition(case: Case, violation: str, met: bool, asks: str) -> None:
    agency = factories.agency(violations=[violation] if asks == "agency" else [])
    factories.referral_rule(agency, violations=[violation] if asks == "rule" else [])
    assert proposed(case) == met


@pytest.mark.parametrize(
    ("places", "met"), [(["CN"], True), (["VN"], True), (["NL", "VN"], True), (["NL"], False)]
)
def test_place_matches_the_infringement_or_the_seller(places: list[str], met: bool) -> None:
    case = factories.upheld_case(against=factories.seller(country="VN"))
    factories.referral_rule(places=places)
    found = proposals.propose(case)
    assert bool(found) == met
    if places == ["VN"]:
        assert "seller in Vietnam" in found[0].words


def test_unknown_country_of_the_seller_does_not_match(case: Case) -> None:
    factories.referral_rule(places=["VN"])
    assert not proposed(case)


@pytest.mark.parametrize(("least", "met"), [("100.00", True), ("100.01", False)])
@pytest.mark.parametrize("asks", ["rule", "agency"])
def test_value_condition(case: Case, least: str, met: bool, asks: str) -> None:
    """30 × 3, plus 10 for a listing with unknown sales."""
    set_prices(case, ("30", "CNY", 3), ("10", "CNY", None))
    agency = factories.agency(minimum_value=Decimal(least) if asks == "agency" else None)
    factories.referral_rule(agency, minimum_value=Decimal(least) if asks == "rule" else None)
    assert proposed(case) == met


def test_other_currencies_are_not_counted(case: Case) -> None:
    set_prices(case, ("30", "CNY", 0), ("1000000", "USD", 9))
    factories.referral_rule(minimum_value=Decimal(30))
    (found,) = proposals.propose(case)
    assert [words(reason) for reason in found.reasons] == [
        "Counterfeit goods in China worth CNY 30",
        "1 listing priced in another currency is not counted",
    ]
    ReferralRule.objects.update(minimum_value=Decimal(31))
    assert not proposed(case)


def test_listings_left_up_are_not_counted(case: Case) -> None:
    set_prices(case, ("50", "CNY", 1), ("50", "CNY", 1))
    factories.referral_rule(minimum_value=Decimal(100))
    assert proposed(case)
    Listing.objects.filter(pk=case.listings.all()[0].pk).update(outcome=Listing.Outcome.LEAVE_UP)
    assert not proposed(case)


@pytest.mark.parametrize(("least", "met"), [(12, True), (13, False)])
def test_strike_points_condition(case: Case, least: int, met: bool) -> None:
    factories.referral_rule(minimum_points=least)
    assert proposed(case) == met
    Strike.objects.update(revoked_at=clock.now())
    assert not proposed(case)


def test_members_condition(case: Case) -> None:
    """Counts distinct members, also at linked shops; only open and upheld cases count."""
    made = factories.referral_rule(minimum_members=3)
    seller = shop_of(case)
    tied = factories.seller()
    for shop in (seller, tied):
        factories.identifier(shop, value="boss@shops.example")
    factories.upheld_case(citing=case.right)
    factories.rejected_case(against=seller)
    factories.withdrawn_case(against=seller)
    factories.draft_case(against=seller)
    factories.submitted_case(against=seller, citing=case.right)
    assert not proposed(case)
    factories.submitted_case(against=tied)
    assert not proposed(case)
    factories.upheld_case(against=seller)
    (found,) = proposals.propose(case)
    assert found.reasons[-1] == {"code": "members", "n": 3}
    made.minimum_members = 4
    made.save()
    assert not proposed(case)


@pytest.mark.parametrize("what", ["rule", "agency"])
def test_inactive_rules_and_agencies_are_ignored(case: Case, what: str) -> None:
    made = factories.referral_rule()
    thing = made if what == "rule" else made.agency
    thing.is_active = False
    thing.save()
    assert not proposed(case)


@pytest.mark.parametrize("status", ["submitted", "in_review", "rejected", "reinstated"])
def test_case_that_cannot_be_referred_has_no_proposals(status: str) -> None:
    factories.referral_rule()
    assert not proposed(factories.CASE_IN[status]())


def test_agency_with_an_open_referral_is_not_proposed(case: Case) -> None:
    made = factories.referral_rule()
    referral = factories.referred_case(made.agency, case=case)
    assert not proposed(case)
    referrals.withdraw(referral=referral, by=factories.moderator(), note="Wrong city.")
    assert proposed(case)


def test_proposals_are_ordered_by_rank_with_each_agency_once(case: Case) -> None:
    first, second = factories.agency(), factories.agency()
    factories.referral_rule(second, rank=20, name="Later")
    factories.referral_rule(first, rank=10, name="Best")
    factories.referral_rule(first, rank=30, name="Again")
    found = proposals.propose(case)
    assert [(p.agency, p.rule.name) for p in found] == [(first, "Best"), (second, "Later")]


def test_reasons_of_all_conditions() -> None:
    shop = factories.seller()
    case = factories.upheld_case(against=shop)
    set_prices(case, ("600000", "CNY", 2), ("1", "CNY", None))
    for _ in range(3):
        factories.submitted_case(against=shop)
    factories.referral_rule(
        places=["CN"],
        violations=["counterfeit"],
        minimum_value=1_000_000,
        minimum_points=12,
        minimum_members=2,
    )
    assert proposals.propose(case)[0].words == (
        "Counterfeit goods in China worth CNY 1,200,001; 12 strike points; 4 members concerned"
        " — rule “Big sellers”"
    )


# --- Declined referrals --------------------------------------------------------------------------


def decline(case: Case, rule: ReferralRule, note: str = "") -> Referral:
    """Refer the case as proposed by the rule; the agency declines it."""
    referral = referrals.refer(case=case, by=factories.moderator(), agency=rule.agency, rule=rule)
    return referrals.answer(
        referral=referral,
        by=factories.officer(rule.agency),
        verb="decline",
        note=note,
        reason=factories.reason(ReasonCode.Use.DECLINE),
    )


def test_agency_that_declined_is_not_proposed_again(case: Case) -> None:
    first = factories.referral_rule(rank=10)
    factories.referral_rule(first.agency, rank=15, name="The same agency by another rule")
    second = factories.referral_rule(factories.agency(), rank=20, name="Next in line")
    assert [p.rule for p in proposals.propose(case)] == [first, second]
    decline(case, first)
    assert [p.rule for p in proposals.propose(case)] == [second]
    with pytest.raises(Conflict, match="no longer proposes"):
        referrals.refer(case=case, by=factories.moderator(), agency=first.agency, rule=first)
    # Events outside the case's decision do not change that.
    other = decline(case, second)
    assert not proposals.propose(case)
    triage.comment(case=case, by=factories.moderator(), note="Both said no.")
    decisions.record_removal(case=case, by=factories.moderator())
    assert not proposals.propose(Case.objects.get(pk=case.pk))
    assert referrals.refer(case=case, by=factories.moderator(), agency=other.agency)


def test_agency_that_declined_another_case_is_proposed(case: Case) -> None:
    rule = factories.referral_rule()
    decline(factories.upheld_case(), rule)
    (found,) = proposals.propose(case)
    assert {"code": "declined_before"} not in found.reasons


def test_agency_that_declined_is_proposed_again_after_a_change() -> None:
    rule, moderator = factories.referral_rule(), factories.moderator()
    case = factories.removed_case()
    decline(case, rule)
    statement = {"statement": "The goods were bought from the maker."}
    case = decisions.record_counter_notice(case=case, by=moderator, **statement)
    assert not proposals.propose(case)
    case = factories.answered_counter_notice(case)
    case = decisions.uphold_again(case=case, by=moderator, facts="The invoices are forged.")
    (found,) = proposals.propose(case)
    assert found.words.startswith(
        "Counterfeit goods in China; declined before, but the case has changed since"
    )
    decline(case, rule)
    assert not proposals.propose(case)


def test_reason_for_declining_is_shown_with_the_proposals(case: Case) -> None:
    first = factories.referral_rule(rank=10)
    factories.referral_rule(factories.agency(), rank=20, name="Next in line")
    referral = decline(case, first, note="The warehouse lies in <another> province.")
    label = ReasonCode.objects.get(
        code=CaseEvent.objects.get(kind="referral_declined").data["reason"]
    ).label
    page = browser_of(factories.moderator()).get(reverse("triage:case", args=[case.reference]))
    html = page.content.decode()
    part = html[html.index('class="card referrals"') : html.index("rule “Next in line”")]
    assert referral.reference in part
    assert f"Reason for declining: {label}" in part
    assert "The warehouse lies in &lt;another&gt; province." in part
    assert "is proposed again only after the case has changed" in part


# --- Languages -----------------------------------------------------------------------------------


def test_reasons_are_shown_in_the_readers_language(case: Case) -> None:
    made = factories.referral_rule(minimum_points=12)
    with translation.override("zh-hans"):
        referrals.refer(case=case, by=factories.moderator(), agency=made.agency, rule=made)
    page = reverse("triage:case", args=[case.reference])
    english = browser_of(factories.moderator(language="en")).get(page).content.decode()
    chinese = browser_of(factories.moderator(language="zh-hans")).get(page).content.decode()
    assert "“Big sellers”: Counterfeit goods in China; 12 strike points" in english
    with translation.override("zh-hans"):
        points = words({"code": "points", "n": 12})
        place = words({"code": "case", "violation": "counterfeit", "place": "CN"})
    assert points in chinese
    assert place in chinese
    assert "12 strike points" not in chinese


def test_language_change_does_not_invalidate_the_preview(case: Case) -> None:
    set_prices(case, ("600000", "CNY", 2), ("1", "USD", None))
    made = factories.referral_rule(minimum_value=100, minimum_points=12, minimum_members=1)
    moderator = factories.moderator(language="en")
    there = reverse("triage:refer", args=[case.reference])
    sent: dict[str, Any] = {"agency": made.agency_id, "rule": made.pk}
    sent["seen"] = browser_of(moderator).post(there, sent).context["preview"].fingerprint
    moderator.language = "zh-hans"
    moderator.save()
    assert browser_of(moderator).post(there, sent).status_code == 302
    assert Referral.objects.get().rule == made


def test_every_reason_has_a_text() -> None:
    given = {"violation": "counterfeit", "place": "CN", "value": "12", "n": 2}
    for code in reasons.Code:
        assert words({"code": code.value, **given})
    assert words("12 strike points") == "12 strike points", "older events store the text"


# --- Confirmation --------------------------------------------------------------------------------


def test_proposal_is_previewed_and_recorded(case: Case) -> None:
    made = factories.referral_rule(minimum_points=12)
    desk = browser_of(factories.moderator())
    page = desk.get(reverse("triage:case", args=[case.reference]))
    html = page.content.decode()
    assert re.search(r"Preview referral</span><span[^>]*>:\s*Harbour Police<", html)
    assert "12 strike points — rule “Big sellers”" in html
    assert not Referral.objects.exists()
    there = reverse("triage:refer", args=[case.reference])
    shown = desk.post(there, {"agency": made.agency_id, "rule": made.pk})
    assert "12 strike points — rule “Big sellers”" in shown.content.decode()
    seen = shown.context["preview"].fingerprint
    sent = {"agency": made.agency_id, "rule": made.pk, "seen": seen}
    assert desk.post(there, sent).status_code == 302
    referral = Referral.objects.get()
    assert referral.rule == made
    event = CaseEvent.objects.get(kind="referral_offered")
    assert event.data["rule"] == "Big sellers"
    assert event.data["reasons"] == [
        {"code": "case", "violation": "counterfeit", "place": "CN"},
        {"code": "points", "n": 12},
    ]
    assert "proposed by the rule “Big sellers”" in desk.get(
        reverse("triage:case", args=[case.reference])
    ).content.decode().replace("\n", " ")


def test_rule_is_not_disclosed_to_the_agency(case: Case) -> None:
    made = factories.referral_rule(minimum_points=12)
    referrals.refer(case=case, by=factories.moderator(), agency=made.agency, rule=made)
    referral = Referral.objects.get()
    page = browser_of(factories.officer(made.agency)).get(
        reverse("liaison:referral", args=[referral.reference])
    )
    for secret in ("Big sellers", "strike point", "members concerned"):
        assert secret not in page.content.decode()
        assert secret not in str(Update.objects.get().payload)


def test_rule_that_no_longer_matches_is_refused(case: Case) -> None:
    made = factories.referral_rule(minimum_points=12)
    moderator = factories.moderator()
    preview = referrals.prepare(case=case, by=moderator, agency=made.agency, rule=made)
    Strike.objects.update(revoked_at=clock.now())
    with pytest.raises(Conflict, match="no longer proposes Harbour Police"):
        referrals.refer(
            case=case, by=moderator, agency=made.agency, rule=made, seen=preview.fingerprint
        )
    other = factories.agency()
    with pytest.raises(Conflict):
        referrals.refer(case=case, by=moderator, agency=other, rule=made)
    assert not Referral.objects.exists()


def test_changed_reasons_need_a_new_preview(case: Case) -> None:
    made = factories.referral_rule(minimum_members=1)
    moderator = factories.moderator()
    desk = browser_of(moderator)
    there = reverse("triage:refer", args=[case.reference])
    sent: dict[str, Any] = {"agency": made.agency_id, "rule": made.pk}
    sent["seen"] = desk.post(there, sent).context["preview"].fingerprint
    draft = factories.draft_case(against=shop_of(case))
    filing.submit(case=draft, by=draft.created_by, good_faith=True)
    again = desk.post(there, sent)
    assert again.status_code == 409
    assert "2 members concerned" in again.content.decode()


def test_constant_number_of_queries(
    case: Case, settings: Any, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    settings.USERSESSIONS_TRACK_ACTIVITY = False
    conditions: dict[str, Any] = {"minimum_value": 1, "minimum_points": 1, "minimum_members": 1}
    set_prices(case, ("30", "CNY", 3), ("10", "CNY", None))
    desk = browser_of(factories.moderator())
    page = reverse("triage:case", args=[case.reference])
    factories.referral_rule(**conditions)
    with django_assert_max_num_queries(15) as few:
        assert len(desk.get(page).context["proposals"]) == 1
    for _ in range(6):
        factories.referral_rule(factories.agency(), **conditions)
    with django_assert_num_queries(len(few)):
        assert len(desk.get(page).context["proposals"]) == 5
