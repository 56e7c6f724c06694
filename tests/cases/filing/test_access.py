"""Who can file, for which member, and which rights can be cited."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from alliance.lib import clock
from cases.models import Case
from tests import factories
from tests.cases.filing.forms import NEW, STEPS, at, complaint, words
from tests.personas import NAMES, Personas, browser_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", NAMES)
def test_access_to_the_filing_steps(personas: Personas, name: str, draft: Case) -> None:
    may = name in ("filer", "owner")
    client = personas.client(name)
    outside = 302 if name == "anonymous" else 404
    expected = 200 if may else 403 if name == "viewer" else outside
    for step in STEPS:
        assert client.get(at(draft, step)).status_code == expected
        if not may:
            assert client.post(at(draft, step), {}).status_code == expected
    new = 200 if may or name == "stranger" else 302 if name == "anonymous" else 403
    assert client.get(NEW).status_code == new
    for step in ("answer", "withdraw"):
        assert client.get(at(draft, step)).status_code == (302 if may else expected)
    assert client.get(at(draft, "submitted")).status_code == (
        302 if name == "viewer" or may else outside
    )


def test_right_of_another_member_cannot_be_cited(personas: Personas, client: Client) -> None:
    theirs = factories.right()
    response = client.post(NEW, complaint(theirs))
    assert response.status_code == 422
    assert not Case.objects.exists()


def test_unusable_rights_are_shown_with_the_reason(personas: Personas, client: Client) -> None:
    yesterday = clock.today() - timedelta(days=1)
    factories.right(personas.brand, title="Old", expires_on=yesterday)
    factories.right(personas.brand, title="Fresh", verified_at=None, verified_by=None)
    page = words(client.get(NEW))
    assert re.search(r"disabled[^>]*>Old [^<]*\(not in force\)", page)
    assert re.search(r"disabled[^>]*>Fresh [^<]*\(not verified yet\)", page)


def test_member_without_rights_gets_instructions() -> None:
    page = words(browser_of(factories.owner(factories.member())).get(NEW))
    assert "No right can be cited yet" in page


def test_countries_and_classes_of_the_right_come_first(
    personas: Personas, client: Client, draft: Case
) -> None:
    form = client.get(at(draft, "complaint")).context["form"]
    near = form.fields["jurisdiction"].choices[1][1]
    assert [code for code, _name in near] == ["CN"]
    assert [number for number, _name in form.fields["goods_class"].choices[1][1]] == [25]
