"""Pictures and common evidence that are uploaded with a sheet of listings."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from alliance.lib.refusals import Refusal
from cases.models import Marketplace
from members.models import ImportJob
from tests import factories
from tests.cases.imports.jobs import expected, job_of, problems
from tests.factories.files import png_bytes
from tests.factories.listing_sheets import listing_row, pictures
from tests.personas import Personas

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (None, "is not a ZIP file"),
        ({f"{n}.png": b"" for n in range(1001)}, "more than 1000 files"),
        ({"a/x.png": b"1", "b/X.png": b"2"}, "two files with the name"),
        ({"x.png": b"\0" * (200 * 1024**2 + 1)}, "unpacks to more than 200 MB"),
    ],
    ids=["none", "many", "twice", "bomb"],
)
def test_hostile_archives_are_refused(
    personas: Personas, market: Marketplace, files: Any, message: str
) -> None:
    archive = pictures(files) if files else factories.png("pictures.zip")
    if files and len(files) == 1:
        archive = _bomb(files)
    with pytest.raises(Refusal, match=message):
        job_of(personas, listing_row(market), pictures=archive)
    assert not ImportJob.objects.exists()


def _bomb(files: dict[str, bytes]) -> Any:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return SimpleUploadedFile("pictures.zip", out.getvalue())


def test_pictures_are_checked_as_evidence(
    personas: Personas, market: Marketplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["missing.png", "script.png", "photo.jpg", "图片.png"]
    rows = [listing_row(market, f"shop-{n}", pictures=name) for n, name in enumerate(names)]
    files = {"script.png": b"<script>", "photo.jpg": png_bytes(), "图片.png": png_bytes()}
    job = job_of(personas, *rows, pictures=pictures(files))
    found = problems(job)
    assert expected(job) == (1, 0, 3)
    assert "“missing.png” is not in the ZIP file." in found[2]
    assert "“script.png” is not a picture" in found[3]
    assert "“photo.jpg” has the wrong extension" in found[4]
    # Each case gets a copy of the common files, so videos and captures are none.
    clip = SimpleUploadedFile("clip.webm", b"\x1a\x45\xdf\xa3" + b"\x42\x82\x84webm" + b"\0" * 99)
    with pytest.raises(Refusal, match="or a PDF"):
        job_of(personas, listing_row(market), evidence=[clip])
    # The common file counts, too.
    monkeypatch.setattr("cases.imports.listing_rows.MAX_FILES", 2)
    files = {"a.png": png_bytes(1), "b.png": png_bytes(2)}
    rows = [listing_row(market, pictures=names) for names in ("a.png", "a.png, b.png")]
    job = job_of(personas, *rows, pictures=pictures(files))
    assert expected(job) == (1, 0, 1)
    assert "2 files, with those for all cases" in problems(job)[3]
