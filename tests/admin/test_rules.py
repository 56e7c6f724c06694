"""Referral rules in the admin: places are codes that exist, violations boxes to tick."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from cases.liaison.models import Agency, ReferralRule
from tests import factories
from tests.admin.conftest import address

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


def test_a_place_that_is_none_is_named(desk: Client) -> None:
    page = desk.post(address(ReferralRule, "add"), sent(places="CN, XX, China"))
    assert "has the code XX, CHINA" in page.content.decode()
    assert not ReferralRule.objects.exists()


def test_what_an_agency_may_see_is_ticked(desk: Client) -> None:
    agency = factories.agency()
    page = desk.get(address(Agency, "change", agency.pk)).content.decode()
    assert page.count('name="discloses"') == 6
    assert page.count("checked") >= 6
    assert "leads to its owner in a public register" in page
