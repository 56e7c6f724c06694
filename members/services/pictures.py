"""Pictures of products: checked, and encoded again without the metadata of the camera, such as the place."""

from __future__ import annotations

import io
from pathlib import PurePath

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.utils.translation import gettext as _
from PIL import Image

from alliance.lib import arrivals, file_types, pictures
from alliance.lib.refusals import Refusal
from members.services import documents

ACCEPTED = {
    file_types.PNG: (".png",),
    file_types.JPEG: (".jpg", ".jpeg", ".jfif"),
    file_types.WEBP: (".webp",),
}
# The longer side of a stored picture.
SIDE = 1600
QUALITY = 85


def inspect(upload: UploadedFile) -> arrivals.Arrival:
    """Check that an upload is a picture of a product. Pixels are not decoded. Raises :class:`Refusal`."""
    arrival = arrivals.inspect(
        upload,
        accepted=ACCEPTED,
        max_bytes=documents.max_bytes(),
        not_accepted=_(
            "“%(name)s” is not a PNG, JPEG or WebP picture. Upload a picture of one of these types."
        ),
    )
    upload.seek(0)
    with Image.open(upload, formats=(file_types.DECODERS[arrival.content_type],)) as image:
        if image.width * image.height > pictures.MAX_PIXELS:
            message = _(
                "“%(name)s” has more than %(limit)d million pixels. Reduce its size and upload it again."
            )
            raise Refusal(
                message % {"name": arrival.name, "limit": pictures.MAX_PIXELS // 1_000_000}
            )
    upload.seek(0)
    return arrival


def prepared(upload: UploadedFile | None) -> UploadedFile | None:
    """Return the picture to store: upright, at most :data:`SIDE` wide and high, without metadata.

    A picture with transparency becomes a PNG, others keep PNG or become a JPEG. Raises :class:`Refusal` for a file
    that is not accepted. Call it outside the transaction.
    """
    if upload is None:
        return None
    arrival = inspect(upload)
    try:
        with Image.open(upload, formats=(file_types.DECODERS[arrival.content_type],)) as image:
            return _encoded_again(image, arrival)
    except Exception as error:  # decoders raise many errors
        raise Refusal(
            _(
                "“%(name)s” is damaged or incomplete and cannot be opened. Save it again and upload it."
            )
            % {"name": arrival.name}
        ) from error


def _encoded_again(image: Image.Image, arrival: arrivals.Arrival) -> UploadedFile:
    upright = pictures.opened_for(image, SIDE)
    transparent = upright.has_transparency_data
    if transparent or upright.mode not in ("L", "RGB", "CMYK"):
        upright = upright.convert("RGBA" if transparent else "RGB")
    upright.thumbnail((SIDE, SIDE))
    plain = upright if transparent else pictures.in_srgb(upright)
    # What a file may say of itself, such as a comment, is left behind.
    plain.info = {}
    as_png = transparent or arrival.content_type == file_types.PNG
    out = io.BytesIO()
    if as_png:
        plain.save(out, "PNG")
    else:
        plain.save(out, "JPEG", quality=QUALITY)
    name = f"{PurePath(arrival.name).stem}.{'png' if as_png else 'jpg'}"
    content_type = file_types.PNG if as_png else file_types.JPEG
    return SimpleUploadedFile(name, out.getvalue(), content_type=content_type)
