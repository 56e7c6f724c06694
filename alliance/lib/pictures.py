"""Decode pictures that people uploaded, and encode them again smaller and without metadata."""

from __future__ import annotations

import io

from PIL import Image, ImageCms, ImageOps

# Width × height: a camera's picture. Decoding needs four bytes of memory for each pixel.
MAX_PIXELS = 50_000_000


def opened_for(image: Image.Image, side: int) -> Image.Image:
    """Return ``image`` upright. A JPEG is decoded at the size that a picture of ``side`` pixels needs."""
    image.draft("RGB", (2 * side, 2 * side))
    return ImageOps.exif_transpose(image)


def in_srgb(image: Image.Image) -> Image.Image:
    """Return the picture with the colours that its colour profile means. A broken profile is ignored."""
    if profile := image.info.get("icc_profile"):
        try:
            meant = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            shown = ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(image, meant, shown, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            converted = None
        if converted is not None:
            return converted
    return image.convert("RGB")


def on_white(image: Image.Image) -> Image.Image:
    """Return the picture without transparency."""
    if not image.has_transparency_data:
        return image
    own = image.convert("RGBA")
    white = Image.new("RGBA", own.size, "white")
    white.alpha_composite(own)
    return white.convert("RGB")
