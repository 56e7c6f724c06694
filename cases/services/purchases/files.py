"""Files about a test purchase: pictures of order and parcel, the unboxing, the examination report."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alliance.lib import arrivals
from alliance.lib.refusals import Conflict, Refusal
from cases.models import TestPurchase, TestPurchaseEvent, TestPurchaseFile
from cases.models.purchase_evidence import purchase_path
from cases.services import evidence, storage_use
from cases.services.purchases import core
from cases.states import PurchaseStatus
from members.models import User

# As many as a case can take, so that all of them can become its evidence.
MAX_FILES = evidence.MAX_FILES

Kind = TestPurchaseEvent.Kind


def add(*, purchase: TestPurchase, by: User, upload: UploadedFile, kind: str) -> TestPurchaseFile:
    """Add a file, of the types that evidence may have. Adding the same file twice has no second effect.

    Raises :class:`NotAllowed`, :class:`Conflict` after the purchase was cancelled, and :class:`Refusal` for a file that
    is not accepted or exceeds :data:`MAX_FILES` or the member's quota.
    """
    arrival = evidence.inspect(upload)
    file = TestPurchaseFile(purchase=purchase, kind=kind, uploaded_by=by, **arrival.facts)
    # As in cases.services.evidence.add: what will be refused is not written, and the purchase is not locked meanwhile.
    if known := _prepare(file):
        return known
    path = purchase_path(file, arrival.name)
    arrivals.store(file.file, upload, name=arrival.name, path=path)
    with arrivals.kept_if_saved(file.file):
        return _save(file)


@transaction.atomic
def _save(file: TestPurchaseFile) -> TestPurchaseFile:
    """Save the row of a file that has been written. Return it, or that of the same file that was added meanwhile."""
    if known := _prepare(file):
        return known
    storage_use.add(file.purchase.member_id, size=file.size)
    file.save(force_insert=True)
    data = {"name": file.original_name, "sha256": file.sha256}
    core.record(file.purchase, Kind.FILE_ADDED, file.uploaded_by, data=data)
    return file


@transaction.atomic
def _prepare(file: TestPurchaseFile) -> TestPurchaseFile | None:
    """Lock and set the purchase, and return the same file if the purchase has it. Raises what :func:`add` raises."""
    purchase = file.purchase = core.lock(file.purchase, file.uploaded_by)
    known = {one.sha256: one for one in purchase.files.all()}
    if file.sha256 in known:
        return known[file.sha256]
    if purchase.status == PurchaseStatus.CANCELLED:
        raise Conflict(_("The test purchase is cancelled, so files can no longer be added."))
    if len(known) >= MAX_FILES:
        message = ngettext(
            "A test purchase can have up to %(limit)d file.",
            "A test purchase can have up to %(limit)d files.",
            MAX_FILES,
        )
        raise Refusal(message % {"limit": MAX_FILES})
    role = storage_use.filer(file.uploaded_by, purchase.member_id)
    storage_use.check(role, size=file.size)
    return None


@transaction.atomic
def record_read(*, file: TestPurchaseFile, by: User) -> None:
    """Record that ``by`` downloads the file. Called before the file is served; any role at the member may read."""
    rows = TestPurchase.objects.select_for_update(no_key=True)
    purchase = rows.get(pk=file.purchase_id)
    data = {"name": file.original_name, "sha256": file.sha256}
    core.record(purchase, Kind.FILE_READ, by, data=data)
