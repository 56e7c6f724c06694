"""The real program on real pictures. CI does not install its packages: they need 300 MB, and seconds for a picture.

To run these tests: ``pip install --no-deps --require-hashes -r requirements-ocr.txt`` in the environment of the tests.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw, ImageFont

from alliance.lib import ocr
from cases.marketplaces import contacts
from cases.models import Case, FoundContact
from cases.services import evidence, picture_readings, previews
from tests.processes import wait_for, worker

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not ocr.is_installed(), reason="requirements-ocr.txt is not installed"),
]
FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc")
LINES = (
    "正品包包 工厂直销 ¥1,299.00",
    "微信：silk_shop88",
    "WhatsApp: +44 20 7946 0958",
    "支付宝 silk@mail.example",
)


def picture(kind: str = "WEBP", height: int = 700) -> bytes:
    image = Image.new("RGB", (1000, height), "white")
    draw, font = ImageDraw.Draw(image), ImageFont.truetype(str(FONT), 40)
    for at, line in enumerate(LINES):
        draw.text((40, height - 600 + 120 * at), line, font=font, fill="black")
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


@pytest.mark.skipif(not FONT.exists(), reason="the font Noto Sans CJK is not installed")
@pytest.mark.parametrize("height", [700, 3500])
def test_contacts_are_read_in_short_and_tall_pictures(height: int) -> None:
    lines = [(line.text, line.confidence) for line in ocr.read(picture(height=height))]
    assert {(one.kind, one.value) for one in contacts.find(lines, ["CN"])} == {
        ("social", "wechat: silk_shop88"),
        ("phone", "+442079460958"),
        ("payment", "silk@mail.example"),
    }


@pytest.mark.skipif(not FONT.exists(), reason="the font Noto Sans CJK is not installed")
@pytest.mark.django_db
def test_from_the_upload_to_the_suggestion(draft: Case) -> None:
    upload = SimpleUploadedFile("shop.png", picture("PNG"))
    evidence.add(case=draft, by=draft.created_by, upload=upload, kind="screenshot")
    previews.make_due(seconds=20)
    picture_readings.read_due(seconds=5)
    assert FoundContact.objects.filter(value="wechat: silk_shop88", state="proposed").exists()


@pytest.mark.skipif(not FONT.exists(), reason="the font Noto Sans CJK is not installed")
@pytest.mark.django_db(transaction=True)
def test_worker_of_the_queue(draft: Case, tmp_path: Path, settings: Any) -> None:
    upload = SimpleUploadedFile("shop.png", picture("PNG"))
    evidence.add(case=draft, by=draft.created_by, upload=upload, kind="screenshot")
    previews.make_due(seconds=20)
    given = {"OCR_ENABLED": "1", "EVIDENCE_ROOT": str(settings.EVIDENCE_ROOT)}
    with worker(tmp_path / "log", concurrency=1, arguments=("-Q", "ocr"), **given):
        wait_for(FoundContact.objects.exists, seconds=60, what="contacts")


@pytest.mark.parametrize(
    "data", [b"", b"RIFF\x00\x00\x00\x00WEBP", b"\x89PNG\r\n\x1a\n", b"GIF89a"]
)
def test_other_files_are_not_opened(data: bytes) -> None:
    with pytest.raises(ocr.Unreadable):
        ocr.read(data)


def test_pictures_with_too_many_pixels_are_not_read() -> None:
    out = io.BytesIO()
    Image.new("RGB", (3000, 3000)).save(out, "WEBP")
    with pytest.raises(ocr.Unreadable):
        ocr.read(out.getvalue())


def test_picture_without_text_has_no_lines() -> None:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(out, "WEBP")
    assert ocr.read(out.getvalue()) == []
