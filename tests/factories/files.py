"""Files as uploaded by a browser."""

from __future__ import annotations

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.factories.numbers import number


def png_bytes(seed: int | None = None) -> bytes:
    """Return a small, valid PNG. Different seeds give different hashes."""
    n = number() if seed is None else seed
    out = io.BytesIO()
    Image.new("RGB", (8, 8), (n % 256, n // 256 % 256, n // 65536 % 256)).save(out, "PNG")
    return out.getvalue()


def png(name: str = "screenshot.png", seed: int | None = None) -> SimpleUploadedFile:
    """Return a PNG as uploaded by a browser."""
    return SimpleUploadedFile(name, png_bytes(seed), content_type="image/png")
