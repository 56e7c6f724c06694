"""Upload, download and removal of evidence, each recorded in the chain of custody."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4, uuid5

import structlog
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import URLValidator
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alliance.lib import arrivals, clock, file_types, recordings
from alliance.lib.refusals import Conflict, NotAllowed, Refusal
from cases.models import Case, CounterNotice, CustodyEntry, Evidence
from cases.models.event import Audience, EventKind
from cases.models.evidence import evidence_path
from cases.permissions import may_file_for_member
from cases.services import core, counter_notices, custody, previews, reopening, storage_use
from cases.states import TAKES_ADDITIONS, Status
from members.models import User

log = structlog.get_logger(__name__)

# The accepted content types, each with the extensions that a file of that type may have.
PICTURES_AND_PDF = {
    file_types.PNG: (".png",),
    file_types.JPEG: (".jpg", ".jpeg", ".jfif"),
    file_types.WEBP: (".webp",),
    file_types.HEIC: (".heic", ".heif"),
    file_types.PDF: (".pdf",),
}
ACCEPTED = {
    **PICTURES_AND_PDF,
    **recordings.VIDEOS,
    **recordings.CAPTURES,
}
MAX_FILES = 50
_is_url = URLValidator(schemes=("http", "https"))


def add(
    *,
    case: Case,
    by: User,
    upload: UploadedFile,
    kind: str,
    shows_url: str = "",
    captured_at: datetime | None = None,
) -> Evidence:
    """Add a file to a draft, an open case, or a rejected case that can be reopened. Idempotent.

    Until the member has answered a counter-notice, the file belongs to the answer. A rejected case keeps its status
    until :func:`.reopening.reopen`.
    ``shows_url`` is the address that a screenshot or capture shows, and ``captured_at`` the time when it was taken,
    both as stated by the person who uploads it. The address is never requested.

    Raises :class:`NotAllowed` without the role, :class:`Conflict` if no file can be added any more, and
    :class:`Refusal` for a file that is not accepted or exceeds :data:`MAX_FILES` or the member's quota.
    """
    evidence = describe(
        by=by, upload=upload, kind=kind, shows_url=shows_url, captured_at=captured_at
    )
    evidence.case = case
    # What will be refused is not written. The file is written outside the transaction: a slow store would keep the case
    # locked, and PostgreSQL ends a session that is idle in a transaction.
    if known := _prepare(evidence):
        return known
    write(evidence, upload)
    with arrivals.kept_if_saved(evidence.file):
        return save(evidence, case=case)


def describe(
    *,
    by: User,
    upload: UploadedFile,
    kind: str,
    shows_url: str = "",
    captured_at: datetime | None = None,
    namespace: UUID | None = None,
) -> Evidence:
    """Return the row of an upload, without its case, for :func:`write` and :func:`save`.

    With a ``namespace``, its key is derived from that and the file, so that a run that is repeated finds the file of the
    first. Raises :class:`Refusal` for a file that is not accepted and for wrong statements about it.
    """
    _check_statements(shows_url, captured_at)
    facts = inspect(upload).facts
    key = uuid5(namespace, facts["sha256"]) if namespace else uuid4()
    return Evidence(
        pk=key,
        kind=kind,
        shows_url=shows_url,
        captured_at=captured_at,
        uploaded_by=by,
        **facts,
    )


def write(evidence: Evidence, upload: UploadedFile, *, again: bool = False) -> None:
    """Write the file of a row that is not saved yet. Call it outside a transaction, and :func:`save` afterwards.

    With ``again``, an earlier run may have written the file. Raises :class:`Refusal` if the storage fails. If the row is
    not saved in the end, :func:`alliance.lib.arrivals.discard_unsaved` deletes the file.
    """
    path, name = evidence_path(evidence, evidence.original_name), evidence.original_name
    arrivals.store(evidence.file, upload, name=name, path=path, again=again)


@transaction.atomic
def save(evidence: Evidence, *, case: Case) -> Evidence:
    """Save the row of a file that has been written. Return it, or the row of the same file that the case has already.

    Raises what :func:`add` raises for a person or a case.
    """
    evidence.case = case
    if known := _prepare(evidence):
        return known
    case, by = evidence.case, evidence.uploaded_by
    storage_use.add(case.member_id, size=evidence.size)
    evidence.save(force_insert=True)
    previews.expect(evidence)
    custody.record(evidence, CustodyEntry.Action.RECEIVED, by=by, reference=case.reference)
    if case.status == Status.DRAFT:
        core.touch(case)
    else:
        core.record(
            case,
            EventKind.EVIDENCE_ADDED,
            by=by,
            role=Audience.MEMBER,
            audience=core.MEMBER,
            data={"name": evidence.original_name, "sha256": evidence.sha256},
        )
    return evidence


@transaction.atomic
def _prepare(evidence: Evidence) -> Evidence | None:
    """Lock the case, and set it and the counter-notice to answer. Return the same file if the case has it already.

    Raises what :func:`add` raises for a person or a case.
    """
    case = evidence.case = core.lock(evidence.case)
    role = storage_use.filer(evidence.uploaded_by, case.member_id)
    files = list(case.evidence.all())
    if known := next((file for file in files if file.sha256 == evidence.sha256), None):
        return known
    if case.status == Status.REJECTED:
        reopening.check(case)
    elif case.status not in TAKES_ADDITIONS:
        raise core.wrong_status(case)
    evidence.counter_notice = _counter_notice_to_answer(case)
    if len(files) >= MAX_FILES:
        raise Refusal(
            ngettext(
                "A case can have up to %(limit)d file.",
                "A case can have up to %(limit)d files.",
                MAX_FILES,
            )
            % {"limit": MAX_FILES}
        )
    storage_use.check(role, size=evidence.size)
    return None


def opened(*, evidence: Evidence, by: User) -> File[bytes]:
    """Open a file for its download by ``by``, which is recorded before.

    Raises ``FileNotFoundError`` if the storage does not have it, and ``Evidence.DoesNotExist`` if it has been removed.
    """
    try:
        file: File[bytes] = evidence.file.open("rb")
    except FileNotFoundError:
        log.error("evidence_missing", evidence=str(evidence.pk), case=evidence.case.reference)
        raise
    try:
        record_read(evidence=evidence, by=by)
    except BaseException:
        file.close()
        raise
    return file


@transaction.atomic
def record_read(*, evidence: Evidence, by: User) -> None:
    """Record that ``by`` downloads the file. Called before the file is served.

    Raises ``Evidence.DoesNotExist`` if the file has been removed in the meantime.
    """
    locked = Evidence.objects.select_for_update(no_key=True).get(pk=evidence.pk)
    custody.record(locked, CustodyEntry.Action.READ, by=by, reference=evidence.case.reference)


@transaction.atomic
def record_look(*, evidence: Evidence, by: User) -> None:
    """Record that ``by`` looks at the preview, once for several looks within an hour. Called before it is served.

    Raises ``Evidence.DoesNotExist`` if the file has been removed in the meantime.
    """
    locked = Evidence.objects.select_for_update(no_key=True).get(pk=evidence.pk)
    custody.record_look(locked, by=by, reference=evidence.case.reference)


@transaction.atomic
def remove(*, evidence: Evidence, by: User) -> None:
    """Remove a file from a draft. Its chain of custody is kept. Idempotent."""
    case = core.lock(evidence.case)
    if not may_file_for_member(by, case):
        raise NotAllowed(_("Your role does not allow this."))
    if case.status != Status.DRAFT:
        raise Conflict(_("The case is already submitted, so its evidence cannot be removed."))
    # Read under the lock: another request may have removed the file. A worker that saves its preview refers to it.
    found = case.evidence.select_for_update(no_key=True).filter(pk=evidence.pk).first()
    if found is None:
        return
    custody.record(found, CustodyEntry.Action.REMOVED, by=by, reference=case.reference)
    storage_use.subtract(case.member_id, size=found.size)
    previews.discard(found)
    name, storage = str(found.file.name), found.file.storage
    found.delete()
    core.touch(case)
    transaction.on_commit(lambda: arrivals.delete(storage, name))


def _counter_notice_to_answer(case: Case) -> CounterNotice | None:
    """Return the counter-notice that a new file helps to answer, or ``None`` if there is none to answer."""
    if case.status != Status.COUNTER_NOTICED:
        return None
    notice = counter_notices.open_notice(case)
    return notice if notice is not None and notice.awaits_answer else None


def _check_statements(shows_url: str, captured_at: datetime | None) -> None:
    if shows_url:
        try:
            _is_url(shows_url)
        except ValidationError:
            raise Refusal(
                _("Enter the URL that the files show in full, beginning with https:// or http://.")
            ) from None
    # The clock of the device that took the picture may be ahead.
    if captured_at and captured_at > clock.now() + timedelta(minutes=10):
        raise Refusal(_("The files cannot have been taken in the future. Check the date and time."))


def inspect(upload: UploadedFile) -> arrivals.Arrival:
    """Hash an upload and check its type and size. Raises :class:`Refusal` for a file that is not accepted."""
    return arrivals.inspect(
        upload,
        accepted=ACCEPTED,
        max_bytes=settings.EVIDENCE_MAX_BYTES,
        max_recording_bytes=settings.EVIDENCE_MAX_RECORDING_BYTES,
        not_accepted=_(
            "“%(name)s” is not a picture (PNG, JPEG, WebP, HEIC), a PDF, a video (MP4, MOV, WebM) or a capture of a "
            "web page (MHTML, WARC). Upload a file of one of these types."
        ),
    )


def inspect_small(upload: UploadedFile) -> arrivals.Arrival:
    """As :func:`inspect`, for pictures and PDF only: of a file that each of many cases gets a copy."""
    return arrivals.inspect(
        upload,
        accepted=PICTURES_AND_PDF,
        max_bytes=settings.EVIDENCE_MAX_BYTES,
        not_accepted=_(
            "“%(name)s” is not a picture (PNG, JPEG, WebP, HEIC) or a PDF. Upload a file of one of these types."
        ),
    )
