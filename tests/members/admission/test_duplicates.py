"""Possible duplicates of an application: which evidence counts, which comes first, and what is said of the rest."""

from __future__ import annotations

from typing import Any

import pytest

from members import duplicates
from tests import factories
from tests.members.admission.test_review import page_of
from tests.personas import Personas

pytestmark = pytest.mark.django_db


def found(one: Any) -> list[str]:
    duplicates.attach([one])
    return [match.member.name for match in one.duplicates]


def test_numbers_come_first_and_others_are_mentioned(
    personas: Personas, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    monkeypatch.setattr(duplicates, "LIMIT", 2)
    for number in range(4):
        factories.member(name=f"Elm {number}", website=f"https://elm.co.uk/{number}")
    factories.member(name="Yew Mills", registration_number="HRB 77001")
    one = factories.application(website="https://www.elm.co.uk", registration_number="hrb-77001")
    other = factories.application(name="Yew Mills Ltd")
    client = personas.client("moderator")
    with django_assert_max_num_queries(8):
        page = client.get("/triage/applications/").text
    assert page.count("Yew Mills</bdi>") == 2
    assert page.count("and others") == 1
    review = client.get(page_of(one)).text.partition("Possible duplicates")[2]
    assert -1 < review.index("Yew Mills") < review.index("Elm 0") < review.index("and others")
    # What is left out for one application says nothing about another.
    assert "and others" not in client.get(page_of(other)).text
    monkeypatch.setattr(duplicates, "LIMIT", 200)
    monkeypatch.setattr(duplicates, "SHOWN", 5)
    assert found(one) == ["Yew Mills", "Elm 0", "Elm 1", "Elm 2", "Elm 3"]
    assert not one.has_more_duplicates  # type: ignore[attr-defined]
    monkeypatch.setattr(duplicates, "SHOWN", 4)
    assert found(one) == ["Yew Mills", "Elm 0", "Elm 1", "Elm 2"]
    assert one.has_more_duplicates  # type: ignore[attr-defined]


@pytest.mark.parametrize("platform", ["tmall.com", "myshopify.com"])
def test_shops_on_the_same_platform_are_no_duplicates(platform: str) -> None:
    factories.member(name="Elm", website=f"https://elm.{platform}/")
    one = factories.application(website=f"https://yew.{platform}/")
    assert found(one) == []
    factories.member(name="Yew", website=f"https://yew.{platform}/about")
    assert found(one) == (["Yew"] if platform == "myshopify.com" else [])
