"""Open cases on a right that has expired or is no longer verified are flagged for member and moderator."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from alliance.lib import clock
from alliance.lib.refusals import Incomplete
from cases.models import Case
from cases.services import filing
from members.models import IPRight
from members.services import rights
from tests import factories
from tests.personas import Personas

pytestmark = pytest.mark.django_db

EXPIRED = {"expires_on": clock.today() - timedelta(days=1)}
UNVERIFIED = {"verified_at": None, "verified_by": None}
TEXTS = {"expired": "The cited right expired on", "unverified": "no longer verified"}


def pages(personas: Personas, case: Case) -> list[str]:
    member = personas.client("viewer").get(reverse("desk:case", args=[case.reference]))
    moderator = personas.client("moderator").get(reverse("triage:case", args=[case.reference]))
    return [member.text, moderator.text]


@pytest.mark.parametrize("status", ["submitted", "removed"])
@pytest.mark.parametrize(
    ("change", "words"), [(EXPIRED, TEXTS["expired"]), (UNVERIFIED, TEXTS["unverified"])]
)
def test_open_case_is_flagged(
    personas: Personas, status: str, change: dict[str, Any], words: str
) -> None:
    case = factories.CASE_IN[status](by=personas.filer, citing=personas.right)
    for page in pages(personas, case):
        assert not any(text in page for text in TEXTS.values())
    IPRight.objects.filter(pk=personas.right.pk).update(**change)
    member, moderator = pages(personas, case)
    assert words in member
    assert f"/rights/{personas.member.slug}/{personas.right.pk}/" in member
    assert words in moderator
    assert f"/triage/rights/{personas.right.pk}/" in moderator


def test_closed_case_is_not_flagged(personas: Personas) -> None:
    case = factories.closed_case(by=personas.filer, citing=personas.right)
    IPRight.objects.filter(pk=personas.right.pk).update(**UNVERIFIED)
    for page in pages(personas, case):
        assert not any(text in page for text in TEXTS.values())


def test_returned_right_flags_its_cases_and_carries_no_new_one(personas: Personas) -> None:
    case = factories.submitted_case(by=personas.filer, citing=personas.right)
    draft = factories.draft_case(by=personas.filer, citing=personas.right)
    rights.send_back(right=personas.right, by=personas.moderator, reason="Wrong class.")
    assert TEXTS["unverified"] in pages(personas, case)[0]
    with pytest.raises(Incomplete) as refused:
        filing.submit(case=draft, by=personas.filer, good_faith=True)
    assert "The right is not verified or has expired." in refused.value.problems
    page = personas.client("filer").get(reverse("desk:new")).text
    assert "returned by moderators" in page or "No right can be cited yet" in page
