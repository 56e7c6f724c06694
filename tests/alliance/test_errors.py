"""Error pages are pages of the portal, with a link to continue."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings as portal
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


def test_rate_limit_page(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"reset_password": "1/m/ip"}
    answers = [
        Client().post(reverse("account_reset_password"), {"email": f"{n}@brand.example"})
        for n in range(2)
    ]
    assert [answer.status_code for answer in answers] == [302, 429]
    page = answers[1].content.decode()
    assert "Too many attempts" in page
    assert "Go to the start page" in page


def test_csrf_failure_page() -> None:
    answer = Client(enforce_csrf_checks=True).post(reverse("account_login"))
    assert answer.status_code == 403
    assert "This form has expired" in answer.content.decode()


def test_bad_request_page() -> None:
    many = {f"field-{n}": "" for n in range(portal.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}
    answer = Client().post(reverse("account_login"), many)
    assert answer.status_code == 400
    assert "Invalid request" in answer.content.decode()
