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
from members.models import Membership, User

# As many as a case can take, so that all of them can become its evidence.
MAX_FILES = evidence.MAX_FILES

Kind = TestPurchaseEvent.Kind


@transaction.atomic
def add(*, purchase: TestPurchase, by: User, upload: UploadedFile, kind: str) -> TestPurchaseFile:
    """Add a file, of the types that evidence may have. Adding the same file twice has no second effect.

    Raises :class:`NotAllowed`, :class:`Conflict` after the purchase was cancelled, and :class:`Refusal` for a file that
    is not accepted or exceeds :data:`MAX_FILES` or the member's quota.
    """
    arrival = evidence.inspect(upload)
    purchase = core.lock(purchase, by)
    known = {file.sha256: file for file in purchase.files.all()}
    if arrival.sha256 in known:
        return known[arrival.sha256]
    if purchase.status == PurchaseStatus.CANCELLED:
        raise Conflict(_("The test purchase is cancelled, so files can no longer be added."))
    if len(known) >= MAX_FILES:
        message = ngettext(
            "A test purchase can have up to %(limit)d file.",
            "A test purchase can have up to %(limit)d files.",
            MAX_FILES,
        )
        raise Refusal(message % {"limit": MAX_FILES})
    roles = Membership.objects.may_file().filter(user=by, member=purchase.member_id)
    storage_use.check(storage_use.with_use(roles).get(), size=arrival.size)
    file = TestPurchaseFile(purchase=purchase, kind=kind, uploaded_by=by, **arrival.facts)
    path = purchase_path(file, arrival.name)
    arrivals.store(file.file, upload, name=arrival.name, path=path)
    try:
        # After writing the file, so that the row lock does not delay the member's other uploads.
        storage_use.add(purchase.member_id, size=arrival.size)
        file.save(force_insert=True)
        data = {"name": arrival.name, "sha256": arrival.sha256}
        core.record(purchase, Kind.FILE_ADDED, by, data=data)
    except BaseException:
        file.file.delete(save=False)
        raise
    return file


@transaction.atomic
def record_read(*, file: TestPurchaseFile, by: User) -> None:
    """Record that ``by`` downloads the file. Called before the file is served; any role at the member may read."""
    rows = TestPurchase.objects.select_for_update(no_key=True)
    purchase = rows.get(pk=file.purchase_id)
    data = {"name": file.original_name, "sha256": file.sha256}
    core.record(purchase, Kind.FILE_READ, by, data=data)
