"""ZIP archives of pictures: what is refused before it costs memory."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from alliance.lib import picture_archives, recordings
from alliance.lib.picture_archives import PictureArchive
from alliance.lib.refusals import Refusal


def archive(*names: str, method: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name in names:
            made.writestr(name, b"picture")
    return out.getvalue()


def undecodable() -> bytes:
    """A name that is said to be UTF-8 and is not."""
    return archive("图.png").replace("图".encode(), b"\xff\xfe\xfd")


def many() -> bytes:
    """More entries than the end of the archive says."""
    whole = archive(*(f"__MACOSX/{number}.png" for number in range(2000)))
    end = whole.rindex(b"PK\x05\x06")
    return whole[: end + 8] + struct.pack("<HH", 1, 1) + whole[end + 12 :]


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (lambda: archive("a.png", method=zipfile.ZIP_BZIP2), "unusual way"),
        (lambda: archive("a.png", method=zipfile.ZIP_LZMA), "unusual way"),
        (undecodable, "is not a ZIP file"),
        (many, "more than 1000 files"),
    ],
    ids=["bzip2", "lzma", "name", "many"],
)
def test_hostile_archives(made: Callable[[], bytes], message: str, monkeypatch: Any) -> None:
    monkeypatch.setattr(picture_archives, "MAX_DIRECTORY", 100_000)
    data = made()
    with pytest.raises(Refusal, match=message):
        PictureArchive(io.BytesIO(data), "pictures.zip")
    usual = PictureArchive(
        io.BytesIO(archive("a.png", method=zipfile.ZIP_DEFLATED)), "pictures.zip"
    )
    assert usual.read("A.PNG", max_bytes=100) == b"picture"


def test_hostile_boundaries_are_no_capture() -> None:
    head = b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary*=a\x00b'en'x\r\n\r\n"
    assert recordings._boundary(head) == b""
