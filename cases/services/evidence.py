"""Evidence arrives, is hashed and sniffed, is read, is removed from drafts; each time on record."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from pathlib import PurePath

import structlog
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from alliance.lib import file_types, visible
from cases.models import Case, CounterNotice, CustodyEntry, Evidence
from cases.models.event import Audience, EventKind
from cases.models.evidence import evidence_path
from cases.services import core, counter_notices, storage_use
from cases.services.refusals import Conflict, NotAllowed, Refusal
from cases.states import UNDECIDED, Status
from members.models import User

log = structlog.get_logger(__name__)

# What is accepted, by sniffed type, with the endings a file of that type may carry.
ACCEPTED = {
    file_types.PNG: (".png",),
    file_types.JPEG: (".jpg", ".jpeg", ".jfif"),
    file_types.WEBP: (".webp",),
    file_types.PDF: (".pdf",),
}
MAX_FILES = 50
NAME_LENGTH = 200


@dataclass(frozen=True)
class _Arrival:
    sha256: str
    size: int
    content_type: str
    name: str


@transaction.atomic
def add(*, case: Case, by: User, upload: UploadedFile, kind: str) -> Evidence:
    """Attach a file to a case that is not decided, or to the member's answer to a counter-notice.

    The same file twice is attached once.

    Raises :class:`Refusal` for an empty, oversized, unknown or mislabelled file.
    """
    arrival = _inspect(upload)
    case = core.lock(case)
    if not _may_add(case, by):
        raise NotAllowed(_("Your role does not allow adding evidence to this case."))
    known = case.evidence.filter(sha256=arrival.sha256).first()
    if known:
        return known
    notice = _answered_with_it(case)
    if case.evidence.count() >= MAX_FILES:
        raise Refusal(_("A case takes up to %(limit)d files.") % {"limit": MAX_FILES})
    storage_use.check(case.member_id, size=arrival.size)
    evidence = Evidence(
        case=case,
        counter_notice=notice,
        kind=kind,
        original_name=arrival.name,
        content_type=arrival.content_type,
        size=arrival.size,
        sha256=arrival.sha256,
        uploaded_by=by,
    )
    _store(evidence, arrival, upload)
    try:
        # Last, so that the member's other uploads do not wait while this file is written.
        storage_use.add(case.member_id, size=arrival.size)
        evidence.save(force_insert=True)
        _custody(evidence, case, CustodyEntry.Action.RECEIVED, by)
        if case.status != Status.DRAFT:
            core.record(
                case,
                EventKind.EVIDENCE_ADDED,
                by=by,
                role=Audience.MEMBER,
                audience=core.MEMBER,
                data={"name": arrival.name, "sha256": arrival.sha256},
            )
    except BaseException:
        evidence.file.delete(save=False)
        raise
    return evidence


def _store(evidence: Evidence, arrival: _Arrival, upload: UploadedFile) -> None:
    """Write the file. Raises :class:`Refusal` when the store takes none, as when its disk is full."""
    try:
        evidence.file.save(arrival.name, upload, save=False)
    except OSError as error:
        log.error("evidence_not_stored", size=arrival.size, error=str(error))
        evidence.file.storage.delete(evidence_path(evidence, arrival.name))
        raise Refusal(
            _("“%(name)s” could not be stored. Try again later, or tell the alliance.")
            % {"name": arrival.name}
        ) from error


@transaction.atomic
def record_read(*, evidence: Evidence, by: User) -> None:
    """Record that ``by`` receives the file. Called before the file is handed out.

    Raises ``Evidence.DoesNotExist`` if the file was removed in the meantime.
    """
    locked = Evidence.objects.select_for_update(no_key=True).get(pk=evidence.pk)
    _custody(locked, evidence.case, CustodyEntry.Action.READ, by)


@transaction.atomic
def remove(*, evidence: Evidence, by: User) -> None:
    """Remove a file from a draft; its custody record stays. Removing it again has no second effect."""
    case = core.lock(evidence.case)
    if not _may_add(case, by):
        raise NotAllowed(_("Your role does not allow this."))
    if case.status != Status.DRAFT:
        raise Conflict(_("The case was submitted: its evidence stays as it is."))
    # Whether the file is still there is known only now: another request may have held the lock.
    found = case.evidence.select_for_update().filter(pk=evidence.pk).first()
    if found is None:
        return
    _custody(found, case, CustodyEntry.Action.REMOVED, by)
    storage_use.subtract(case.member_id, size=found.size)
    name, storage = str(found.file.name), found.file.storage
    found.delete()
    transaction.on_commit(lambda: storage.delete(name))


def _answered_with_it(case: Case) -> CounterNotice | None:
    """Return the counter-notice that a file added now answers; ``None`` for a case that is not decided."""
    if case.status in UNDECIDED:
        return None
    notice = counter_notices.open_notice(case)
    if notice is None:
        raise Conflict(_("The case is decided: evidence can no longer be added."))
    counter_notices.check_open_to_answer(notice)
    return notice


def _may_add(case: Case, by: User) -> bool:
    from cases.permissions import may_file_for_member

    return bool(may_file_for_member(by, case))


def _custody(evidence: Evidence, case: Case, action: CustodyEntry.Action, by: User) -> None:
    CustodyEntry.objects.create(
        evidence_id=evidence.pk,
        case_reference=case.reference,
        action=action,
        sha256=evidence.sha256,
        actor_id=by.pk,
        actor_label=by.name,
    )


def clean_name(name: str) -> str:
    """Return a file's own name as it may be shown and handed out again: one line, in its own script.

    A long one is shortened in the middle, so that its ending stays.
    """
    name = unicodedata.normalize("NFC", PurePath(name.replace("\\", "/")).name)
    # Signs that turn the reading direction can make a program look like a picture.
    name = visible.cleaned(name) or "file"
    ending = PurePath(name).suffix[:20]
    if len(name) > NAME_LENGTH:
        name = f"{name[: NAME_LENGTH - len(ending) - 1]}…{ending}"
    return name


def _inspect(upload: UploadedFile) -> _Arrival:
    """Hash and sniff an upload, reading it in pieces; refuse what is not acceptable."""
    name = clean_name(upload.name or "file")
    size = upload.size or 0
    if size == 0:
        raise Refusal(_("“%(name)s” is empty. Choose the file again.") % {"name": name})
    if size > settings.EVIDENCE_MAX_BYTES:
        raise Refusal(
            _("“%(name)s” is larger than %(limit)d MB. Send a smaller picture or a compressed PDF.")
            % {"name": name, "limit": settings.EVIDENCE_MAX_BYTES // 1024**2}
        )
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    content_type = _sniff(upload, name)
    upload.seek(0)
    return _Arrival(digest.hexdigest(), size, content_type, name)


def _sniff(upload: UploadedFile, name: str) -> str:
    found = file_types.identify(upload)
    if found not in ACCEPTED:
        raise Refusal(_not_accepted(found) % {"name": name})
    if PurePath(name).suffix.lower() not in ACCEPTED[found]:
        raise Refusal(
            _(
                "“%(name)s” is mislabelled: its contents are %(type)s. Save it with the ending %(ending)s."
            )
            % {"name": name, "type": found, "ending": ACCEPTED[found][0]}
        )
    if found.startswith("image/"):
        _check_picture(upload, name, found)
    return found


def _not_accepted(found: str) -> str:
    """Return what to tell the person, with a place for the name of the file."""
    if found == file_types.HEIC:
        return _(
            "“%(name)s” is a HEIC picture, which is not accepted. Save it as JPEG and attach that. On an "
            "iPhone, choose Settings, Camera, Formats, Most Compatible for the next pictures."
        )
    if found == file_types.JPEG_2000:
        return _(
            "“%(name)s” is a JPEG 2000 picture, which is not accepted. Save it as JPEG or PNG and attach that."
        )
    return _("“%(name)s” is not a PNG, JPEG, WebP or PDF file, whatever its name says.")


def _check_picture(upload: UploadedFile, name: str, content_type: str) -> None:
    try:
        file_types.check_picture(upload, content_type)
    except file_types.Damaged:
        raise Refusal(
            _("“%(name)s” is damaged or incomplete and cannot be opened. Save or copy it again.")
            % {"name": name}
        ) from None
    except file_types.TooManyPixels:
        raise Refusal(
            _("“%(name)s” has more than %(limit)d million pixels. Send it in parts.")
            % {"name": name, "limit": file_types.MAX_PIXELS // 1_000_000}
        ) from None
