"""Disposal of the files of discarded drafts after some days. Their chain of custody is kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from alliance.lib import clock
from cases.models import Case, CustodyEntry, DiscardedDraft, Evidence
from cases.services import core, custody, previews, storage_use


def dispose_discarded(*, at_most: int = 100) -> int:
    """Dispose of the files of drafts discarded ``EVIDENCE_KEEP_DISCARDED_DAYS`` ago or earlier; return how many drafts.

    Each draft is a separate transaction, so workers can run this concurrently and be killed at any point.
    """
    before = clock.now() - timedelta(days=settings.EVIDENCE_KEEP_DISCARDED_DAYS)
    return sum(_dispose_next(before) for _number in range(at_most))


@transaction.atomic
def _dispose_next(before: datetime) -> bool:
    due = DiscardedDraft.objects.filter(disposed_at=None, discarded_at__lte=before)
    draft = due.order_by("discarded_at").select_for_update(skip_locked=True, no_key=True).first()
    if draft is None:
        return False
    case = core.lock(Case(pk=draft.case_id))
    # A worker that saves the preview of a file refers to it.
    for file in case.evidence.select_for_update(no_key=True).order_by("pk"):
        _dispose(file, case)
    draft.disposed_at = clock.now()
    draft.save(update_fields=["disposed_at"])
    return True


def _dispose(file: Evidence, case: Case) -> None:
    """Delete the file, then its row. If the transaction fails, the next run repeats both."""
    file.file.storage.delete(str(file.file.name))
    previews.discard(file)
    custody.record(file, CustodyEntry.Action.DISPOSED, by=None, reference=case.reference)
    storage_use.subtract(case.member_id, size=file.size)
    file.delete()
