"""Referral rules in the admin: places are ISO codes, violations are checkboxes."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from cases.liaison.models import Agency, ReferralRule
from tests import factories
from tests.admin.conftest import address
from tests.forms import form_data

pytestmark = pytest.mark.django_db


def rule_data(**changes: Any) -> dict[str, Any]:
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


def test_rule_is_created_and_shown_again(desk: Client) -> None:
    assert desk.post(address(ReferralRule, "add"), rule_data()).status_code == 302
    rule = ReferralRule.objects.get()
    assert (rule.places, rule.violations) == (["CN", "HK", "MO"], ["counterfeit", "trademark"])
    assert (rule.minimum_value, rule.minimum_points, rule.minimum_members) == (None, 12, None)
    page = desk.get(address(ReferralRule, "change", rule.pk)).content.decode()
    assert 'value="CN, HK, MO"' in page


def test_minimum_value_of_a_rule_is_parsed(desk: Client) -> None:
    page = desk.post(address(ReferralRule, "add"), rule_data(minimum_value="12500,50"))
    assert "Enter it like 12,500.50" in page.content.decode()
    assert not ReferralRule.objects.exists()
    assert (
        desk.post(address(ReferralRule, "add"), rule_data(minimum_value="50万")).status_code == 302
    )
    rule = ReferralRule.objects.get()
    assert rule.minimum_value == 500_000
    page = desk.get(address(ReferralRule, "change", rule.pk)).content.decode()
    assert 'value="500,000"' in page
    page = desk.get(address(ReferralRule, "changelist")).content.decode()
    assert "500,000 (500 thousand)" in page


def test_minimum_value_of_an_agency_is_parsed(desk: Client) -> None:
    agency = factories.agency()
    form = desk.get(address(Agency, "change", agency.pk))
    data = form_data(form, "agency_form", minimum_value="1,5")
    page = desk.post(address(Agency, "change", agency.pk), data)
    assert "Enter it like 12,500.50" in page.content.decode()


def test_unknown_place_is_named(desk: Client) -> None:
    page = desk.post(address(ReferralRule, "add"), rule_data(places="CN, XX, China"))
    assert "region code: XX, CHINA" in page.content.decode()
    assert not ReferralRule.objects.exists()


def test_disclosures_to_an_agency_are_checkboxes(desk: Client) -> None:
    agency = factories.agency()
    page = desk.get(address(Agency, "change", agency.pk)).content.decode()
    assert page.count('name="discloses"') == 6
    assert page.count("checked") >= 6
    assert "identifies its owner in a public register" in page
