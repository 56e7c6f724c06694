"""The queue of evidence pictures whose text workers read (:mod:`.picture_readings`). Empty unless reading is on."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from alliance.lib import clock, queues
from alliance.lib.leased import LeasedWork
from cases.models import PictureReading, Preview

State = PictureReading.State


def _rows() -> QuerySet[PictureReading]:
    if not settings.OCR_ENABLED:
        return PictureReading.objects.none()
    # A picture whose preview is being made again waits for it.
    made = Preview.objects.filter(pk=OuterRef("pk"), state=Preview.State.MADE)
    return PictureReading.objects.filter(Exists(made))


WORK = LeasedWork(
    name="reading",
    rows=_rows,
    task="cases.tasks.read_pictures",
    queue=queues.OCR,
    lease=timedelta(seconds=90),
    max_attempts=3,
)


def expect(evidence_id: UUID) -> None:
    """Queue a picture whose preview is being saved, if reading is on. Idempotent; called in that transaction.

    A picture that waits already, because its preview was missing, is due at once.
    """
    if not settings.OCR_ENABLED:
        return
    reading, created = PictureReading.objects.get_or_create(evidence_id=evidence_id)
    if not created:
        waiting = PictureReading.objects.filter(pk=reading.pk, state=State.WAITING)
        waiting.update(attempts=0, due_at=clock.now())
    transaction.on_commit(WORK.wake)
