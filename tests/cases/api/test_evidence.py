"""Programs add, download and remove evidence as the pages do."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.models import CustodyEntry, Evidence, StorageUse
from cases.services import filing
from cases.services.evidence import MAX_FILES
from members.models import StoredAnswer
from tests import factories
from tests.factories.api import Api, api_of, fields
from tests.factories.files import png, png_bytes
from tests.personas import Personas

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(personas: Personas) -> str:
    case = factories.draft_case(by=personas.filer, citing=personas.right, files=0)
    return f"/cases/{case.reference}/evidence"


def problem(answer: Any, status: int = 422) -> str:
    assert answer.status_code == status, answer.content
    return str(answer.json()["detail"])


def test_a_file_is_added_once_and_downloaded(api: Api, path: str, personas: Personas) -> None:
    sent = {
        "file": png("page.png", seed=1),
        "kind": "test_purchase",
        "shows_url": "https://www.yimart.example/item/1",
        "captured_at": "2026-03-01T10:00:00+08:00",
    }
    added = api.upload(path, sent)
    assert added.status_code == 201, added.content
    file = added.json()
    assert (file["name"], file["kind"], file["content_type"]) == (
        "page.png",
        "test_purchase",
        "image/png",
    )
    assert file["captured_at"] == "2026-03-01T02:00:00Z"
    data = Evidence.objects.get().file.read()
    assert (file["size"], file["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
    again = api.upload(path, {"file": png("page.png", seed=1), "kind": "document"})
    assert again.json() == file

    download = api.get(added.headers["Location"])
    assert b"".join(download.streaming_content) == data
    assert download.headers["Content-Type"] == "image/png"
    assert "attachment" in download.headers["Content-Disposition"]
    assert download.headers["Cache-Control"] == "private, no-store"
    actions = CustodyEntry.objects.order_by("position").values_list("action", "actor_id")
    assert list(actions) == [("received", personas.filer.pk), ("read", personas.filer.pk)]

    removed = api.delete(f"{path}/{file['id']}")
    assert (removed.status_code, removed.json()) == (200, file)
    assert api.delete(f"{path}/{file['id']}").status_code == 404
    assert api.get(f"{path}/{file['id']}").status_code == 404
    assert api.get(f"{path}/{uuid.uuid4()}").status_code == 404


def test_the_checks_are_those_of_the_pages(
    api: Api, path: str, personas: Personas, settings: Any
) -> None:
    text = SimpleUploadedFile("page.png", b"<script>", "image/png")
    assert "is not a picture" in problem(api.upload(path, {"file": text, "kind": "document"}))
    jpeg = SimpleUploadedFile("page.jpg", png_bytes(), "image/jpeg")
    assert "wrong extension" in problem(api.upload(path, {"file": jpeg, "kind": "document"}))
    future = {"file": png(), "kind": "document", "captured_at": "2999-01-01T00:00:00Z"}
    assert "future" in problem(api.upload(path, future))
    # Wrong fields are named.
    answer = api.upload(path, {"file": "text", "kind": "photo", "captured_at": "soon"})
    assert {one["field"] for one in answer.json()["errors"]} >= {"file", "kind", "captured_at"}
    misspelt = {
        "file": png(),
        "kind": "document",
        "show_url": "https://a.example",
        "picture": png(),
    }
    assert set(fields(api.upload(path, misspelt))) == {"show_url", "picture"}
    assert api.post(path, {"kind": "document"}).status_code == 415
    settings.EVIDENCE_MAX_BYTES = 1000
    large = SimpleUploadedFile("page.png", png_bytes() + b"\0" * 1000, "image/png")
    assert "larger than" in problem(api.upload(path, {"file": large, "kind": "document"}))
    settings.EVIDENCE_MAX_BYTES = 10**6
    StorageUse.objects.update_or_create(member=personas.member, defaults={"quota_mb": 0})
    assert problem(api.upload(path, {"file": png(), "kind": "document"}))
    assert not Evidence.objects.exists()


def test_the_number_of_files_has_a_limit(
    api: Api, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MAX_FILES == 50
    monkeypatch.setattr("cases.services.evidence.MAX_FILES", 1)
    assert api.upload(path, {"file": png(seed=1), "kind": "document"}).status_code == 201
    assert "1 file" in problem(api.upload(path, {"file": png(seed=2), "kind": "document"}))


def test_the_same_key_gives_the_same_answer(api: Api, path: str) -> None:
    first = api.upload(path, {"file": png(seed=1), "kind": "document"}, Idempotency_Key="k")
    again = api.upload(path, {"file": png(seed=1), "kind": "document"}, Idempotency_Key="k")
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["Idempotency-Replayed"] == "true"
    other = api.upload(path, {"file": png(seed=2), "kind": "document"}, Idempotency_Key="k")
    assert "idempotency key" in problem(other)
    assert Evidence.objects.count() == 1
    # A refused request stores nothing, and a request that was interrupted is done again.
    empty = {"file": SimpleUploadedFile("a.png", b"x", "image/png"), "kind": "document"}
    assert api.upload(path, empty, Idempotency_Key="k-2").status_code == 422
    assert StoredAnswer.objects.count() == 1
    StoredAnswer.objects.update(status=0, body="", headers={})
    done = api.upload(path, {"file": png(seed=1), "kind": "document"}, Idempotency_Key="k")
    assert (done.status_code, done.json()) == (201, first.json())
    assert StoredAnswer.objects.get().status == 201


def test_evidence_of_others_and_of_decided_cases(api: Api, personas: Personas) -> None:
    mine = {"by": personas.filer, "citing": personas.right}
    case, other = factories.submitted_case(**mine), factories.submitted_case(**mine)
    file = other.evidence.get()
    assert api.get(f"/cases/{case.reference}/evidence/{file.pk}").status_code == 404
    stranger = api_of(personas, "stranger")
    assert stranger.get(f"/cases/{other.reference}/evidence/{file.pk}").status_code == 404
    path = f"/cases/{case.reference}/evidence"
    assert stranger.upload(path, {"file": png(), "kind": "document"}).status_code == 404
    assert api.delete(f"/cases/{other.reference}/evidence/{file.pk}").status_code == 409
    # The timeline of a submitted case says what was added.
    added = api.upload(path, {"file": png("label.png", seed=5), "kind": "document"}).json()
    entry = api.get(f"/cases/{case.reference}/events").json()["items"][0]
    assert entry["file"] == {"name": "label.png", "sha256": added["sha256"]}
    closed = factories.draft_case(**mine)
    filing.withdraw(case=closed, by=personas.filer)
    refused = api.upload(
        f"/cases/{closed.reference}/evidence", {"file": png(seed=6), "kind": "document"}
    )
    assert refused.status_code == 404


def test_late_evidence_reopens_a_rejected_case(api: Api, personas: Personas) -> None:
    case = factories.rejected_case(by=personas.filer, citing=personas.right)
    path = f"/cases/{case.reference}"
    asked = {"text": "The maker has confirmed that it never sold to this shop."}
    assert "Add the evidence" in problem(api.post(f"{path}/reopen", asked))
    added = api.upload(f"{path}/evidence", {"file": png(seed=7), "kind": "document"})
    assert added.status_code == 201, added.content
    for _ in range(2):
        reopened = api.post(f"{path}/reopen", asked)
        assert reopened.json()["status"] == "submitted", reopened.content
    assert case.events.filter(kind="reopened").count() == 1


def test_a_session_does_not_upload(path: str, personas: Personas) -> None:
    answer = personas.client("filer").post(f"/api/v1{path}", {"file": png(), "kind": "document"})
    assert answer.status_code == 401


def test_the_answer_stays_when_the_draft_is_gone(api: Api, path: str) -> None:
    sent = {"kind": "document"}
    first = api.upload(path, sent | {"file": png(seed=1)}, Idempotency_Key="k")
    reference = path.split("/")[2]
    assert api.post(f"/cases/{reference}/withdraw", {}).status_code == 200
    again = api.upload(path, sent | {"file": png(seed=1)}, Idempotency_Key="k")
    assert (again.status_code, again.content) == (201, first.content)
