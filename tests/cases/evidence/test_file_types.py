"""The contents of uploaded files: types, damaged files and size limits of pictures."""

from __future__ import annotations

import contextlib
import io
import random
import struct
import zlib
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from alliance.lib import file_types
from cases.models import Case
from tests.cases.evidence.files import Action, custody, names, picture, send

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
    # The bytes are in the name of the test, so every process must make the same.
    noise = Image.frombytes("RGB", (300, 200), random.Random(7).randbytes(300 * 200 * 3))
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
    assert "“shot.pdf” has the wrong extension: its type is image/png" in page
    assert "extension .png" in page
