"""Previews of evidence pictures, which workers make: small, without metadata, and with a perceptual hash.

They are leased work (:mod:`alliance.lib.leased`). Names in the storage are fixed, so a second run replaces the files of
the first.
"""

from __future__ import annotations

import io
from datetime import timedelta

import structlog
from django.core.files.base import ContentFile
from django.db import transaction

from alliance.lib import clock, file_types, previews, similar
from alliance.lib.leased import LeasedWork
from cases.models import Evidence, Preview
from cases.models.preview import image_path, thumbnail_path
from cases.services import reading_queue

log = structlog.get_logger(__name__)

AT_ONCE = 500
State = Preview.State

WORK = LeasedWork(
    name="preview",
    rows=Preview.objects.all,
    task="cases.tasks.make_previews",
    queue="default",
    lease=timedelta(seconds=60),
    max_attempts=4,
)


def expect(evidence: Evidence) -> None:
    """Queue the preview of a new picture; nothing for other files. Called in the transaction that adds the file."""
    if evidence.content_type not in file_types.DECODERS:
        return
    Preview.objects.create(evidence=evidence)
    transaction.on_commit(WORK.wake)


def make_due(*, seconds: float) -> None:
    """Make due previews until none is due or ``seconds`` have passed."""
    WORK.run(_make, seconds=seconds)


@transaction.atomic
def make_again(preview: Preview) -> None:
    """Queue a preview whose files are missing in the storage. Idempotent."""
    locked = _locked(preview)
    if locked is None or locked.state != State.MADE:
        return
    log.warning("preview_missing", evidence=str(preview.pk))
    _empty(locked)
    locked.state, locked.attempts, locked.due_at = State.WAITING, 0, clock.now()
    locked.save()
    transaction.on_commit(WORK.wake)


def add_missing(*, at_most: int = AT_ONCE) -> int:
    """Queue the previews of pictures that have no row, for example after a restore; return how many."""
    files = Evidence.objects.filter(content_type__in=file_types.DECODERS, preview=None)
    rows = [Preview(evidence_id=pk) for pk in files.values_list("pk", flat=True)[:at_most]]
    made = Preview.objects.bulk_create(rows, ignore_conflicts=True)
    if made:
        WORK.wake()
    return len(made)


@transaction.atomic
def discard(evidence: Evidence) -> None:
    """Delete the preview of a file that is being removed, and its files. Idempotent.

    Waits for a worker that is saving it. If the caller's transaction fails, the files are made again when needed.
    """
    preview = _locked(Preview(evidence=evidence))
    if preview is None:
        return
    storage = preview.image.storage
    names = (image_path(preview, ""), thumbnail_path(preview, ""))
    preview.delete()
    for name in names:
        storage.delete(name)


def _make(preview: Preview) -> None:
    """Make a claimed preview and save the result. What fails for want of the file or of memory is tried again after the lease."""
    evidence = Evidence.objects.filter(pk=preview.pk).first()
    if evidence is None:
        return
    try:
        with evidence.file.open("rb") as file:
            contents = io.BytesIO(file.read())  # a picture, so at most EVIDENCE_MAX_BYTES
        made = previews.render(contents, evidence.content_type)
        found = similar.hashes(made.picture)
    except previews.Impossible as reason:
        log.info("preview_impossible", evidence=str(preview.pk), reason=str(reason))
        Preview.objects.filter(pk=preview.pk, state=State.WAITING).update(state=State.IMPOSSIBLE)
        return
    except (OSError, MemoryError) as error:
        log.error("preview_failed", evidence=str(preview.pk), error=type(error).__name__)
        return
    _save(preview, made, found)


@transaction.atomic
def _save(preview: Preview, made: previews.Rendered, found: similar.Hashes | None) -> None:
    locked = _locked(preview)
    if locked is None:
        return  # the file was removed meanwhile
    locked.image.save("", ContentFile(made.image), save=False)
    locked.thumbnail.save("", ContentFile(made.thumbnail), save=False)
    locked.width, locked.height = made.picture.size
    locked.pdq, locked.forms, locked.bands = ("", [], [])
    if found:
        locked.pdq, locked.forms, locked.bands = found.pdq, found.forms, found.bands
    locked.state = State.MADE
    locked.save()
    reading_queue.expect(locked.pk)


def _locked(preview: Preview) -> Preview | None:
    """Lock the row, which the removal of the file waits for."""
    return Preview.objects.select_for_update(of=("self",)).filter(pk=preview.pk).first()


def _empty(preview: Preview) -> None:
    preview.image, preview.thumbnail = "", ""
    preview.width = preview.height = 0
    preview.pdq, preview.forms, preview.bands = "", [], []
