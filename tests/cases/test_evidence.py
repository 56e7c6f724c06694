"""Uploading, downloading and removing evidence."""

from __future__ import annotations

import contextlib
import io
import re
import struct
import tracemalloc
import zlib
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIRequest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from alliance.lib import file_types
from alliance.lib.uploads import Oversized
from cases.models import Case, CustodyEntry, Evidence
from cases.services import evidence, referral
from cases.services.refusals import Conflict, NotAllowed, Refusal
from members.models import User
from tests import factories
from tests.personas import NAMES, Personas, browser_of

pytestmark = pytest.mark.django_db
Action = CustodyEntry.Action


def step(case: Case) -> str:
    return reverse("desk:evidence", args=[case.reference])


def address(file: Evidence) -> str:
    return reverse("desk:evidence_file", args=[file.pk])


def picture(name: str = "shot.png", kind: str = "PNG") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (9, 9), (factories.number() % 256, 7, 7)).save(out, kind)
    return SimpleUploadedFile(name, out.getvalue())


def send(client: Client, case: Case, *files: Any, kind: str = "screenshot") -> Any:
    return client.post(step(case), {"kind": kind, "uploads": list(files)}, follow=True)


def names(case: Case) -> list[str]:
    return list(case.evidence.order_by("uploaded_at").values_list("original_name", flat=True))


def custody(file: Evidence) -> list[tuple[str, int | None]]:
    return list(CustodyEntry.objects.filter(evidence_id=file.pk).values_list("action", "actor_id"))


@pytest.fixture
def draft(personas: Personas) -> Case:
    return factories.draft_case(by=personas.filer, citing=personas.right, files=0)


@pytest.fixture
def client(personas: Personas) -> Client:
    return personas.client("filer")


# --- Upload ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind", "sniffed"),
    [
        ("a.png", "PNG", "image/png"),
        ("a.JPG", "JPEG", "image/jpeg"),
        ("a.jfif", "JPEG", "image/jpeg"),
        ("a.webp", "WEBP", "image/webp"),
        ("a.pdf", "PDF", "application/pdf"),
    ],
)
def test_file_type_is_detected_and_file_is_hashed(
    client: Client, draft: Case, name: str, kind: str, sniffed: str
) -> None:
    assert send(client, draft, picture(name, kind)).status_code == 200
    file = draft.evidence.get()
    assert (file.content_type, len(file.sha256)) == (sniffed, 64)
    assert custody(file) == [(Action.RECEIVED, file.uploaded_by_id)]


def test_several_files_and_a_duplicate(client: Client, draft: Case) -> None:
    same = picture("one.png").read()
    first, second = (SimpleUploadedFile(name, same) for name in ("one.png", "again.png"))
    page = send(client, draft, first, picture("two.jpg", "JPEG")).content.decode()
    assert "2 files were attached." in page
    page = send(client, draft, second).content.decode()
    assert "“again.png” was attached before." in page
    assert names(draft) == ["one.png", "two.jpg"]


@pytest.mark.parametrize(
    ("name", "contents", "words"),
    [
        ("nothing.png", b"", "is empty"),
        ("program.png", b"MZ\x90\x00" + b"\0" * 200, "is not a PNG, JPEG, WebP or PDF"),
        ("page.pdf", b"<html><script>alert(1)</script></html>", "is not a PNG, JPEG"),
        ("vector.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is not a PNG, JPEG"),
        ("words.png", b"only words", "is not a PNG, JPEG"),
        ("broken.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "is damaged"),
    ],
)
def test_invalid_file_is_explained_and_others_are_kept(
    client: Client, draft: Case, name: str, contents: bytes, words: str
) -> None:
    response = send(client, draft, SimpleUploadedFile(name, contents), picture("good.png"))
    assert response.status_code == 422
    page = response.content.decode()
    assert name in page
    assert words in page
    assert names(draft) == ["good.png"]


def _chunk(kind: bytes, data: bytes = b"") -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_of_bytes(width: int, height: int, *chunks: bytes) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join((_chunk(b"IHDR", head), *chunks, _chunk(b"IEND")))


def tall_png(width: int, height: int) -> bytes:
    rows = zlib.compress(bytes((width + 7) // 8 + 1) * height)
    return png_of_bytes(width, height, _chunk(b"IDAT", rows))


def jpeg(**options: Any) -> bytes:
    out = io.BytesIO()
    noise = Image.effect_noise((300, 200), 90).convert("RGB")
    noise.save(out, "JPEG", comment=b"\xfd\xff\xff\xff" * 200, **options)
    return out.getvalue()


HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 200
JPEG_2000 = b"\0\0\0\x0cjP  \r\n\x87\n\0\0\0\x14ftypjp2 " + b"\0" * 200
JPEG_2000_STREAM = b"\xff\x4f\xff\x51" + b"\0" * 200


@pytest.mark.parametrize(
    ("name", "contents"),
    [
        ("guessed-otherwise.jpg", jpeg()),
        ("progressive.jpg", jpeg(progressive=True)),
        ("with-more-after-it.jpg", jpeg() + b"\0\0\0\x18ftypmp42" + b"\xff\xd8" * 50),
        ("mail-header-first.pdf", b"Content-Type: application/pdf\r\n\r\n" + b"%PDF-1.7\n%%EOF"),
        ("one-kilobyte-first.pdf", b" " * 1023 + b"%PDF-1.7\n%%EOF"),
        ("tall.png", tall_png(1080, 170_000)),
    ],
)
def test_unusual_valid_files_are_accepted(
    client: Client, draft: Case, name: str, contents: bytes
) -> None:
    response = send(client, draft, SimpleUploadedFile(name, contents))
    assert response.status_code == 200
    assert names(draft) == [name]


@pytest.mark.parametrize(
    ("name", "contents", "words"),
    [
        ("no-data.png", png_of_bytes(9, 9), "is damaged or incomplete"),
        (
            "cut.png",
            png_of_bytes(9, 9, _chunk(b"IDAT", zlib.compress(bytes(27))))[:-12],
            "is damaged",
        ),
        ("cut.jpg", jpeg()[:-20], "is damaged or incomplete"),
        ("half.jpg", jpeg(progressive=True)[:9000], "is damaged or incomplete"),
        ("head.jpg", jpeg()[:100], "is damaged or incomplete"),
        ("signature.jpg", b"\xff\xd8\xff", "is damaged or incomplete"),
        ("signature.webp", b"RIFF\x04\0\0\0WEBP", "is damaged or incomplete"),
        ("endless.png", tall_png(8, 40_000_000)[:200], "more than 250 million pixels"),
        ("bomb.png", png_of_bytes(2**30, 2**30), "more than 250 million pixels"),
        ("photo.heic", HEIC, "is a HEIC picture, which is not accepted. Save it as JPEG"),
        ("photo.jpg", HEIC, "is a HEIC picture"),
        ("scan.jp2", JPEG_2000, "is a JPEG 2000 picture, which is not accepted. Save it as JPEG"),
        ("scan.jpg", JPEG_2000_STREAM, "is a JPEG 2000 picture"),
        ("later.pdf", b" " * 1024 + b"%PDF-1.7", "is not a PNG, JPEG, WebP or PDF"),
    ],
)
def test_damaged_file_is_explained_and_others_are_kept(
    client: Client, draft: Case, name: str, contents: bytes, words: str
) -> None:
    bad = SimpleUploadedFile(name, contents)
    response = send(client, draft, picture("before.png"), bad, picture("after.png"))
    assert response.status_code == 422
    page = unescape(response.content.decode())
    assert f"“{name}”" in page
    assert words in page
    assert names(draft) == ["before.png", "after.png"]


@pytest.mark.parametrize(
    "kind", [file_types.PNG, file_types.JPEG, file_types.WEBP, file_types.HEIC, "no/type"]
)
@given(contents=st.binary(max_size=200))
def test_picture_check_never_crashes(kind: str, contents: bytes) -> None:
    file = io.BytesIO({file_types.JPEG: b"\xff\xd8\xff"}.get(kind, b"") + contents)
    file_types.identify(file)
    with contextlib.suppress(file_types.Damaged, file_types.TooManyPixels):
        file_types.check_picture(file, kind)


def test_wrong_extension_is_explained(client: Client, draft: Case) -> None:
    page = send(client, draft, picture("shot.pdf", "PNG")).content.decode()
    assert "“shot.pdf” is mislabelled: its contents are image/png" in page
    assert "ending .png" in page


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
    assert "“5.pdf”: send fewer files at a time." in page
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
    assert "up to 1 files" in send(client, draft, picture("two.jpg", "JPEG")).content.decode()


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
    assert evidence.clean_name(given) == kept


def test_long_name_keeps_its_extension(client: Client, draft: Case) -> None:
    send(client, draft, picture(f"{'名' * 240}.png"))
    (name,) = names(draft)
    assert len(name) <= 200
    assert name.endswith("….png")


# --- Download --------------------------------------------------------------------------------


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


# --- Removal ---------------------------------------------------------------------------------


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
    assert "its evidence stays as it is" in page
    assert case.evidence.count() == 1


# --- After submission ------------------------------------------------------------------------


def test_evidence_can_be_added_until_the_decision(personas: Personas) -> None:
    case = factories.submitted_case(citing=personas.right, by=personas.filer)
    client = personas.client("filer")
    assert send(client, case, picture("more.png")).redirect_chain[-1][0] == case.get_absolute_url()
    assert "more.png" in client.get(case.get_absolute_url()).content.decode()
    decided = factories.upheld_case(citing=personas.right, by=personas.filer)
    assert send(client, decided, picture()).status_code == 422
    page = client.get(step(decided), follow=True).content.decode()
    assert "so this can no longer be done" in page


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
