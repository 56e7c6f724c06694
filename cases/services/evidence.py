"""Upload, download and removal of evidence, each recorded in the chain of custody."""

from __future__ import annotations

import structlog
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alliance.lib import arrivals, file_types
from alliance.lib.refusals import Conflict, NotAllowed, Refusal
from cases.models import Case, CounterNotice, CustodyEntry, Evidence
from cases.models.event import Audience, EventKind
from cases.models.evidence import evidence_path
from cases.permissions import may_file_for_member
from cases.services import core, counter_notices, storage_use
from cases.states import UNDECIDED, Status
from members.models import Membership, User

log = structlog.get_logger(__name__)

# The accepted content types, each with the extensions that a file of that type may have.
ACCEPTED = {
    file_types.PNG: (".png",),
    file_types.JPEG: (".jpg", ".jpeg", ".jfif"),
    file_types.WEBP: (".webp",),
    file_types.PDF: (".pdf",),
}
MAX_FILES = 50


@transaction.atomic
def add(*, case: Case, by: User, upload: UploadedFile, kind: str) -> Evidence:
    """Add a file to an undecided case, or to the member's answer to a counter-notice. Idempotent.

    Raises :class:`NotAllowed` without the role, :class:`Conflict` if no file can be added any more, and
    :class:`Refusal` for a file that is not accepted or exceeds :data:`MAX_FILES` or the member's quota.
    """
    arrival = inspect(upload)
    case = core.lock(case)
    roles = Membership.objects.may_file().filter(user=by, member=case.member_id)
    role = storage_use.with_use(roles).first()
    if role is None:
        raise NotAllowed(_("Your role does not allow adding evidence to this case."))
    files = list(case.evidence.all())
    if known := next((file for file in files if file.sha256 == arrival.sha256), None):
        return known
    notice = _counter_notice_to_answer(case)
    if len(files) >= MAX_FILES:
        raise Refusal(
            ngettext(
                "A case can have up to %(limit)d file.",
                "A case can have up to %(limit)d files.",
                MAX_FILES,
            )
            % {"limit": MAX_FILES}
        )
    storage_use.check(role, size=arrival.size)
    evidence = Evidence(
        case=case,
        counter_notice=notice,
        kind=kind,
        uploaded_by=by,
        **arrival.facts,
    )
    path = evidence_path(evidence, arrival.name)
    arrivals.store(evidence.file, upload, name=arrival.name, path=path)
    try:
        # After writing the file, so that the row lock does not delay the member's other uploads.
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


@transaction.atomic
def record_read(*, evidence: Evidence, by: User) -> None:
    """Record that ``by`` downloads the file. Called before the file is served.

    Raises ``Evidence.DoesNotExist`` if the file has been removed in the meantime.
    """
    locked = Evidence.objects.select_for_update(no_key=True).get(pk=evidence.pk)
    _custody(locked, evidence.case, CustodyEntry.Action.READ, by)


@transaction.atomic
def remove(*, evidence: Evidence, by: User) -> None:
    """Remove a file from a draft. Its chain of custody is kept. Idempotent."""
    case = core.lock(evidence.case)
    if not may_file_for_member(by, case):
        raise NotAllowed(_("Your role does not allow this."))
    if case.status != Status.DRAFT:
        raise Conflict(_("The case is already submitted, so its evidence cannot be removed."))
    # Read under the lock: another request may have removed the file.
    found = case.evidence.select_for_update().filter(pk=evidence.pk).first()
    if found is None:
        return
    _custody(found, case, CustodyEntry.Action.REMOVED, by)
    storage_use.subtract(case.member_id, size=found.size)
    name, storage = str(found.file.name), found.file.storage
    found.delete()
    transaction.on_commit(lambda: storage.delete(name))


def _counter_notice_to_answer(case: Case) -> CounterNotice | None:
    """Return the counter-notice that a new file helps to answer, or ``None`` if the case is undecided.

    Raises :class:`Conflict` if no file can be added any more.
    """
    if case.status in UNDECIDED:
        return None
    notice = counter_notices.open_notice(case)
    if notice is None:
        raise Conflict(_("The case is already decided, so evidence can no longer be added."))
    counter_notices.check_open_to_answer(notice)
    return notice


def _custody(evidence: Evidence, case: Case, action: CustodyEntry.Action, by: User) -> None:
    CustodyEntry.objects.create(
        evidence_id=evidence.pk,
        case_reference=case.reference,
        action=action,
        sha256=evidence.sha256,
        actor_id=by.pk,
        actor_label=by.name,
    )


def inspect(upload: UploadedFile) -> arrivals.Arrival:
    """Hash an upload and check that it can be evidence. Raises :class:`Refusal`."""
    return arrivals.inspect(
        upload,
        accepted=ACCEPTED,
        max_bytes=settings.EVIDENCE_MAX_BYTES,
        not_accepted=_(
            "“%(name)s” is not a PNG, JPEG, WebP or PDF file. Upload a file of one of these types."
        ),
    )
