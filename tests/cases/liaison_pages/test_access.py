"""Access to the liaison desk: active officers only, and only their agency's referrals."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from cases.liaison.models import Referral
from members.models import User
from tests.cases.liaison_pages.pages import QUEUE, answer_url, url
from tests.personas import Personas, browser_of


@pytest.mark.parametrize("name", ["stranger", "viewer", "owner", "moderator", "admin"])
def test_only_officers_have_access(personas: Personas, referral: Referral, name: str) -> None:
    client = personas.client(name)
    for path in (QUEUE, url(referral)):
        assert client.get(path).status_code == 403, path
    assert client.post(answer_url(referral, "acknowledge")).status_code == 403
    referral.refresh_from_db()
    assert referral.status == "offered"
    assert referral.read_at is None


def test_another_agencys_referral_is_not_found(personas: Personas, referral: Referral) -> None:
    client = personas.client("other_officer")
    assert client.get(url(referral)).status_code == 404
    assert client.post(answer_url(referral, "acknowledge")).status_code == 404
    assert client.get(answer_url(referral, "accept")).status_code == 404
    assert referral.reference not in client.get(f"{QUEUE}?tab=all").content.decode()


def test_officer_who_is_a_moderator_sees_only_their_agencys_queue(
    personas: Personas, referral: Referral
) -> None:
    personas.other_officer.is_moderator = True
    personas.other_officer.save()
    client = personas.client("other_officer")
    assert client.get(url(referral)).status_code == 404
    assert referral.reference not in client.get(f"{QUEUE}?tab=all").content.decode()


@pytest.mark.parametrize("which", ["officer", "agency"])
def test_inactive_officer_is_refused(personas: Personas, referral: Referral, which: str) -> None:
    thing = personas.officer.officer if which == "officer" else personas.agency
    thing.is_active = False
    thing.save()
    client = browser_of(User.objects.get(pk=personas.officer.pk))
    response = client.get(QUEUE)
    assert response.status_code == 403
    page = response.content.decode().partition("<main")[2]
    assert f"Your access to the referrals of {personas.agency} has been deactivated." in page
    assert "brand" not in page.partition("</main>")[0]
    assert client.get(url(referral)).status_code == 403


def test_anonymous_user_is_redirected_to_login(client: Client, referral: Referral) -> None:
    response = client.get(url(referral))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("reference", ["LR-0000-0000", "x", "%00", "LR-%27%22", "😀"])
def test_invalid_reference_is_not_found(officer: Client, reference: str) -> None:
    assert officer.get(f"/liaison/{reference}/").status_code == 404
    assert officer.post(f"/liaison/{reference}/answer/accept/").status_code == 404
