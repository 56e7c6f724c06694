"""Previews: made by a worker without metadata, again if they are missing, and never of what is too large."""

from __future__ import annotations

import io
import random
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image, ImageCms, PngImagePlugin

from alliance.lib import clock, pictures, wakeup
from cases.background import sweeper
from cases.models import Case, CustodyEntry, Evidence, Preview
from cases.services import disposal, evidence, filing, previews
from cases.services.previews import WORK
from tests import factories
from tests.cases.evidence.files import custody
from tests.personas import Personas

pytestmark = pytest.mark.django_db
Action = CustodyEntry.Action
SECRET = "51 N 13 E private"


def photo(kind: str, width: int = 1600, height: int = 900, **more: Any) -> bytes:
    """A picture that is red on the left, lies on its side and says where it was taken."""
    noise = Image.frombytes("L", (40, 30), random.Random(5).randbytes(1200))
    image = noise.resize((width, height)).convert("RGB")
    image.paste((250, 0, 0), (0, 0, width // 4, height))
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010E] = SECRET
    exif.get_ifd(0x8825)[29] = SECRET  # GPS
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    out = io.BytesIO()
    if kind == "PNG":
        more["pnginfo"] = text = PngImagePlugin.PngInfo()
        text.add_itxt("XML:com.adobe.xmp", SECRET)
    if kind in ("JPEG", "WEBP"):
        more["xmp"] = SECRET.encode()
    image.save(out, kind, exif=exif.tobytes(), icc_profile=profile, **more)
    return out.getvalue()


def add(case: Case, name: str, contents: bytes) -> Evidence:
    upload = SimpleUploadedFile(name, contents)
    return evidence.add(case=case, by=case.created_by, upload=upload, kind="screenshot")


def made(file: Evidence) -> Preview:
    previews.make_due(seconds=20)
    return Preview.objects.get(pk=file.pk)


@pytest.mark.parametrize(
    ("name", "kind"), [("a.jpg", "JPEG"), ("a.png", "PNG"), ("a.webp", "WEBP"), ("a.heic", "HEIF")]
)
def test_preview_is_upright_and_has_no_metadata(draft: Case, name: str, kind: str) -> None:
    contents = photo(kind)
    assert SECRET.encode() in contents
    file = add(draft, name, contents)
    preview = made(file)
    assert (preview.state, preview.width, preview.height) == ("made", 675, 1200)
    for field, size in ((preview.image, (675, 1200)), (preview.thumbnail, (192, 144))):
        data = field.read()
        assert b"private" not in data
        for chunk in (b"EXIF", b"XMP ", b"ICCP"):
            assert chunk not in data
        with Image.open(io.BytesIO(data)) as image:
            assert (image.format, image.size) == ("WEBP", size)
            red, _green, blue = image.convert("RGB").getpixel((5, 5))
            assert red > blue + 80  # the left side is at the top
    with file.file.open() as original:
        assert original.read() == contents


def test_only_pictures_within_the_limit_have_previews(draft: Case, monkeypatch: Any) -> None:
    add(draft, "report.pdf", b"%PDF-1.7\n%%EOF")
    assert not Preview.objects.exists()
    monkeypatch.setattr(pictures, "MAX_PIXELS", 90_000)
    large = made(add(draft, "large.png", photo("PNG", 400, 300)))
    assert large.state == "impossible"
    # A JPEG is decoded at the size of the preview, so its own size does not matter.
    monkeypatch.setattr("alliance.lib.previews.SIDE", 150)
    assert made(add(draft, "large.jpg", photo("JPEG", 1200, 1200))).state == "made"
    # A progressive one is kept in memory whole.
    progressive = add(draft, "slow.jpg", photo("JPEG", 1200, 1210, progressive=True))
    assert made(progressive).state == "impossible"


@pytest.mark.parametrize("error", [MemoryError, SoftTimeLimitExceeded])
def test_want_of_memory_and_time_is_not_final(draft: Case, monkeypatch: Any, error: Any) -> None:
    file = add(draft, "a.png", photo("PNG", 320, 200))

    def fail(image: Any) -> Any:
        raise error

    with monkeypatch.context() as patch, suppress(SoftTimeLimitExceeded):
        patch.setattr("alliance.lib.previews._small", fail)
        previews.make_due(seconds=20)
    assert Preview.objects.get(pk=file.pk).state == "waiting"
    with clock.at(clock.now() + timedelta(hours=1)):
        assert made(file).state == "made"


def test_a_worker_that_dies_is_followed_by_another(draft: Case, monkeypatch: Any) -> None:
    file = add(draft, "a.png", photo("PNG", 320, 200))
    now = clock.now()
    woken: list[bool] = []
    monkeypatch.setattr(wakeup, "send", lambda task, **_: woken.append(task == WORK.task))

    def die(*_: Any) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(previews.previews, "render", die)
        for attempt in range(WORK.max_attempts):
            with clock.at(now + timedelta(hours=attempt)):
                sweeper.sweep_if_leader()
                assert woken.count(True) == attempt + 1
                with pytest.raises(KeyboardInterrupt):
                    previews.make_due(seconds=20)
                sweeper.sweep_if_leader()  # within the lease
                assert woken.count(True) == attempt + 1
    with clock.at(now + timedelta(days=1)):
        assert made(file).state == "impossible"
    Preview.objects.filter(pk=file.pk).update(state="waiting", attempts=0)
    # It dies between writing the files and saving the row, and the second run replaces the files.
    with monkeypatch.context() as patch:
        patch.setattr(Preview, "save", die)
        with pytest.raises(KeyboardInterrupt):
            previews._make(Preview.objects.get(pk=file.pk))
    with clock.at(now + timedelta(days=2)):
        preview = made(file)
        assert preview.state == "made"
        previews._make(Preview(pk=file.pk))  # the task runs twice
    folder = preview.image.path.rsplit("/", 1)[0]
    stored = preview.image.storage.listdir(folder)[1]
    assert sorted(name for name in stored if name.startswith(str(file.pk))) == [
        f"{file.pk}.small.webp",
        f"{file.pk}.webp",
    ]


def test_missing_previews_are_made_again(personas: Personas, draft: Case) -> None:
    file = add(draft, "a.png", photo("PNG", 320, 200))
    preview = made(file)
    client = personas.client("filer")
    url = reverse("desk:evidence_thumbnail", args=[file.pk])
    assert b"".join(client.get(url).streaming_content)[8:12] == b"WEBP"
    preview.thumbnail.storage.delete(preview.thumbnail.name)
    assert client.get(url).status_code == 404
    assert Preview.objects.get(pk=file.pk).state == "waiting"
    assert made(file).state == "made"
    assert client.get(url).status_code == 200
    Preview.objects.filter(pk=file.pk).delete()  # as after a restore
    assert previews.add_missing() == 1
    assert previews.add_missing() == 0
    assert made(file).state == "made"


def test_previews_are_removed_with_the_file(draft: Case, settings: Any) -> None:
    file, other = (
        add(draft, name, photo("PNG", 320, size)) for name, size in (("a.png", 200), ("b.png", 210))
    )
    preview, kept = made(file), made(other)
    storage = preview.image.storage
    evidence.remove(evidence=file, by=draft.created_by)
    assert not storage.exists(preview.image.name)
    assert not storage.exists(preview.thumbnail.name)
    assert storage.exists(kept.image.name)
    filing.withdraw(case=draft, by=draft.created_by)
    settings.EVIDENCE_KEEP_DISCARDED_DAYS = 0
    disposal.dispose_discarded()
    assert not storage.exists(kept.image.name)
    assert not storage.exists(kept.thumbnail.name)


def test_a_look_is_recorded_once_an_hour(personas: Personas) -> None:
    case = factories.submitted_case(citing=personas.right, by=personas.filer)
    file = case.evidence.get()
    moderator = personas.client("moderator")
    page = moderator.get(reverse("desk:evidence_details", args=[file.pk])).content.decode()
    assert "The preview is being made" in page
    made(file)
    triage = moderator.get(reverse("triage:case", args=[case.reference])).content.decode()
    assert reverse("desk:evidence_thumbnail", args=[file.pk]) in triage
    moderator.get(reverse("desk:evidence_thumbnail", args=[file.pk]))
    assert [action for action, _actor in custody(file)] == [Action.RECEIVED]
    url = reverse("desk:evidence_preview", args=[file.pk])
    assert url in moderator.get(reverse("desk:evidence_details", args=[file.pk])).content.decode()
    response = moderator.get(url)
    assert response["Content-Type"] == "image/webp"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cache-Control"] == "private, no-store"
    moderator.get(url)
    assert custody(file)[1:] == [(Action.VIEWED, personas.moderator.pk)]
    personas.client("filer").get(url)
    with clock.at(clock.now() + timedelta(minutes=61)):
        evidence.record_look(evidence=file, by=personas.moderator)
    assert [actor for _action, actor in custody(file)[1:]] == [
        personas.moderator.pk,
        personas.filer.pk,
        personas.moderator.pk,
    ]
