"""Documents of the demo: certificates of rights and letters of authorisation, as pictures of a page."""

from __future__ import annotations

import io
from collections.abc import Iterable

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw, ImageFont

SIZE = (600, 780)
CONTENT_TYPES = {"PNG": "image/png", "PDF": "application/pdf"}


def paper(name: str, kind: str, rows: Iterable[tuple[str, int, int]]) -> SimpleUploadedFile:
    """Return a page as an upload. ``kind`` is PNG or PDF; ``rows`` are texts with their sizes and heights, in pixels.

    The font has Latin letters only; other characters are left out.
    """
    picture = Image.new("1", SIZE, 1)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((20, 20, 580, 760), outline=0, width=3)
    draw.rectangle((30, 30, 570, 750), outline=0)
    for text, size, top in rows:
        words = text.encode("latin-1", "ignore").decode("latin-1").strip()
        draw.text((300, top), words, fill=0, font=ImageFont.load_default(size), anchor="mm")
    out = io.BytesIO()
    picture.save(out, kind)
    return SimpleUploadedFile(f"{name}.{kind.lower()}", out.getvalue(), CONTENT_TYPES[kind])
