"""The queue of pictures to read: bounds, failures, a second run, and workers that die.

CI does not install the packages that read pictures. Here a small program takes the place of the real one, behind the
same interface: a process that gets the preview and writes lines. test_real_reader.py runs the real one.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from alliance.lib import clock, ocr, ocr_program
from cases import tasks
from cases.background import sweeper
from cases.models import Case, Evidence, FoundContact, PictureReading, Preview
from cases.services import evidence, picture_readings, previews
from tests import factories
from tests.cases.contacts.conftest import Program

pytestmark = pytest.mark.django_db


def add(case: Case, **more: Any) -> Evidence:
    """Add a picture whose preview is made, so that it waits to be read."""
    upload = more.get("upload") or factories.png()
    file = evidence.add(case=case, by=case.created_by, upload=upload, kind="screenshot")
    previews.make_due(seconds=20)
    return file


def read(file: Evidence, *, at: timedelta = timedelta()) -> PictureReading:
    with clock.at(clock.now() + at):
        picture_readings.read_due(seconds=20)
    return PictureReading.objects.get(pk=file.pk)


def found() -> list[tuple[str, str]]:
    return list(FoundContact.objects.order_by("kind", "value").values_list("kind", "value"))


def test_contacts_become_suggestions(draft: Case, reads: Callable[..., None]) -> None:
    reads(
        "原价 ¥13800138000", "微信：silk_shop88  电话 138 0013 8000", "订单号 2023010112345678901"
    )
    file = add(draft)
    tasks.read_pictures()
    assert PictureReading.objects.get(pk=file.pk).state == "read"
    assert found() == [("phone", "+8613800138000"), ("social", "wechat: silk_shop88")]
    phone = FoundContact.objects.get(kind="phone")
    assert (phone.state, phone.confidence, phone.decided_by) == ("proposed", 0.9, None)
    assert phone.text == "微信:silk_shop88 电话 138 0013 8000"
    # The task runs twice, and its preview is made again.
    tasks.read_pictures()
    picture_readings._read(PictureReading(pk=file.pk))
    previews.make_again(Preview.objects.get(pk=file.pk))
    previews.make_due(seconds=20)
    assert read(file).state == "read"
    assert len(found()) == 2


def test_place_of_infringement_helps_with_numbers(draft: Case, reads: Callable[..., None]) -> None:
    reads("Call 07400 123456")
    Case.objects.filter(pk=draft.pk).update(jurisdiction="GB")
    read(add(draft))
    assert found() == [("phone", "+447400123456")]


def test_nothing_is_read_while_it_is_off(draft: Case, settings: Any, reads: Any) -> None:
    settings.OCR_ENABLED = False
    reads("QQ 123456")
    add(draft)
    assert not PictureReading.objects.exists()
    settings.OCR_ENABLED = True
    file = add(draft)
    settings.OCR_ENABLED = False
    assert read(file).state == "waiting"
    settings.OCR_ENABLED = True
    assert read(file).state == "read"


def test_program_gets_the_preview_and_no_settings(draft: Case, program: Program) -> None:
    program(
        "import json, os, sys\n"
        "picture = sys.stdin.buffer.read()\n"
        "kind, names = picture[8:12].decode(), ' '.join(sorted(os.environ))\n"
        "print(json.dumps([[f'QQ 123456 {kind} {names}', 0.9]]))\n"
    )
    read(add(draft))
    words = FoundContact.objects.get().text.split()
    assert words[:3] == ["QQ", "123456", "WEBP"]
    assert set(words[3:]) <= {"LANG", "LC_CTYPE", "PATH"}


@pytest.mark.parametrize(
    "source",
    [
        "import sys; sys.exit(1)",
        "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)",
        "import time; time.sleep(60)",
        "print('not json')",
        "print('[[\"QQ 123456\", 7]]')",
        "print('[[\"QQ 123456\"]]')",
    ],
)
def test_picture_that_fails_is_given_up(
    draft: Case, program: Program, source: str, monkeypatch: Any
) -> None:
    monkeypatch.setattr(ocr, "MAX_SECONDS", 0.5)
    program(source)
    file = add(draft)
    for attempt in range(picture_readings.MAX_ATTEMPTS):
        reading = read(file, at=timedelta(hours=attempt))
        assert (reading.state, reading.attempts) == ("waiting", attempt + 1)
    assert read(file, at=timedelta(days=1)).state == "impossible"
    assert found() == []


def test_picture_that_cannot_be_read_is_not_tried_again(
    draft: Case, program: Program, monkeypatch: Any
) -> None:
    program(f"import sys; sys.exit({ocr_program.NOT_READABLE})")
    assert read(add(draft)).state == "impossible"
    program("print('[[\"QQ 123456\", 0.9]]')")
    monkeypatch.setattr(ocr, "MAX_BYTES", 10)
    assert read(add(draft)).state == "impossible"
    assert found() == []


def test_worker_without_the_packages_leaves_the_picture_to_another(
    draft: Case, program: Program, reads: Callable[..., None]
) -> None:
    program(f"import sys; sys.exit({ocr_program.NOT_INSTALLED})")
    file = add(draft)
    reading = read(file)
    assert (reading.state, reading.attempts) == ("waiting", 0)
    assert reading.due_at > clock.now() + timedelta(minutes=9)
    reads("QQ 123456")
    assert read(file, at=timedelta(minutes=11)).state == "read"


def test_a_worker_that_dies_is_followed_by_another(
    draft: Case, reads: Callable[..., None], monkeypatch: Any
) -> None:
    reads("QQ 123456")
    file = add(draft)
    woken: list[bool] = []
    monkeypatch.setattr(picture_readings, "wake", lambda: woken.append(True))

    def die(*_: Any) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(picture_readings.contacts, "find", die)  # after the picture is read
        sweeper.sweep_if_leader()
        assert len(woken) == 1
        with pytest.raises(KeyboardInterrupt):
            read(file)
    sweeper.sweep_if_leader()  # within the lease
    assert len(woken) == 1
    assert read(file).state == "waiting"
    assert read(file, at=timedelta(hours=1)).state == "read"
    assert found() == [("social", "qq: 123456")]


def test_picture_that_is_removed_while_it_is_read(
    draft: Case, reads: Callable[..., None], monkeypatch: Any
) -> None:
    reads("QQ 123456")
    file, other = add(draft), add(draft)
    real = ocr.read

    def remove_first(picture: bytes) -> Any:
        if Evidence.objects.filter(pk=file.pk).exists():
            evidence.remove(evidence=file, by=draft.created_by)
        return real(picture)

    monkeypatch.setattr(ocr, "read", remove_first)
    picture_readings.read_due(seconds=20)
    assert not PictureReading.objects.filter(pk=file.pk).exists()
    assert FoundContact.objects.get().evidence == other
    evidence.remove(evidence=other, by=draft.created_by)
    assert found() == []


def test_what_a_hostile_picture_says_is_bounded(draft: Case, program: Program) -> None:
    program(
        "print('[' + ','.join('[\"QQ %d \\\\u0000\\\\ud800' % (100000 + n) + 'x' * 9000 + '\", 0.9]' for n in range(3000)) + ']')"
    )
    assert read(add(draft)).state == "read"
    assert len(found()) == picture_readings.contacts.MOST
    assert max(len(one.text) for one in FoundContact.objects.all()) <= 300


def test_due_pictures_are_found_by_an_index(draft: Case) -> None:
    add(draft)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT * FROM cases_picturereading WHERE state = 'waiting' ORDER BY due_at LIMIT 1"
        )
        assert "reading_waiting" in str(cursor.fetchall())


def test_program_has_limits_of_memory() -> None:
    source = (
        f"import sys; sys.path.insert(0, {str(ocr_program.__file__).rsplit('/', 1)[0]!r})\n"
        "import ocr_program; ocr_program.limit()\n"
        f"bytearray({ocr_program.MEMORY_BYTES})"
    )
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, check=False)
    assert done.returncode == 1
    assert b"MemoryError" in done.stderr


def test_a_label_and_the_value_beside_it_are_one_line() -> None:
    box = ocr_program.Box
    boxes = [
        box(400, 12, 520, 40, "other column", 0.9),
        box(150, 11, 300, 41, "silk_shop88", 0.8),
        box(40, 10, 120, 40, "微信：", 0.95),
        box(40, 60, 300, 90, "below", 0.7),
    ]
    assert ocr_program.in_lines(boxes) == [
        ("微信： silk_shop88", 0.8),
        ("other column", 0.9),
        ("below", 0.7),
    ]


def test_files_that_are_no_pictures_are_not_read(draft: Case) -> None:
    report = SimpleUploadedFile("report.pdf", b"%PDF-1.7\n%%EOF")
    add(draft, upload=report)
    assert not PictureReading.objects.exists()
