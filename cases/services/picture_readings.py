"""Reads contacts of sellers in evidence pictures, in workers with the packages of requirements-ocr.txt.

A worker claims a row under a lease, reads the picture's preview outside any transaction, and saves what it found as
suggestions. If it dies, the lease expires and another worker reads the picture. A second run adds nothing.
"""

from __future__ import annotations

import time
from datetime import timedelta
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction

from alliance.lib import clock, ocr, queues, wakeup
from cases.marketplaces import contacts
from cases.marketplaces.contacts import Contact
from cases.models import Case, Evidence, FoundContact, PictureReading, Preview
from cases.queries.seller_history import countries_of

log = structlog.get_logger(__name__)

TASK = "cases.tasks.read_pictures"
FLAG = "readings"
# A picture that ends the program or takes too long is tried this often.
MAX_ATTEMPTS = 3
LEASE = timedelta(seconds=90)
# After this time, a worker without the packages tries again.
WITHOUT_PACKAGES = timedelta(minutes=10)
State = PictureReading.State


def expect(evidence_id: UUID) -> None:
    """Queue a picture whose preview is being saved, if reading is on. Idempotent; called in that transaction."""
    if not settings.OCR_ENABLED:
        return
    _reading, created = PictureReading.objects.get_or_create(evidence_id=evidence_id)
    if created:
        transaction.on_commit(wake)


def wake() -> None:
    """Wake a worker, unless one has been woken already. Never raises."""
    wakeup.send(TASK, queue=queues.OCR, flag=FLAG)


def wake_if_due() -> None:
    """Wake a worker if reading is on and a picture is due."""
    if not settings.OCR_ENABLED:
        return
    if PictureReading.objects.filter(state=State.WAITING, due_at__lte=clock.now()).exists():
        wake()


def read_due(*, seconds: float) -> None:
    """Read due pictures until none is due or ``seconds`` have passed. The last one may take :data:`ocr.MAX_SECONDS` more.

    The sweeper wakes a worker for the others. Does nothing if reading is off.
    """
    wakeup.clear(FLAG)
    until = time.monotonic() + seconds
    while settings.OCR_ENABLED and time.monotonic() < until:
        reading = _claim()
        if reading is None:
            return
        _read(reading)


@transaction.atomic
def _claim() -> PictureReading | None:
    """Return the picture that has been due the longest, under a lease, or ``None``."""
    due = PictureReading.objects.filter(state=State.WAITING, due_at__lte=clock.now())
    found = due.order_by("due_at").select_for_update(skip_locked=True, no_key=True).first()
    if found is None:
        return None
    found.attempts += 1
    # Recorded before the picture is read, so that one that ends the worker is given up.
    found.due_at = clock.now() + LEASE * found.attempts
    if found.attempts > MAX_ATTEMPTS:
        found.state = State.IMPOSSIBLE
        log.error("reading_given_up", evidence=str(found.pk))
    found.save(update_fields=["attempts", "due_at", "state"])
    return found


def _read(reading: PictureReading) -> None:
    """Read a claimed picture and save the result. After a failure it is tried again when the lease has ended."""
    if reading.state != State.WAITING:
        return
    previews = Preview.objects.select_related("evidence__case__seller__marketplace")
    preview = previews.filter(pk=reading.pk, state=Preview.State.MADE).first()
    if preview is None:
        return  # it is being made again, or the file was removed
    waiting = PictureReading.objects.filter(pk=reading.pk, state=State.WAITING)
    try:
        with preview.image.open("rb") as file:
            lines = ocr.read(file.read(ocr.MAX_BYTES + 1))
    except ocr.Unreadable as reason:
        log.info("reading_impossible", evidence=str(reading.pk), reason=str(reason))
        waiting.update(state=State.IMPOSSIBLE)
        return
    except ocr.NotInstalled:
        log.error("ocr_not_installed", needed="requirements-ocr.txt")
        waiting.update(attempts=0, due_at=clock.now() + WITHOUT_PACKAGES)
        return
    except (ocr.Failed, OSError, MemoryError) as error:
        log.error(
            "reading_failed", evidence=str(reading.pk), error=f"{type(error).__name__} {error}"
        )
        return
    texts = [(line.text, line.confidence) for line in lines]
    _save(reading, contacts.find(texts, _countries(preview.evidence.case)))


@transaction.atomic
def _save(reading: PictureReading, found: list[Contact]) -> None:
    # The file first, as its removal does.
    evidence = Evidence.objects.select_for_update(no_key=True).filter(pk=reading.pk).first()
    locked = PictureReading.objects.select_for_update().filter(pk=reading.pk).first()
    if evidence is None or locked is None or locked.state != State.WAITING:
        return  # removed, or read by another worker meanwhile
    FoundContact.objects.bulk_create(
        [
            FoundContact(
                evidence=evidence,
                kind=one.kind,
                value=one.value,
                text=one.text,
                confidence=one.confidence,
            )
            for one in found
        ],
        ignore_conflicts=True,
    )
    locked.state = State.READ
    locked.save(update_fields=["state"])


def _countries(case: Case) -> list[str]:
    """Return the countries whose telephone numbers are likely: the seller's, then the place of infringement."""
    known = countries_of(case.seller) if case.seller else []
    return list(dict.fromkeys([*known, *([str(case.jurisdiction)] if case.jurisdiction else [])]))
