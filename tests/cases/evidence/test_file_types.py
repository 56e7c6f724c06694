"""The contents of uploaded files: types, damaged files and size limits of pictures."""

from __future__ import annotations

import contextlib
import gzip
import io
import random
import struct
import zlib
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from alliance.lib import file_types, recordings
from cases.models import Case
from tests.cases.evidence.files import Action, address, custody, names, picture, send, step
from tests.forms import form_data
from tests.personas import Personas

pytestmark = pytest.mark.django_db


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


@pytest.mark.parametrize(
    ("name", "contents", "words"),
    [
        ("nothing.png", b"", "is empty"),
        ("program.png", b"MZ\x90\x00" + b"\0" * 200, "is not a picture (PNG, JPEG, WebP, HEIC)"),
        ("page.pdf", b"<html><script>alert(1)</script></html>", "is not a picture"),
        ("vector.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is not a picture"),
        ("words.png", b"only words", "is not a picture"),
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
    # The bytes are in the name of the test, so every process must make the same.
    noise = Image.frombytes("RGB", (300, 200), random.Random(7).randbytes(300 * 200 * 3))
    noise.save(out, "JPEG", comment=b"\xfd\xff\xff\xff" * 200, **options)
    return out.getvalue()


HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 200


def heic(**options: Any) -> bytes:
    out = io.BytesIO()
    noise = Image.frombytes("RGB", (64, 48), random.Random(7).randbytes(64 * 48 * 3))
    noise.save(out, "HEIF", quality=50, **options)
    return out.getvalue()


def box(kind: bytes, data: bytes = b"") -> bytes:
    return struct.pack(">I", len(data) + 8) + kind + data


def mp4(brand: bytes = b"isom") -> bytes:
    wide = struct.pack(">I4sQ", 1, b"mdat", 16 + 50) + b"\0" * 50
    return box(b"ftyp", brand + b"\0\0\2\0") + wide + box(b"moov", box(b"mvhd", b"\0" * 100))


WEBM = (
    b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\xf2\x81\x04\x42\xf3\x81\x08\x42\x82\x84webm"
    b"\x42\x87\x81\x04\x42\x85\x81\x02\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff" + b"\0" * 50
)
MHTML = (
    b"From: <Saved by Blink>\r\nSnapshot-Content-Location: https://shop.example/item/"
    + b"7" * 3000
    + b"\r\nSubject: Item\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n"
    b'\ttype="text/html";\r\n\tboundary="----MultipartBoundary--x7"\r\n\r\n'
    b"------MultipartBoundary--x7\r\nContent-Type: text/html\r\n\r\n<script>alert(1)</script>"
    b"\r\n------MultipartBoundary--x7--\r\n"
)
WARC = b"WARC/1.0\r\nWARC-Type: warcinfo\r\nWARC-Record-ID: <urn:uuid:1>\r\nContent-Length: 0\r\n\r\n\r\n\r\n"
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
        ("photo.HEIC", heic()),
        ("film.mp4", mp4()),
        ("phone.m4v", mp4(b"M4V ")),
        ("film.MOV", box(b"ftyp", b"qt  ") + box(b"wide") + box(b"moov")),
        ("screen.webm", WEBM),
        ("page.mhtml", MHTML),
        ("page.mht", MHTML),
        ("site.warc", WARC),
        ("site.warc.gz", gzip.compress(WARC)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
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
        ("photo.heic", HEIC, "is damaged or incomplete"),
        ("cut.heic", heic()[:-900], "is damaged or incomplete"),
        ("photo.jpg", heic(), "has the wrong extension: its type is image/heic"),
        ("cut.mp4", mp4()[:-4], "is damaged or incomplete"),
        ("no-index.mov", box(b"ftyp", b"qt  ") + box(b"mdat", b"0" * 99), "is damaged"),
        ("sound.m4a", box(b"ftyp", b"M4A \0\0\0\0") + box(b"moov"), "is not a picture"),
        ("film.mkv", WEBM.replace(b"webm", b"matr"), "is not a picture"),
        ("header.webm", WEBM[:36], "is damaged or incomplete"),
        ("cut.mhtml", MHTML[:-30], "is damaged or incomplete"),
        ("page.mhtml", b"<html><script>alert(1)</script></html>", "is not a picture"),
        (
            "letter.mht",
            b"MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n<p>",
            "is not a picture",
        ),
        ("renamed.html", MHTML, "has the wrong extension: its type is multipart/related"),
        ("empty.warc", b"WARC/1.0\r\n\r\n", "is damaged or incomplete"),
        ("page.gz", gzip.compress(WARC), "Save it with the extension .warc.gz"),
        ("archive.warc.gz", gzip.compress(b"<html>"), "is not a picture"),
        ("scan.jp2", JPEG_2000, "is a JPEG 2000 picture, which is not accepted. Save it as JPEG"),
        ("scan.jpg", JPEG_2000_STREAM, "is a JPEG 2000 picture"),
        ("later.pdf", b" " * 1024 + b"%PDF-1.7", "is not a picture (PNG, JPEG, WebP, HEIC)"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
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
    for start in (
        b"",
        b"\0\0\0\x18ftypisom",
        b"\x1a\x45\xdf\xa3",
        b"\x1f\x8b\x08",
        b"MIME-Version: 1",
    ):
        found = file_types.identify(hostile := io.BytesIO(start + contents))
        with contextlib.suppress(file_types.Damaged):
            if recordings.is_recording(found):
                file_types.check(hostile, found)
    with contextlib.suppress(file_types.Damaged, file_types.TooManyPixels):
        file_types.check_picture(file, kind)


def test_wrong_extension_is_explained(client: Client, draft: Case) -> None:
    page = send(client, draft, picture("shot.pdf", "PNG")).content.decode()
    assert "“shot.pdf” has the wrong extension: its type is image/png" in page
    assert "extension .png" in page


def test_a_video_may_be_larger_than_a_picture(client: Client, draft: Case, settings: Any) -> None:
    settings.EVIDENCE_MAX_BYTES, settings.EVIDENCE_MAX_RECORDING_BYTES = 1024**2, 3 * 1024**2
    long = box(b"mdat", b"\0" * 2 * 1024**2)
    film = SimpleUploadedFile("film.mp4", mp4() + long)
    assert send(client, draft, film).status_code == 200
    response = send(
        client,
        draft,
        SimpleUploadedFile("longer.mp4", mp4() + long + long),
        # The name decides how much is received, and the contents what is accepted.
        SimpleUploadedFile("picture.mp4", b"%PDF-1.7 " + b"\0" * 2 * 1024**2),
        SimpleUploadedFile("renamed.png", mp4() + long),
    )
    page = unescape(response.content.decode())
    assert "“longer.mp4” is larger than 3 MB" in page
    assert "“picture.mp4” is larger than 1 MB" in page
    assert "“renamed.png” is larger than 1 MB" in page
    assert names(draft) == ["film.mp4"]
    file = draft.evidence.get()
    headers = client.get(address(file)).headers
    assert headers["Content-Disposition"].startswith("attachment;")
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_statements_about_a_capture(client: Client, draft: Case, personas: Personas) -> None:
    personas.filer.time_zone = "Asia/Shanghai"
    personas.filer.save()
    page = client.get(step(draft))
    data = form_data(page, "evidence-form", shows_url="https://shop.example/item/7?a=1&b=2")
    taken = {"captured_at": "2026-03-04T08:30"}
    client.post(step(draft), data | taken | {"uploads": [picture("shot.png")]})
    file = draft.evidence.get()
    assert file.shows_url == "https://shop.example/item/7?a=1&b=2"
    assert file.captured_at == datetime(2026, 3, 4, 0, 30, tzinfo=UTC)
    page = unescape(client.get(step(draft)).content.decode())
    assert "https://shop.example/item/7?a=1&b=2" in page
    assert "08:30" in page
    for wrong, words in (
        ({"shows_url": "javascript:alert(1)"}, "Enter a valid URL"),
        ({"captured_at": "2126-03-04T08:30"}, "cannot have been taken in the future"),
    ):
        response = client.post(step(draft), data | wrong | {"uploads": [picture("other.png")]})
        assert response.status_code == 422
        assert words in unescape(response.content.decode())
    assert draft.evidence.count() == 1
