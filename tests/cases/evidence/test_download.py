"""Downloading and removing evidence; every download is recorded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases.models import Case
from cases.services import referral
from tests import factories
from tests.cases.evidence.files import Action, address, custody, picture, send, step
from tests.personas import NAMES, Personas

pytestmark = pytest.mark.django_db
EXPECTED = {
    "anonymous": 302,
    "stranger": 404,
    "viewer": 200,
    "filer": 200,
    "owner": 200,
    "moderator": 200,
    "second_moderator": 200,
    "officer": 200,
    "other_officer": 404,
    "admin": 200,
}


@pytest.mark.parametrize("name", NAMES)
def test_access_to_a_file_of_a_referred_case(personas: Personas, name: str) -> None:
    case = factories.upheld_case(citing=personas.right, by=personas.filer)
    factories.referred_case(personas.agency, case=case)
    file = case.evidence.get()
    assert personas.client(name).get(address(file)).status_code == EXPECTED[name]
    reads = [entry for entry in custody(file) if entry[0] == Action.READ]
    person = getattr(personas, name)
    assert reads == ([(Action.READ, person.pk)] if EXPECTED[name] == 200 else [])


def test_agency_that_declined_has_no_access(personas: Personas) -> None:
    case = factories.upheld_case(citing=personas.right, by=personas.filer)
    offered = factories.referred_case(personas.agency, case=case)
    officer = personas.client("officer")
    assert officer.get(address(case.evidence.get())).status_code == 200
    referral.answer(
        referral=offered, by=personas.officer, verb="decline", reason=factories.reason("decline")
    )
    assert officer.get(address(case.evidence.get())).status_code == 404


def test_moderators_have_no_access_to_drafts(personas: Personas) -> None:
    case = factories.draft_case(citing=personas.right, by=personas.filer)
    assert personas.client("moderator").get(address(case.evidence.get())).status_code == 404


def test_download_headers(client: Client, draft: Case) -> None:
    send(client, draft, picture('吊牌 "对比".png'))
    file = draft.evidence.get()
    response = client.get(address(file))
    headers = response.headers
    assert headers["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert headers["Content-Type"] == "image/png"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert headers["Cache-Control"] == "private, no-store"
    assert b"".join(response.streaming_content)[:4] == b"\x89PNG"
    assert "media" not in headers["Content-Disposition"]


def test_stored_file_has_no_url_and_no_original_name(client: Client, draft: Case) -> None:
    send(client, draft, picture("secret-name.png"))
    file = draft.evidence.get()
    assert "secret-name" not in str(file.file.name)
    with pytest.raises(ValueError, match="not accessible"):
        file.file.url  # noqa: B018


def test_missing_file_is_explained(client: Client, draft: Case, caplog: Any) -> None:
    send(client, draft, picture())
    file = draft.evidence.get()
    file.file.storage.delete(file.file.name)
    response = client.get(address(file))
    assert response.status_code == 404
    assert str(file.pk) in response.content.decode()
    assert (Action.READ, file.uploaded_by_id) not in custody(file)


def test_removal_from_a_draft_keeps_the_custody_record(
    client: Client, draft: Case, django_capture_on_commit_callbacks: Any
) -> None:
    send(client, draft, picture("wrong.png"))
    file = draft.evidence.get()
    path = Path(file.file.path)
    url = reverse("desk:evidence_remove", args=[file.pk])
    assert client.get(url).status_code == 302
    with django_capture_on_commit_callbacks(execute=True):
        page = client.post(url, follow=True).content.decode()
    assert "“wrong.png” was removed." in page
    assert not path.exists()
    assert [action for action, _actor in custody(file)] == [Action.RECEIVED, Action.REMOVED]
    assert client.post(url, follow=True).redirect_chain == [(step(draft), 302)]


@pytest.mark.parametrize(("name", "status"), [("viewer", 403), ("stranger", 404)])
def test_removal_needs_a_filer(personas: Personas, name: str, status: int) -> None:
    case = factories.draft_case(citing=personas.right, by=personas.filer)
    url = reverse("desk:evidence_remove", args=[case.evidence.get().pk])
    assert personas.client(name).post(url).status_code == status
    assert case.evidence.count() == 1


def test_evidence_of_a_submitted_case_cannot_be_removed(personas: Personas) -> None:
    case = factories.submitted_case(citing=personas.right, by=personas.filer)
    url = reverse("desk:evidence_remove", args=[case.evidence.get().pk])
    page = personas.client("filer").post(url, follow=True).content.decode()
    assert "so its evidence cannot be removed" in page
    assert case.evidence.count() == 1
