"""What somebody reads when something is wrong: a page of the portal, with a way on."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings as portal
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


def test_too_many_attempts_are_answered_by_a_page_of_the_portal(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"reset_password": "1/m/ip"}
    answers = [
        Client().post(reverse("account_reset_password"), {"email": f"{n}@brand.example"})
        for n in range(2)
    ]
    assert [answer.status_code for answer in answers] == [302, 429]
    page = answers[1].content.decode()
    assert "Too many attempts" in page
    assert "Go to the start page" in page


def test_a_form_without_its_token_is_explained() -> None:
    answer = Client(enforce_csrf_checks=True).post(reverse("account_login"))
    assert answer.status_code == 403
    assert "This form has expired" in answer.content.decode()


def test_a_form_with_too_many_fields_is_explained() -> None:
    many = {f"field-{n}": "" for n in range(portal.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}
    answer = Client().post(reverse("account_login"), many)
    assert answer.status_code == 400
    assert "Invalid request" in answer.content.decode()
