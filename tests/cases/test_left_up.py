"""A listing that is left up has a reason, which its member reads."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from alliance.lib.refusals import Refusal
from cases.models import Case, Decision, Listing, ReasonCode
from cases.services import decisions
from tests import factories
from tests.personas import Personas

pytestmark = pytest.mark.django_db


@pytest.fixture
def ready(personas: Personas) -> Case:
    return factories.ready_case(
        by=personas.filer, citing=personas.right, moderator=personas.moderator, left_up=1
    )


def reason(code: str) -> ReasonCode:
    return ReasonCode.objects.get(code=code)


def uphold(case: Case, personas: Personas, **more: Any) -> Case:
    return decisions.uphold(
        case=case,
        by=personas.moderator,
        reason=reason("counterfeit-evident"),
        ground=Decision.Ground.ILLEGAL_CONTENT,
        facts="As shown.",
        expected_version=case.version,
        **more,
    )


@pytest.mark.parametrize("code", ["", "counterfeit-evident"])
def test_without_one_the_case_is_not_decided(ready: Case, personas: Personas, code: str) -> None:
    given = {"left_up_reason": reason(code)} if code else {}
    with pytest.raises(Refusal, match="reason for the listings that are left up"):
        uphold(ready, personas, **given)
    ready.refresh_from_db()
    assert ready.status == "in_review"


def test_where_none_is_left_up_a_reason_is_not_kept(ready: Case, personas: Personas) -> None:
    every = dict.fromkeys(ready.listings.values_list("pk", flat=True), Listing.Outcome.REMOVE)
    case = uphold(ready, personas, outcomes=every, left_up_reason=reason("genuine-goods"))
    assert case.decisions.get().left_up_reason is None


def test_the_moderator_chooses_it_and_the_member_reads_it(ready: Case, personas: Personas) -> None:
    desk: Client = personas.client("moderator")
    url = reverse("triage:uphold", args=[ready.reference])
    data = {
        "reason": reason("counterfeit-evident").pk,
        "ground": "illegal_content",
        "facts": "As shown.",
        "expected_version": ready.version,
    }
    refused = desk.post(url, data)
    assert refused.status_code == 422
    assert "Choose the reason for the listings that are left up." in refused.content.decode()
    kept = reason("genuine-goods")
    assert desk.post(url, data | {"left_up_reason": kept.pk}).status_code == 302
    page = personas.client("viewer").get(reverse("desk:case", args=[ready.reference]))
    table = page.content.decode().partition("listings-table")[2].partition("</table>")[0]
    assert table.count(str(kept)) == 1
    page = desk.get(reverse("triage:case", args=[ready.reference]))
    table = page.content.decode().partition("listings-table")[2].partition("</table>")[0]
    assert str(kept) in table


def test_of_a_rejected_case_it_is_the_reason_of_the_decision(personas: Personas) -> None:
    case = factories.rejected_case(by=personas.filer, citing=personas.right)
    page = personas.client("viewer").get(reverse("desk:case", args=[case.reference]))
    table = page.content.decode().partition("listings-table")[2].partition("</table>")[0]
    decided = case.decisions.get().reason
    assert table.count(str(decided)) == case.listings.count()
