"""The queue of pictures to read: bounds, failures, a second run, and workers that die.

CI does not install the packages that read pictures. Here a small program takes the place of the real one, behind the
same interface: a process that gets the preview and writes lines. test_real_reader.py runs the real one.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from alliance.lib import clock, ocr, ocr_program, wakeup
from cases import tasks
from cases.background import sweeper
from cases.models import Case, Evidence, FoundContact, PictureReading, Preview
from cases.queries import found_contacts as queries
from cases.services import (
    disposal,
    evidence,
    filing,
    found_contacts,
    picture_readings,
    previews,
    reading_queue,
)
from cases.services.reading_queue import WORK
from tests import factories
from tests.cases.contacts.conftest import Program
from tests.concurrency import run_concurrently
from tests.processes import wait_for

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
    picture_readings._read(PictureReading(pk=file.pk))  # another worker, whose lease has ended
    previews.make_again(Preview.objects.get(pk=file.pk))
    previews.make_due(seconds=20)
    assert read(file).state == "read"
    assert len(found()) == 2


def test_place_of_infringement_helps_with_numbers(draft: Case, reads: Callable[..., None]) -> None:
    reads("Call 07400 123456")
    Case.objects.filter(pk=draft.pk).update(jurisdiction="GB")
    read(add(draft))
    assert found() == [("phone", "+447400123456")]


@pytest.mark.parametrize("decide", [found_contacts.confirm, found_contacts.reject])
def test_decision_settles_the_same_contact_in_later_pictures(
    draft: Case, reads: Callable[..., None], decide: Callable[..., None]
) -> None:
    reads("QQ 123456")
    read(add(draft))
    first = FoundContact.objects.get()
    decide(contact=first, by=draft.created_by)
    first.refresh_from_db()
    reads("QQ 123456", "QQ 654321")
    later = add(draft)
    read(later)
    same = later.found_contacts.get(value="qq: 123456")
    assert (same.state, same.decided_by, same.decided_at) == (
        first.state,
        draft.created_by,
        first.decided_at,
    )
    assert later.found_contacts.get(value="qq: 654321").state == "proposed"
    assert [one.contact.value for one in queries.in_draft(draft)] == ["qq: 654321"]


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
    assert set(words[3:]) <= {"LANG", "LC_CTYPE", "PATH", *ocr.ONE_THREAD}


@pytest.mark.parametrize(
    "source",
    [
        "import sys; sys.exit(1)",
        "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)",
        "import time; time.sleep(60)",
        "print('not json')",
        "print('[[\"QQ 123456\", 7]]')",
        "print('[[\"QQ 123456\"]]')",
        f"print('[[\"QQ 123456\", 0.9]' + ' ' * {ocr_program.OUTPUT_BYTES} + ']')",
    ],
)
def test_picture_that_fails_is_given_up(
    draft: Case, program: Program, source: str, monkeypatch: Any
) -> None:
    monkeypatch.setattr(ocr, "MAX_SECONDS", 0.5)
    program(source)
    file = add(draft)
    for attempt in range(WORK.max_attempts):
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
    draft: Case, reads: Callable[..., None], monkeypatch: Any
) -> None:
    reads("QQ 123456")
    file = add(draft)
    with monkeypatch.context() as patch:
        patch.setattr(ocr, "is_installed", lambda: False)
        reading = read(file)
    assert (reading.state, reading.attempts) == ("waiting", 0)
    assert reading.due_at <= clock.now()
    assert read(file).state == "read"


def test_missing_preview_is_made_again_and_read(draft: Case, reads: Callable[..., None]) -> None:
    reads("QQ 123456")
    file = add(draft)
    image = Preview.objects.get(pk=file.pk).image
    image.storage.delete(image.name)
    assert read(file).state == "waiting"
    assert Preview.objects.get(pk=file.pk).state == "waiting"
    # However long that takes, the picture is not given up.
    for attempt in range(WORK.max_attempts + 1):
        assert read(file, at=timedelta(hours=attempt)).attempts == 1
    previews.make_due(seconds=20)
    assert read(file).state == "read"
    assert found() == [("social", "qq: 123456")]


def test_a_worker_that_dies_is_followed_by_another(
    draft: Case, reads: Callable[..., None], monkeypatch: Any
) -> None:
    reads("QQ 123456")
    file = add(draft)
    woken: list[bool] = []
    monkeypatch.setattr(wakeup, "send", lambda task, **_: woken.append(task == WORK.task))

    def die(*_: Any) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(picture_readings.contacts, "find", die)  # after the picture is read
        sweeper.sweep_if_leader()
        assert woken.count(True) == 1
        with pytest.raises(KeyboardInterrupt):
            read(file)
    sweeper.sweep_if_leader()  # within the lease
    assert woken.count(True) == 1
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


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["removed", "disposed"])
def test_file_is_removed_while_its_preview_is_saved(
    draft: Case, monkeypatch: Any, settings: Any, how: str
) -> None:
    """The preview is locked when the picture is queued for reading, which refers to the file, and the removal waits."""
    settings.EVIDENCE_KEEP_DISCARDED_DAYS = 0
    file = evidence.add(case=draft, by=draft.created_by, upload=factories.png(), kind="screenshot")
    if how == "disposed":
        filing.withdraw(case=draft, by=draft.created_by)
    saving, real = threading.Event(), reading_queue.expect

    def expect(evidence_id: UUID) -> None:
        saving.set()
        wait_for(_another_session_waits_for_this_one, what="the removal")
        real(evidence_id)

    def remove() -> None:
        saving.wait(timeout=10)
        if how == "disposed":
            disposal.dispose_discarded()
        else:
            evidence.remove(evidence=file, by=draft.created_by)

    monkeypatch.setattr(reading_queue, "expect", expect)
    run_concurrently(lambda: previews.make_due(seconds=1), remove)
    assert not Evidence.objects.filter(pk=file.pk).exists()
    assert not PictureReading.objects.exists()


def _another_session_waits_for_this_one() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))"
        )
        return bool(cursor.fetchone()[0])


def test_what_a_hostile_picture_says_is_bounded(draft: Case, program: Program) -> None:
    program(
        "print('[' + ','.join('[\"QQ %d \\\\u0000\\\\ud800' % (100000 + n) + 'x' * 900 + '\", 0.9]' for n in range(2000)) + ']')"
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


@pytest.mark.parametrize(
    ("excess", "error"),
    [
        (f"bytearray({ocr_program.MEMORY_BYTES})", "MemoryError"),
        (f"print('x' * {2 * ocr_program.OUTPUT_BYTES}, flush=True)", "File too large"),
    ],
)
def test_program_has_limits_of_memory_and_output(excess: str, error: str) -> None:
    source = (
        f"import sys; sys.path.insert(0, {str(ocr_program.__file__).rsplit('/', 1)[0]!r})\n"
        f"import ocr_program; ocr_program.limit()\n{excess}"
    )
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(
            [sys.executable, "-c", source], stdout=output, stderr=subprocess.PIPE, check=False
        )
        assert output.tell() <= ocr_program.OUTPUT_BYTES
    assert done.returncode != 0
    assert error in done.stderr.decode()


@pytest.mark.parametrize("height", [8, 1280, 1281, 2400, 3600])
def test_each_line_of_a_tall_picture_is_whole_in_a_part(height: int) -> None:
    parts = ocr_program.parts(height)
    assert (parts[0][0], parts[-1][1]) == (0, height)
    for top in range(0, max(height - 100, 1), 7):
        line = ocr_program.Box(0, top, 100, min(top + 100, height), "QQ 123456", 0.9)
        cut = [part for part in parts if part[0] < line.bottom and part[1] > line.top]
        seen = [
            ocr_program.is_whole(
                line._replace(top=max(top, part[0]), bottom=min(line.bottom, part[1])), part, height
            )
            for part in cut
        ]
        assert any(seen)
        assert not any(
            whole and (part[0] > top or part[1] < line.bottom)
            for part, whole in zip(cut, seen, strict=True)
        )


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
