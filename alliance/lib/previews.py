"""Make a preview and a thumbnail of an untrusted picture, without its metadata."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import IO

from celery.exceptions import SoftTimeLimitExceeded
from PIL import Image, ImageOps

from alliance.lib import file_types, pictures

# The longer side of a preview. Tall screenshots of pages may be longer, so that their text stays legible.
SIDE, TALL_SIDE = 1200, 3600
# Thumbnails show the top of a picture, and are too small to read.
THUMBNAIL = (192, 144)
QUALITY = 80


class Impossible(Exception):
    """The picture is damaged, or has more pixels than :data:`alliance.lib.pictures.MAX_PIXELS`."""


@dataclass(frozen=True)
class Rendered:
    """``image`` and ``thumbnail`` are WebP files; ``picture`` has the pixels of ``image``."""

    image: bytes
    thumbnail: bytes
    picture: Image.Image


def render(file: IO[bytes], content_type: str) -> Rendered:
    """Return the preview of a picture: upright, in sRGB, on white.

    Raises :class:`Impossible`; and :class:`MemoryError` or Celery's time limit, after which another try may succeed.
    """
    try:
        with Image.open(file, formats=(file_types.DECODERS[content_type],)) as image:
            picture = _small(image)
    except (MemoryError, SoftTimeLimitExceeded):
        raise
    except Exception as error:  # decoders raise many errors
        raise Impossible(type(error).__name__) from error
    thumbnail = ImageOps.fit(picture, THUMBNAIL, centering=(0.5, 0.0))
    return Rendered(_webp(picture), _webp(thumbnail), picture)


def _small(image: Image.Image) -> Image.Image:
    # A progressive JPEG is kept in memory whole, whatever size it is decoded at.
    if not image.info.get("progressive"):
        image.draft("RGB", (2 * SIDE, 2 * SIDE))
    if image.width * image.height > pictures.MAX_PIXELS:
        raise Impossible("too many pixels")
    upright = pictures.opened_for(image, SIDE)
    if upright.mode not in ("L", "RGB", "CMYK"):
        upright = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    tall = upright.height > 2 * upright.width
    upright.thumbnail((SIDE, TALL_SIDE if tall else SIDE))
    plain = pictures.in_srgb(pictures.on_white(upright))
    # What the file says of itself is left behind.
    plain.info = {}
    return plain


def _webp(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=QUALITY, method=2)
    return out.getvalue()
