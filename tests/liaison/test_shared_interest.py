"""Two agencies with referrals against one seller see each other only if both allow it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse

from cases.liaison.models import Agency, Referral, Update
from cases.models import Seller
from cases.services import decisions
from cases.services import referral as referrals
from tests import factories
from tests.personas import browser_of

pytestmark = pytest.mark.django_db

OTHER = "River Customs"


def an_agency(name: str, *, shares: bool, **fields: Any) -> Agency:
    return factories.agency(
        name=name,
        shares_interest=shares,
        second_contact_name=f"Duty officer of {name}",
        second_contact_email=f"{name.split(maxsplit=1)[0].lower()}@duty.example",
        **fields,
    )


def desk(referral: Referral) -> str:
    """Return the page without the forms' tokens, which differ on each request."""
    officer = referral.agency.officers.first()
    person = officer.user if officer else factories.officer(referral.agency)
    page = browser_of(person).get(reverse("liaison:referral", args=[referral.reference]))
    assert page.status_code == 200
    # Twice, because the first request itself appears as "read".
    page = browser_of(person).get(reverse("liaison:referral", args=[referral.reference]))
    html = re.sub(r'(csrfmiddlewaretoken|form_owner)" value="[^"]*"', "", page.content.decode())
    return re.sub(r'nonce="[^"]*"|csrf-token" content="[^"]*"|"X-CSRFToken": "[^"]*"', "", html)


def next_update(referral: Referral) -> dict[str, Any]:
    """Commit a neutral step and return its payload."""
    case = referral.case
    moderator = factories.moderator()
    case.refresh_from_db()
    if case.status == "removed":
        decisions.record_counter_notice(case=case, by=moderator, statement="Mine.")
        case = factories.answered_counter_notice(case)
        decisions.uphold_again(case=case, by=moderator, facts="It stands.")
    else:
        decisions.record_removal(case=case, by=moderator)
    return Update.objects.filter(referral=referral).latest("sequence").payload


@pytest.fixture
def shop() -> Seller:
    return factories.seller()


def test_if_both_allow_it_each_sees_the_other(shop: Seller) -> None:
    here, there = an_agency("Harbour Police", shares=True), an_agency(OTHER, shares=True)
    mine = factories.referred_case(here, against=shop)
    theirs = factories.referred_case(there, against=shop)
    # The later offer contains it, and the next update of the earlier referral.
    assert Update.objects.get(referral=theirs).payload["case"]["seller"]["other_agencies"] == [
        "Harbour Police"
    ]
    assert "other_agencies" not in Update.objects.get(referral=mine).payload["case"]["seller"]
    assert next_update(mine)["case"]["seller"]["other_agencies"] == [OTHER]
    page = desk(mine)
    for words in ("Also working on this seller", OTHER, "Duty officer of River", "river@duty"):
        assert words in page
    for secret in (theirs.reference, theirs.case.reference, theirs.case.member.name):
        assert secret not in page
        assert secret not in str(next_update(mine))
    assert "Harbour Police" in desk(theirs)


@pytest.mark.parametrize(
    ("mine_shares", "theirs_shares", "sees"),
    [
        (False, False, ["seller"]),
        (True, False, ["seller"]),
        (False, True, ["seller"]),
        # An agency that may not see the seller does not see the others either.
        (True, True, ["member", "right", "listings", "note", "evidence"]),
    ],
)
def test_otherwise_nothing_differs(
    shop: Seller, mine_shares: bool, theirs_shares: bool, sees: list[str]
) -> None:
    here = an_agency("Harbour Police", shares=mine_shares, discloses=sees)
    mine = factories.referred_case(here, against=shop)
    desk(mine)
    before_page, before = desk(mine), Update.objects.get(referral=mine).payload
    factories.referred_case(an_agency(OTHER, shares=theirs_shares), against=shop)
    assert desk(mine) == before_page
    after = next_update(mine)
    for part in ("schema", "case"):
        left, right = dict(before.items())[part], after[part]
        if part == "case":
            left = {k: v for k, v in left.items() if k not in ("listings", "status")}
            right = {k: v for k, v in right.items() if k != "status"}
        assert left == right
    assert set(before) == set(after)
    assert after["sequence"] == 2
    queue = browser_of(here.officers.get().user).get("/liaison/?tab=all").content.decode()
    assert OTHER not in queue


@pytest.mark.parametrize("end", ["withdrawn", "declined", "inactive", "another seller"])
def test_only_live_referrals_of_the_same_seller_count(shop: Seller, end: str) -> None:
    here, there = an_agency("Harbour Police", shares=True), an_agency(OTHER, shares=True)
    mine = factories.referred_case(here, against=shop)
    other_shop = factories.seller()
    for one in (shop, other_shop):
        factories.identifier(one, value="boss@shops.example")
    against = other_shop if end == "another seller" else shop
    theirs = factories.referred_case(there, against=against)
    if end == "withdrawn":
        referrals.withdraw(referral=theirs, by=factories.moderator(), note="In error.")
    elif end == "declined":
        referrals.answer(
            referral=theirs,
            by=factories.officer(there),
            verb="decline",
            reason=factories.reason("decline"),
        )
    elif end == "inactive":
        there.is_active = False
        there.save()
    assert OTHER not in desk(mine)
    assert OTHER not in str(next_update(mine))


def test_after_declining_other_agencies_are_hidden(shop: Seller) -> None:
    here, there = an_agency("Harbour Police", shares=True), an_agency(OTHER, shares=True)
    mine = factories.referred_case(here, against=shop)
    factories.referred_case(there, against=shop)
    referrals.answer(
        referral=mine,
        by=factories.officer(here),
        verb="decline",
        reason=factories.reason("decline"),
    )
    mine.refresh_from_db()
    assert OTHER not in desk(mine)


@pytest.mark.parametrize("end", ["withdrawn", "declined"])
def test_the_final_update_names_no_agencies(shop: Seller, end: str) -> None:
    """The update that ends the referral must not contain a new name."""
    here, there = an_agency("Harbour Police", shares=True), an_agency(OTHER, shares=True)
    mine = factories.referred_case(here, against=shop)
    factories.referred_case(there, against=shop)
    if end == "withdrawn":
        referrals.withdraw(referral=mine, by=factories.moderator(), note="In error.")
    else:
        referrals.answer(
            referral=mine,
            by=factories.officer(here),
            verb="decline",
            reason=factories.reason("decline"),
        )
    last = Update.objects.filter(referral=mine).latest("sequence").payload
    assert last["referral"]["status"] == end
    assert "seller" in last["case"]
    assert OTHER not in str(last)


def test_the_preview_shows_the_other_agencies(shop: Seller) -> None:
    factories.referred_case(an_agency(OTHER, shares=True), against=shop)
    case = factories.upheld_case(against=shop)
    here = an_agency("Harbour Police", shares=True)
    page = browser_of(factories.moderator()).post(
        reverse("triage:refer", args=[case.reference]), {"agency": here.pk}
    )
    assert f"Also working on this seller: {OTHER}" in page.content.decode()
