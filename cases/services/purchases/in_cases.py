"""Test purchases as evidence of cases: added to a case, or the start of one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import structlog
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from alliance.lib.refusals import Conflict, Refusal
from cases.marketplaces import addresses
from cases.marketplaces.lookup import Marketplaces
from cases.models import (
    Case,
    Evidence,
    PurchaseInCase,
    TestPurchase,
    TestPurchaseEvent,
    TestPurchaseFile,
)
from cases.services import core as case_core
from cases.services import draft_listings, evidence, filing
from cases.services.purchases import core
from cases.states import TAKES_ADDITIONS, PurchaseStatus
from members.models import User

log = structlog.get_logger(__name__)


class FilesMissing(Refusal):
    """The draft was saved, but not all files of the test purchase could be copied to it. ``case`` is the draft."""

    def __init__(self, case: Case, reason: Refusal) -> None:
        text = _(
            "Draft %(reference)s was saved, but files of the test purchase are missing: %(reason)s"
        )
        super().__init__(text % {"reference": case.reference, "reason": reason})
        self.case = case


def add_to_case(*, purchase: TestPurchase, case: Case, by: User) -> int:
    """Add a test purchase to a draft or an undecided case of the same brand and seller; return how many files are new.

    Its files become evidence of the case: :func:`cases.services.evidence.add` copies each of them, because a case's
    evidence has its own chain of custody and may be deleted with a draft. Adding it again copies the files that are
    missing. Each file is a transaction of its own, so an interrupted call can be repeated. Raises :class:`Conflict`,
    :class:`NotAllowed` and :class:`Refusal`.
    """
    purchase = _link(purchase, case, by)
    return _copy_files(purchase, case, by)


def file_case(
    *, purchase: TestPurchase, by: User, token: UUID, right: Any, **complaint: Any
) -> Case:
    """Start the draft of a case against the seller of a test purchase, with its listing and its files as evidence.

    ``token``, ``right`` and ``complaint`` are the arguments of :func:`cases.services.filing.start_draft`. Idempotent.
    Raises its refusals, :class:`Refusal` for a right of another brand, and :class:`FilesMissing` after the draft is saved.
    """
    if right.brand_id != purchase.brand_id:
        raise Refusal(_("Choose a right of %(brand)s.") % {"brand": purchase.brand})
    complaint["brand"] = purchase.brand
    with transaction.atomic():
        purchase = core.lock(purchase, by)
        case = filing.start_draft(by=by, token=token, right=right, **complaint)
        if case.seller_id is None:
            case = _name_seller(purchase, case, by)
        _add(purchase, case, by)
    try:
        _copy_files(purchase, case, by)
    except Refusal as refusal:
        raise FilesMissing(case, refusal) from refusal
    return case


def _name_seller(purchase: TestPurchase, case: Case, by: User) -> Case:
    """Set the seller and the listing of a new draft. A URL that can no longer be filed is left out."""
    try:
        found = [addresses.parse(purchase.listing_url, Marketplaces.all())]
    except ValidationError:
        found = []
    seller = purchase.seller
    if draft_listings.unconfirmed_issues(
        case=case,
        marketplace=purchase.marketplace,
        shop=seller.external_id,
        addresses=found,
        confirmed=True,
    ):
        found = []
    return filing.set_listings(
        case=case,
        by=by,
        marketplace=purchase.marketplace,
        seller_id=seller.external_id,
        seller_name=purchase.seller_name,
        shop_url=purchase.shop_url,
        addresses=found,
        confirmed=True,  # the goods were bought there
    )


@transaction.atomic
def _link(purchase: TestPurchase, case: Case, by: User) -> TestPurchase:
    purchase = core.lock(purchase, by)
    case = case_core.lock(case)
    if case.status not in TAKES_ADDITIONS:
        raise case_core.wrong_status(case)
    _add(purchase, case, by)
    return purchase


def _add(purchase: TestPurchase, case: Case, by: User) -> None:
    """Add the locked purchase to the locked case."""
    same = (case.member_id, case.brand_id) == (purchase.member_id, purchase.brand_id)
    if not same or case.seller_id != purchase.seller_id:
        raise Refusal(_("The case is not about the same brand and seller as the test purchase."))
    if purchase.status == PurchaseStatus.CANCELLED:
        raise Conflict(_("The test purchase is cancelled, so it cannot support a case."))
    _row, created = PurchaseInCase.objects.get_or_create(
        purchase=purchase, case=case, defaults={"added_by": by}
    )
    if created:
        data = {"case": case.reference}
        core.record(purchase, TestPurchaseEvent.Kind.CASE_ADDED, by, data=data)


def _copy_files(purchase: TestPurchase, case: Case, by: User) -> int:
    """Add the files that are not yet evidence of the case; return how many."""
    known = set(case.evidence.values_list("sha256", flat=True))
    missing = [file for file in purchase.files.all() if file.sha256 not in known]
    for file in missing:
        _copy(file, case, by)
    return len(missing)


def _copy(file: TestPurchaseFile, case: Case, by: User) -> Evidence:
    """Copy a file. Raises :class:`Refusal` if it cannot be read, is missing, or differs from what was received."""
    try:
        stored = file.file.open("rb")
    except FileNotFoundError:
        log.error("purchase_file_missing", file=str(file.pk))
        raise _damaged(file) from None
    except OSError as error:
        log.error("purchase_file_not_read", file=str(file.pk), error=str(error))
        raise Refusal(
            _("The file cannot be read at the moment. Try again later or contact the alliance.")
        ) from error
    with stored:
        upload = UploadedFile(stored, file.original_name, file.content_type, file.size)
        if evidence.inspect(upload).sha256 != file.sha256:
            log.error("purchase_file_changed", file=str(file.pk))
            raise _damaged(file)
        return evidence.add(case=case, by=by, upload=upload, kind=Evidence.Kind.TEST_PURCHASE)


def _damaged(file: TestPurchaseFile) -> Refusal:
    text = _("“%(name)s” is damaged in the storage. Contact the alliance.")
    return Refusal(text % {"name": file.original_name})
