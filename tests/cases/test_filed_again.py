"""A rejected case that is filed again: what its members are offered, and how the two cases are linked."""

from __future__ import annotations

import re
import uuid

import pytest
from django.urls import reverse

from cases.models import Case, ReasonCode
from cases.services import decisions, filing
from tests import factories
from tests.personas import Personas

pytestmark = pytest.mark.django_db


def rejected(personas: Personas, code: str) -> Case:
    case = factories.claimed_case(
        by=personas.filer, citing=personas.right, moderator=personas.moderator
    )
    return decisions.reject(
        case=case,
        by=personas.moderator,
        reason=ReasonCode.objects.get(code=code),
        facts="As shown.",
        expected_version=case.version,
    )


def again(personas: Personas, case: Case) -> Case:
    return filing.start_draft(
        by=personas.filer,
        token=uuid.uuid4(),
        brand=case.brand,
        right=case.right,
        violation=case.violation,
        jurisdiction="CN",
        goods_class=25,
        infringement_in=["product"],
        explanation="With a test purchase.",
        like=case,
    )


def page(personas: Personas, case: Case, who: str = "filer") -> str:
    response = personas.client(who).get(reverse("desk:case", args=[case.reference]))
    return response.content.decode()


def test_it_is_offered_where_something_can_be_fixed(personas: Personas) -> None:
    case = rejected(personas, "evidence-insufficient")
    assert f"?like={case.reference}" in page(personas, case)
    assert "?like=" not in page(personas, case, "viewer")


def test_it_is_not_offered_where_nothing_can_be_fixed(personas: Personas) -> None:
    case = rejected(personas, "listing-gone")
    assert "?like=" not in page(personas, case)


def test_after_it_was_done_the_two_cases_lead_to_each_other(personas: Personas) -> None:
    case = rejected(personas, "evidence-insufficient")
    new = again(personas, case)
    for who in ("filer", "viewer"):
        old_page, new_page = page(personas, case, who), page(personas, new, who)
        assert "?like=" not in old_page
        assert f'href="/cases/{new.reference}/"' in old_page
        assert f'href="/cases/{case.reference}/"' in new_page


def test_a_discarded_attempt_does_not_count(personas: Personas) -> None:
    case = rejected(personas, "evidence-insufficient")
    new = again(personas, case)
    filing.withdraw(case=new, by=personas.filer)
    assert f"?like={case.reference}" in page(personas, case)
    assert new.reference not in page(personas, case)


def turn(html: str) -> str:
    """Return the section that says whose turn it is, as text."""
    section = html.partition('aria-labelledby="next-step"')[2].partition("</section>")[0]
    return " ".join(re.sub("<[^>]+>", " ", section).split())


def test_people_who_only_read_are_not_told_that_it_is_their_turn(personas: Personas) -> None:
    mine = {"by": personas.filer, "citing": personas.right}
    for case in (
        factories.draft_case(**mine),
        factories.information_requested_case(moderator=personas.moderator, **mine),
        factories.counter_noticed_case(moderator=personas.moderator, **mine),
    ):
        reader, filer = turn(page(personas, case, "viewer")), turn(page(personas, case))
        assert "Waiting for a colleague who files cases" in reader
        assert not re.search(r"\byou\b", reader, re.IGNORECASE), reader
        assert "colleague" not in filer
