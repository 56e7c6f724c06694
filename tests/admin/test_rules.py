"""Referral rules in the admin: places are codes that exist, violations boxes to tick."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from cases.liaison.models import Agency, ReferralRule
from tests import factories
from tests.admin.conftest import address
from tests.sending import held

pytestmark = pytest.mark.django_db


def sent(**changes: Any) -> dict[str, Any]:
    agency = factories.agency()
    return {
        "name": "Big sellers",
        "agency": agency.pk,
        "rank": 10,
        "is_active": "on",
        "violations": ["counterfeit", "trademark"],
        "places": "cn, HK，mo cn",
        "minimum_points": 12,
    } | changes


def test_a_rule_is_made_and_shown_as_it_was_typed(desk: Client) -> None:
    assert desk.post(address(ReferralRule, "add"), sent()).status_code == 302
    rule = ReferralRule.objects.get()
    assert (rule.places, rule.violations) == (["CN", "HK", "MO"], ["counterfeit", "trademark"])
    assert (rule.minimum_value, rule.minimum_points, rule.minimum_members) == (None, 12, None)
    page = desk.get(address(ReferralRule, "change", rule.pk)).content.decode()
    assert 'value="CN, HK, MO"' in page


def test_the_value_from_is_read_as_it_was_meant(desk: Client) -> None:
    page = desk.post(address(ReferralRule, "add"), sent(minimum_value="12500,50"))
    assert "Write it like this: 12,500.50" in page.content.decode()
    assert not ReferralRule.objects.exists()
    assert desk.post(address(ReferralRule, "add"), sent(minimum_value="50万")).status_code == 302
    rule = ReferralRule.objects.get()
    assert rule.minimum_value == 500_000
    page = desk.get(address(ReferralRule, "change", rule.pk)).content.decode()
    assert 'value="500,000"' in page
    page = desk.get(address(ReferralRule, "changelist")).content.decode()
    assert "500,000 (500 thousand)" in page


def test_an_agencys_smallest_value_is_read_likewise(desk: Client) -> None:
    agency = factories.agency()
    form = desk.get(address(Agency, "change", agency.pk))
    data = held(form, "agency_form", minimum_value="1,5")
    page = desk.post(address(Agency, "change", agency.pk), data)
    assert "Write it like this: 12,500.50" in page.content.decode()


def test_a_place_that_is_none_is_named(desk: Client) -> None:
    page = desk.post(address(ReferralRule, "add"), sent(places="CN, XX, China"))
    assert "region code: XX, CHINA" in page.content.decode()
    assert not ReferralRule.objects.exists()


def test_what_an_agency_may_see_is_ticked(desk: Client) -> None:
    agency = factories.agency()
    page = desk.get(address(Agency, "change", agency.pk)).content.decode()
    assert page.count('name="discloses"') == 6
    assert page.count("checked") >= 6
    assert "identifies its owner in a public register" in page
