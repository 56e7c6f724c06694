"""Sheets of listings, and their imports."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from cases.imports import listing_uploads
from cases.models import Marketplace
from members.models import ImportJob, IPRight, User
from tests.factories.files import png
from tests.factories.numbers import number
from tests.factories.sheets import checked, sheet

TITLES = (
    *("Listing URL", "Marketplace", "Shop ID or shop URL", "Shop name", "Title of the listing"),
    *("Price", "Currency", "Units sold", "Seen on", "Pictures"),
)


def listing_row(on: Marketplace, shop: str = "", **changes: str) -> list[str]:
    """The cells of a row with a listing that is in no case. ``changes`` are cells by the first word of the title."""
    cells = dict.fromkeys(TITLES, "")
    cells["Listing URL"] = f"https://{on.hosts[0]}/item/{1_000_000 + number()}"
    cells["Shop ID or shop URL"] = shop or f"shop-{number()}"
    for name, value in changes.items():
        title = next(title for title in TITLES if title.lower().startswith(name.replace("_", " ")))
        cells[title] = value
    return list(cells.values())


def listing_sheet(*rows: Sequence[str], titles: Sequence[str] = TITLES) -> Any:
    return sheet(*rows, titles=titles, name="listings.csv")


def pictures(files: Mapping[str, bytes], name: str = "pictures.zip") -> SimpleUploadedFile:
    """A ZIP file as uploaded by a browser."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for member, data in files.items():
            archive.writestr(member, data)
    return SimpleUploadedFile(name, out.getvalue(), "application/zip")


def listings_job(
    right: IPRight, by: User, *rows: Sequence[str], file: Any = None, **values: Any
) -> ImportJob:
    """An uploaded sheet of listings that a worker has checked. ``values`` replace those of the form."""
    complaint: dict[str, Any] = {
        "violation": "counterfeit",
        "jurisdiction": "CN",
        "goods_class": 25,
        "infringement_in": ["product"],
        "explanation": "The label is misspelt and the seams are glued.",
        "evidence": [png()],
    }
    file = file or listing_sheet(*rows)
    return checked(listing_uploads.upload(by=by, sheet=file, right=right, **complaint | values))
