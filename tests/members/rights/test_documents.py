"""Stored documents: who may download them, how they are served, and that nothing is left behind."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse

from alliance.lib import clock
from alliance.lib.private_files import PrivateStorage
from alliance.lib.refusals import Refusal
from members import tasks
from members.models import Document, IPRight
from members.models.document import FOLDER
from members.services import documents, rights
from tests import factories
from tests.personas import NAMES, Personas

pytestmark = pytest.mark.django_db
EXPECTED = {"anonymous": 302, "stranger": 404, "officer": 404, "other_officer": 404}


def address(right: IPRight) -> str:
    return reverse("document", args=[right.certificate_id])


def stored_files() -> set[str]:
    root = Path(storage().path(FOLDER))
    return {path.name for path in root.rglob("*") if path.is_file()}


def storage() -> Any:
    return Document._meta.get_field("file").storage  # type: ignore[union-attr]


@pytest.fixture(autouse=True)
def empty_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    field = Document._meta.get_field("file")
    monkeypatch.setattr(field, "storage", PrivateStorage(location=tmp_path))


@pytest.mark.parametrize("name", NAMES)
def test_who_may_download(personas: Personas, name: str) -> None:
    right = factories.registered_right(personas.member, by=personas.owner)
    status = personas.client(name).get(address(right)).status_code
    assert status == EXPECTED.get(name, 200)


def test_download_headers(personas: Personas) -> None:
    right = factories.registered_right(
        personas.member, certificate=factories.png('证书 "1".png'), by=personas.owner
    )
    response = personas.client("viewer").get(address(right))
    headers = response.headers
    assert headers["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert headers["Content-Type"] == "image/png"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert headers["Cache-Control"] == "private, no-store"
    assert b"".join(response.streaming_content)[:4] == b"\x89PNG"
    document = right.certificate
    assert document is not None
    assert "证书" not in str(document.file.name)
    with pytest.raises(ValueError, match="not accessible"):
        document.file.url  # noqa: B018


def test_end_of_a_role_ends_the_download(personas: Personas) -> None:
    right = factories.registered_right(personas.member, by=personas.owner)
    client = personas.client("viewer")
    assert client.get(address(right)).status_code == 200
    personas.viewer.memberships.all().delete()
    assert client.get(address(right)).status_code == 404


def test_missing_file_is_explained(personas: Personas) -> None:
    right = factories.registered_right(personas.member, by=personas.owner)
    assert right.certificate is not None
    storage().delete(str(right.certificate.file.name))
    response = personas.client("owner").get(address(right))
    assert response.status_code == 404
    assert str(right.certificate_id) in response.text


def test_refused_registration_leaves_no_file(personas: Personas) -> None:
    taken = factories.right(number="77")
    for number in ("77", "78"):
        with pytest.raises(Refusal):
            rights.register(
                member=personas.member,
                by=personas.owner,
                brand=personas.brand if number == "77" else factories.brand(),
                certificate=factories.png("certificate.png"),
                **factories.facts_of_right(number=number),
            )
    assert taken.certificate is None
    assert stored_files() == set()
    assert not Document.objects.exists()


def test_error_while_saving_leaves_no_file(
    personas: Personas, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(IPRight, "save", fail)
    with pytest.raises(RuntimeError, match="power cut"):
        factories.registered_right(personas.member, by=personas.owner)
    assert stored_files() == set()
    assert not Document.objects.exists()


def test_full_disk_is_explained(personas: Personas, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: Any, **_kwargs: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("alliance.lib.private_files.PrivateStorage._save", full)
    with pytest.raises(Refusal, match="could not be stored"):
        factories.registered_right(personas.member, by=personas.owner)
    assert not IPRight.objects.filter(member=personas.member, verified_at=None).exists()


def test_leftovers_are_deleted_after_a_day(
    personas: Personas, django_capture_on_commit_callbacks: Any
) -> None:
    kept = factories.registered_right(personas.member, by=personas.owner)
    dropped = factories.registered_right(personas.member, by=personas.owner)
    # As after a process was killed between the file and its row, and as after a deletion in the admin.
    lost = Document(kind="certificate", original_name="x", size=1, uploaded_by=personas.owner)
    lost.file.save("x", ContentFile(b"x"), save=False)
    unused = dropped.certificate_id
    dropped.delete()
    strange = Path(storage().path(FOLDER)) / "ab"
    strange.mkdir(parents=True, exist_ok=True)
    (strange / "notes.txt").write_text("not ours")
    tasks.delete_leftovers()
    assert len(stored_files()) == 4
    with (
        clock.at(clock.now() + timedelta(days=2)),
        django_capture_on_commit_callbacks(execute=True),
    ):
        tasks.delete_leftovers()
    assert stored_files() == {str(kept.certificate_id), "notes.txt"}
    assert not Document.objects.filter(pk=unused).exists()
    assert personas.client("owner").get(address(kept)).status_code == 200


def test_deletion_that_is_rolled_back_keeps_the_file(personas: Personas) -> None:
    right = factories.registered_right(personas.member, by=personas.owner)
    document = right.certificate
    assert document is not None

    def fail() -> None:
        with transaction.atomic():
            IPRight.objects.filter(pk=right.pk).update(certificate=None)
            documents.delete(document)
            raise RuntimeError("rolled back")

    with pytest.raises(RuntimeError, match="rolled back"):
        fail()
    assert personas.client("owner").get(address(right)).status_code == 200


def test_pdf_is_not_displayed(personas: Personas) -> None:
    pdf = SimpleUploadedFile("certificate.pdf", b"%PDF-1.7\n%%EOF\n")
    right = factories.registered_right(personas.member, by=personas.owner, certificate=pdf)
    page = personas.client("moderator").get(reverse("triage:right", args=[right.pk])).text
    assert "A PDF is not displayed here." in page
    assert "<img class=" not in page
