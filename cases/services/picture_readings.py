"""Reads contacts of sellers in evidence pictures, in workers with the packages of requirements-ocr.txt.

The pictures are leased work (:mod:`.reading_queue`). A worker reads the preview of a picture and saves what it found as
suggestions. A second run adds nothing.
"""

from __future__ import annotations

from functools import cache

import structlog
from django.db import transaction

from alliance.lib import ocr
from cases.marketplaces import contacts
from cases.marketplaces.contacts import Contact
from cases.models import Case, FoundContact, PictureReading, Preview
from cases.queries.seller_history import countries_of
from cases.services import core, previews
from cases.services.reading_queue import WORK

log = structlog.get_logger(__name__)

State = PictureReading.State


def read_due(*, seconds: float) -> None:
    """Read due pictures until none is due or ``seconds`` have passed. The last one may take :data:`ocr.MAX_SECONDS` more.

    Does nothing if reading is off, or without the packages.
    """
    if ocr.is_installed():
        WORK.run(_read, seconds=seconds)
    else:
        _report_missing_packages()


@cache
def _report_missing_packages() -> None:
    """Log that this worker reads no pictures, once: it is woken every few seconds."""
    log.error("ocr_not_installed", needed="requirements-ocr.txt")


def _read(reading: PictureReading) -> None:
    """Read a claimed picture and save the result. After a failure it is tried again when the lease has ended."""
    made = Preview.objects.select_related("evidence__case__seller__marketplace")
    preview = made.filter(pk=reading.pk, state=Preview.State.MADE).first()
    if preview is None:
        return  # it is being made again, or the file was removed
    try:
        with preview.image.open("rb") as file:
            lines = ocr.read(file.read(ocr.MAX_BYTES + 1))
    except ocr.Unreadable as reason:
        log.info("reading_impossible", evidence=str(reading.pk), reason=str(reason))
        PictureReading.objects.filter(pk=reading.pk, state=State.WAITING).update(
            state=State.IMPOSSIBLE
        )
        return
    except FileNotFoundError:
        previews.make_again(preview)
        return
    except (ocr.Failed, OSError, MemoryError) as error:
        log.error(
            "reading_failed", evidence=str(reading.pk), error=f"{type(error).__name__} {error}"
        )
        return
    case = preview.evidence.case
    texts = [(line.text, line.confidence) for line in lines]
    _save(reading, case, contacts.find(texts, _countries(case)))


@transaction.atomic
def _save(reading: PictureReading, case: Case, found: list[Contact]) -> None:
    # As for the removal of the file, and for decisions about contacts.
    core.lock(case)
    locked = PictureReading.objects.select_for_update(no_key=True).filter(pk=reading.pk).first()
    if locked is None or locked.state != State.WAITING:
        return  # removed, or read by another worker meanwhile
    of_case = FoundContact.objects.filter(evidence__case=case)
    decided = {
        (one.kind, one.value): one for one in of_case.exclude(state=FoundContact.State.PROPOSED)
    }
    rows = [
        FoundContact(
            evidence_id=locked.pk,
            kind=one.kind,
            value=one.value,
            text=one.text,
            confidence=one.confidence,
        )
        for one in found
    ]
    for row in rows:
        # A decision settles the contact in all pictures of the case, also in later ones.
        if known := decided.get((row.kind, row.value)):
            row.state, row.decided_by_id = known.state, known.decided_by_id
            row.decided_at = known.decided_at
    FoundContact.objects.bulk_create(rows, ignore_conflicts=True)
    locked.state = State.READ
    locked.save(update_fields=["state"])


def _countries(case: Case) -> list[str]:
    """Return the countries whose telephone numbers are likely: the seller's, then the place of infringement."""
    known = countries_of(case.seller)
    return list(dict.fromkeys([*known, *([str(case.jurisdiction)] if case.jurisdiction else [])]))
