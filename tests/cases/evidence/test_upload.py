"""Uploading evidence: several files, duplicates, limits and file names."""

from __future__ import annotations

import io
import re
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIRequest
from django.db import OperationalError
from django.test import Client

from alliance.lib import arrivals
from alliance.lib.refusals import Conflict, NotAllowed, Refusal
from alliance.lib.uploads import Oversized
from cases.models import Case, Evidence
from cases.services import evidence
from cases.states import OPEN, Status
from members.models import User
from tests import factories
from tests.cases.evidence.files import names, picture, send, step
from tests.personas import Personas, browser_of

pytestmark = pytest.mark.django_db


def test_several_files_and_a_duplicate(client: Client, draft: Case) -> None:
    same = picture("one.png").read()
    first, second = (SimpleUploadedFile(name, same) for name in ("one.png", "again.png"))
    page = send(client, draft, first, picture("two.jpg", "JPEG")).content.decode()
    assert "2 files were uploaded." in page
    page = send(client, draft, second).content.decode()
    assert "“again.png” was already uploaded." in page
    assert names(draft) == ["one.png", "two.jpg"]


def test_upload_without_a_file_is_refused(client: Client, draft: Case) -> None:
    response = send(client, draft)
    assert response.status_code == 422
    assert "Choose at least one file." in response.content.decode()


def test_oversized_file_is_named_and_other_input_is_kept(
    client: Client, draft: Case, settings: Any
) -> None:
    settings.EVIDENCE_MAX_BYTES = 1024**2
    large = SimpleUploadedFile("film.png", picture().read() + b"\0" * 3 * 1024**2)
    response = send(client, draft, large, picture("small.png"), kind="test_purchase")
    page = response.content.decode()
    assert "“film.png” is larger than 1 MB" in page
    assert re.search(r'value="test_purchase"\s+selected', page)
    assert names(draft) == ["small.png"]


def test_oversized_request_is_explained_for_each_file(
    client: Client, draft: Case, settings: Any
) -> None:
    settings.EVIDENCE_MAX_BYTES = 10_000
    files = [SimpleUploadedFile(f"{n}.pdf", b"%PDF-1.7 " + bytes([n]) * 7900) for n in range(6)]
    page = send(client, draft, *files).content.decode()
    assert "“5.pdf”: upload fewer files at a time." in page
    assert names(draft) == ["0.pdf", "1.pdf", "2.pdf", "3.pdf", "4.pdf"]


class GeneratedBody(io.RawIOBase):
    """A request body of ``size`` bytes, generated while it is read."""

    def __init__(self, head: bytes, size: int, tail: bytes) -> None:
        self.parts = [head, size, tail]

    def read(self, size: int = -1) -> bytes:
        part = next((p for p in self.parts if p), b"")
        place = self.parts.index(part)
        if isinstance(part, bytes):
            self.parts[place] = part[size:]
            return part[:size]
        self.parts[place] = max(0, part - size)
        return b"\0" * min(size, part)


def test_huge_upload_uses_bounded_memory_and_disk(tmp_path: Path, settings: Any) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    settings.EVIDENCE_MAX_BYTES = 2 * 1024**2
    size = 200 * 1024**2
    head = (
        b'--b\r\nContent-Disposition: form-data; name="uploads"; filename="huge.png"\r\n'
        b"Content-Type: image/png\r\n\r\n"
    )
    tail = b'\r\n--b\r\nContent-Disposition: form-data; name="kind"\r\n\r\ndocument\r\n--b--\r\n'
    body = GeneratedBody(head, size, tail)
    request = WSGIRequest(
        {
            "REQUEST_METHOD": "POST",
            "CONTENT_TYPE": "multipart/form-data; boundary=b",
            "CONTENT_LENGTH": str(len(head) + size + len(tail)),
            "wsgi.input": body,
        }
    )
    tracemalloc.start()
    upload = request.FILES["uploads"]
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert isinstance(upload, Oversized)
    assert (upload.size, upload.read()) == (size, b"")
    assert request.POST["kind"] == "document"
    assert peak < 8 * 1024**2
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) <= settings.EVIDENCE_MAX_BYTES


def test_files_of_anonymous_users_are_dropped(draft: Case, tmp_path: Path) -> None:
    client = Client()
    response = client.post(step(draft), {"kind": "document", "uploads": picture()})
    assert response.status_code == 302
    assert list(response.wsgi_request.FILES) == []
    assert response.wsgi_request.POST["kind"] == "document"


def test_too_many_files_are_refused(client: Client, draft: Case, monkeypatch: Any) -> None:
    monkeypatch.setattr(evidence, "MAX_FILES", 1)
    send(client, draft, picture("one.png"))
    assert "up to 1 file." in send(client, draft, picture("two.jpg", "JPEG")).content.decode()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a\\b\\c.png", "c.png"),
        ("../../etc/passwd", "passwd"),
        ("in\u202egnp.exe", "ingnp.exe"),
        ("two\r\nlines.png", "two lines.png"),
        ("لقطة شاشة.png", "لقطة شاشة.png"),
        ("截图（第三次）.png", "截图（第三次）.png"),
        ("نیم\u200cفاصله.png", "نیم\u200cفاصله.png"),
        ("", "file"),
    ],
)
def test_file_names_are_cleaned(given: str, kept: str) -> None:
    assert arrivals.clean_name(given) == kept


def test_long_name_keeps_its_extension(client: Client, draft: Case) -> None:
    send(client, draft, picture(f"{'名' * 240}.png"))
    (name,) = names(draft)
    assert len(name) <= 200
    assert name.endswith("….png")


@pytest.mark.parametrize("status", Status)
def test_evidence_can_be_added_to_every_open_case(personas: Personas, status: Status) -> None:
    case = factories.CASE_IN[status](citing=personas.right, by=personas.filer)
    client = personas.client("filer")
    response = send(client, case, picture("more.png"))
    page = client.get(case.get_absolute_url()).text
    if status == Status.DRAFT:
        assert "more.png" in page
    elif status in OPEN:
        assert response.redirect_chain[-1][0] == case.get_absolute_url()
        assert "more.png" in page
        assert "Add evidence</a>" in page
    else:
        assert response.status_code == 422
        assert "so this can no longer be done" in response.content.decode()
        assert "Add evidence</a>" not in page
        page = client.get(step(case), follow=True).content.decode()
        assert "so this can no longer be done" in page


def test_failure_after_the_commit_keeps_the_file(draft: Case, monkeypatch: Any) -> None:
    real = evidence.save

    def late(*values: Any, **named: Any) -> Evidence:
        real(*values, **named)
        raise RuntimeError

    def early(*values: Any, **named: Any) -> Evidence:
        raise RuntimeError

    def add(seed: int) -> None:
        upload = factories.png(seed=seed)
        evidence.add(case=draft, by=draft.created_by, upload=upload, kind="screenshot")

    monkeypatch.setattr(evidence, "save", late)
    with pytest.raises(RuntimeError):
        add(1)
    file = draft.evidence.get().file
    assert file.storage.exists(file.name)
    monkeypatch.setattr(evidence, "save", early)
    deleted: list[str] = []
    monkeypatch.setattr(file.storage, "delete", deleted.append)
    with pytest.raises(RuntimeError):
        add(2)
    assert len(deleted) == 1
    # If the database does not answer, the file stays.
    monkeypatch.setattr(Evidence._base_manager, "filter", _no_answer, raising=False)
    with pytest.raises(RuntimeError):
        add(3)
    assert len(deleted) == 1


def _no_answer(**lookup: Any) -> Any:
    raise OperationalError


def test_service_checks_role_file_and_status(personas: Personas, draft: Case) -> None:
    def add(by: User) -> None:
        evidence.add(case=draft, by=by, upload=factories.png(), kind="screenshot")

    for name in ("viewer", "stranger", "moderator"):
        with pytest.raises(NotAllowed):
            add(getattr(personas, name))
    with pytest.raises(Refusal, match="is empty"):
        evidence.add(
            case=draft, by=personas.filer, upload=SimpleUploadedFile("a.png", b""), kind="document"
        )
    add(personas.filer)
    file = draft.evidence.get()
    draft.status = "withdrawn"
    draft.save()
    with pytest.raises(Conflict):
        evidence.remove(evidence=file, by=personas.filer)
    assert browser_of(personas.stranger).get(step(draft)).status_code == 404
