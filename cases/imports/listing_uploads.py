"""The upload of a sheet of listings, with the complaint and the files for its cases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alliance.lib import arrivals
from alliance.lib.arrivals import Arrival
from alliance.lib.picture_archives import PictureArchive
from alliance.lib.refusals import Refusal
from cases.imports import complaints
from cases.imports.pictures import EVIDENCE, PICTURES
from cases.services import evidence as evidence_files
from members.imports import registry
from members.models import ImportJob, IPRight, User
from members.services import imports
from members.services.import_files import Attachment

# Files that each case of a sheet gets.
MAX_COMMON = 10


def upload(
    *,
    by: User,
    sheet: UploadedFile,
    right: IPRight,
    pictures: UploadedFile | None = None,
    evidence: Sequence[UploadedFile] = (),
    evidence_kind: str = "",
    **complaint: Any,
) -> ImportJob:
    """Store a sheet of listings and wake a worker that checks it.

    ``complaint`` are the values of :class:`~cases.forms.filing.ComplaintForm` besides the right. Raises
    :class:`Refusal` for a complaint or a file that is not accepted, and everything that
    :func:`members.services.imports.upload` raises.
    """
    values = {"right": right, "brand": right.brand, **complaint}
    if problem := complaints.problem(values):
        raise Refusal(problem)
    attachments = [_inspect_evidence(one) for one in _checked_count(evidence)]
    if pictures is not None:
        attachments.append(_inspect_pictures(pictures))
    kind = registry.find("listings")
    assert kind is not None
    return imports.upload(
        member=right.brand.member,
        kind=kind,
        by=by,
        upload=sheet,
        options=complaints.options(right=right, evidence_kind=evidence_kind, **complaint),
        attachments=attachments,
    )


def _checked_count(evidence: Sequence[UploadedFile]) -> Sequence[UploadedFile]:
    if len(evidence) > MAX_COMMON:
        text = ngettext(
            "Choose up to %(limit)d file for all cases.",
            "Choose up to %(limit)d files for all cases.",
            MAX_COMMON,
        )
        raise Refusal(text % {"limit": MAX_COMMON})
    return evidence


def _inspect_evidence(file: UploadedFile) -> Attachment:
    return Attachment(EVIDENCE, file, evidence_files.inspect_small(file))


def _inspect_pictures(file: UploadedFile) -> Attachment:
    name, size = arrivals.clean_name(file.name or "pictures.zip"), file.size or 0
    if size > settings.EVIDENCE_MAX_BYTES:
        text = _("“%(name)s” is larger than %(limit)d MB. Split the sheet and the ZIP file.")
        raise Refusal(text % {"name": name, "limit": settings.EVIDENCE_MAX_BYTES // 1024**2})
    PictureArchive(file, name)
    arrival = Arrival(arrivals.hash_of(file), size, "application/zip", name)
    return Attachment(PICTURES, file, arrival)
