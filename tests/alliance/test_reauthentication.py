"""Sensitive account changes ask for the password again."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress

from tests import factories
from tests.personas import Personas, browser_of

pytestmark = pytest.mark.django_db


def test_adding_an_address_requires_the_password() -> None:
    person = factories.user(email="olu@brand.example")
    browser = browser_of(person)
    response = browser.post(
        "/accounts/email/", {"email": "thief@else.example", "action_add": "Add"}
    )
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/accounts/reauthenticate/")
    assert not EmailAddress.objects.filter(email="thief@else.example").exists()


def test_page_of_addresses_needs_no_reauthentication(personas: Personas) -> None:
    assert personas.client("filer").get("/accounts/email/").status_code == 200
