"""The same picture in other cases: what is found, who sees it, and how the database finds it."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pgtrigger
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from PIL import Image, ImageDraw, ImageOps

from alliance.lib import similar
from cases.models import Case, Preview, Seller
from cases.queries import same_pictures
from cases.services import evidence, filing, previews
from tests import factories
from tests.personas import Personas

pytestmark = pytest.mark.django_db


def scene(seed: int) -> Image.Image:
    """A picture with shapes, such as a photo of a product."""
    chance = random.Random(seed)
    image = Image.new("RGB", (640, 480), (235, 235, 230))
    draw = ImageDraw.Draw(image)
    for _number in range(40):
        x, y, size = chance.randrange(640), chance.randrange(480), chance.randrange(20, 140)
        fill = tuple(chance.randrange(256) for _channel in range(3))
        (draw.ellipse if chance.random() < 0.5 else draw.rectangle)(
            (x, y, x + size, y + size), fill
        )
    return image


def attach(case: Case, image: Image.Image, kind: str = "PNG", **options: Any) -> None:
    out = io.BytesIO()
    image.save(out, kind, **options)
    upload = SimpleUploadedFile(f"shot.{kind.lower()}", out.getvalue())
    evidence.add(case=case, by=case.created_by, upload=upload, kind="screenshot")


def stamped(image: Image.Image) -> Image.Image:
    own = image.copy()
    ImageDraw.Draw(own).text((10, 450), "shop.example 2026-05-04", fill="black")
    return own


CHANGES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "unchanged": lambda image: image,
    "smaller": lambda image: image.resize((320, 240)),
    "with a stamp": stamped,
    "cropped": lambda image: image.crop((6, 5, 634, 475)),
    "mirrored": ImageOps.mirror,
    "turned": lambda image: image.rotate(90, expand=True),
    "upside down and mirrored": ImageOps.flip,
}


@pytest.mark.parametrize("change", CHANGES)
def test_changed_picture_is_found(draft: Case, change: str) -> None:
    attach(draft, scene(1))
    other = factories.draft_case(by=draft.created_by, citing=draft.right, files=0)
    attach(other, CHANGES[change](scene(1)), "JPEG", quality=60)
    different = factories.draft_case(by=draft.created_by, citing=draft.right, files=0)
    for seed in range(2, 6):
        attach(different, scene(seed))
    previews.make_due(seconds=30)
    assert same_pictures.for_member(draft).cases == [other]
    assert same_pictures.for_member(other).cases == [draft]
    assert same_pictures.for_member(different).cases == []


def test_empty_pages_are_left_out(draft: Case) -> None:
    blank = Image.new("RGB", (640, 480), "white")
    attach(draft, stamped(blank))
    other = factories.draft_case(by=draft.created_by, citing=draft.right, files=0)
    attach(other, blank)
    previews.make_due(seconds=30)
    assert list(Preview.objects.values_list("state", "pdq", "bands")) == [("made", "", [])] * 2
    assert same_pictures.for_member(draft).cases == []


def test_who_sees_which_cases(personas: Personas) -> None:
    def case_with(seed: int, *, submit: bool = True, **about: Any) -> Case:
        case = factories.draft_case(files=0, **about)
        attach(case, scene(seed))
        return filing.submit(case=case, by=case.created_by, good_faith=True) if submit else case

    own: dict[str, Any] = {"by": personas.filer, "citing": personas.right}
    case = case_with(1, **own)
    others = {
        "own": case_with(1, **own),
        "own draft": case_with(1, submit=False, **own),
        "other member": case_with(1),
        "draft of another member": case_with(1, submit=False),
        "different": case_with(2, **own),
    }
    discarded = case_with(1, submit=False, **own)
    filing.withdraw(case=discarded, by=personas.filer)
    previews.make_due(seconds=30)

    def shown(name: str, url: str) -> set[str]:
        page = unescape(personas.client(name).get(url).content.decode())
        part = re.search(r"The same picture in 2 other cases(.*?)</ul>", page, re.DOTALL)
        assert part, name
        assert name == "moderator" or others["own draft"].shop_name in part[1]
        return {key for key, other in others.items() if other.reference in part[1]}

    # Another member's case has named the shop since; a draft shows the name entered in it.
    Seller.objects.filter(pk=others["own draft"].seller_id).update(name="Named by others")
    triage = reverse("triage:case", args=[case.reference])
    assert shown("moderator", triage) == {"own", "other member"}
    assert shown("viewer", case.get_absolute_url()) == {"own", "own draft"}
    assert discarded not in same_pictures.for_member(case).cases


MANY = 20_000


def test_the_index_finds_them(draft: Case, monkeypatch: Any) -> None:
    attach(draft, scene(1))
    other = factories.draft_case(by=draft.created_by, citing=draft.right, files=0)
    attach(other, ImageOps.mirror(scene(1)))
    previews.make_due(seconds=30)
    without_history = pgtrigger.ignore("cases.Evidence:insert_insert")
    with without_history, connection.cursor() as cursor:
        cursor.execute(_FILL, (MANY, other.pk, draft.created_by_id))
        cursor.execute("ANALYZE cases_preview, cases_evidence")
    found = same_pictures.for_moderators
    assert found(draft).cases == []  # a draft of another
    assert same_pictures.for_member(draft).cases == [other]
    with connection.cursor() as cursor:
        cursor.execute(
            f"EXPLAIN (ANALYZE) {same_pictures._SAME}",
            (draft.pk, similar.MAX_DISTANCE),
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Bitmap Index Scan on preview_bands" in plan, plan
    assert "Seq Scan on cases_preview" not in plan, plan


_FILL = """
WITH hashed AS (
SELECT gen_random_uuid() AS id, encode(sha256(n::text::bytea), 'hex') AS pdq FROM generate_series(1, %s) AS n),
files AS (
INSERT INTO cases_evidence (id, case_id, kind, file, original_name, content_type, size, sha256, uploaded_by_id,
                            uploaded_at, shows_url)
SELECT id, %s, 'screenshot', id::text, 'x.png', 'image/png', 1, pdq, %s, now(), '' FROM hashed)
INSERT INTO cases_preview (evidence_id, state, attempts, due_at, image, thumbnail, width, height, pdq, forms, bands)
SELECT id, 'made', 1, now(), 'x', 'x', 1, 1, pdq, array_fill(pdq, ARRAY[8]),
       (SELECT array_agg(band << 16 | ('x' || substr(pdq, band * 4 + 1, 4))::bit(16)::int)
          FROM generate_series(0, 15) AS band)
  FROM hashed
"""
