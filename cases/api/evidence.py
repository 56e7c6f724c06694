"""Evidence in the API: added, downloaded, and removed from drafts."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile
from pydantic import Field

from alliance.lib import arrivals, private_files
from alliance.lib.api.problems import Problem, answers
from cases import visibility
from cases.api import case_details
from cases.api.case_schemas import EvidenceOut, FileKind
from cases.api.cases import READ, STEP, WRITE, Reference
from cases.models import Evidence
from cases.services import evidence as service
from members.api.auth import BearerToken, caller, recorded
from members.api.common import ALWAYS, OF_ONE, IdempotencyKey, Moment, once_with_files
from members.services.idempotency import Answer

router = Router(tags=["evidence"])
FILE = BearerToken.with_files("cases:write", max_bytes=settings.EVIDENCE_MAX_RECORDING_BYTES)

_BINARY = {"schema": {"type": "string", "format": "binary"}}
_DOWNLOAD = {
    "responses": {
        200: {
            "description": "The file, as it was uploaded.",
            "content": dict.fromkeys(service.ACCEPTED, _BINARY),
        }
    }
}


class EvidenceFields(Schema):
    """What is stated about a file."""

    kind: FileKind
    shows_url: Annotated[str, Field(max_length=2000)] = Field(
        "", description="The URL that the file shows. It is never requested."
    )
    captured_at: Moment | None = Field(None, description="When it was taken, with the zone.")


@router.post(
    "/cases/{reference}/evidence",
    response={201: EvidenceOut, **STEP},
    auth=FILE,
    url_name="case_evidence",
)
def add_evidence(
    request: HttpRequest,
    reference: Reference,
    file: Annotated[UploadedFile, File(description="A picture, PDF, video or web capture.")],
    fields: Annotated[EvidenceFields, Form()],
    key: IdempotencyKey = None,
) -> HttpResponse:
    """Add a file to a draft, an open case, or a rejected case that is then reopened. The same file is added once.

    Until the member has answered a counter-notice, the file belongs to the answer.

    PNG, JPEG, WebP, HEIC and PDF up to 25 MB; MP4, MOV, WebM, MHTML and WARC up to 200 MB, unless the operators have
    changed the limits.
    """

    def add() -> Answer:
        stored = service.add(
            case=case_details.one(request, reference),
            by=caller(request)[1],
            upload=file,
            kind=fields.kind,
            shows_url=fields.shows_url,
            captured_at=fields.captured_at,
        )
        url = f"{request.path}/{stored.pk}"
        return Answer(201, case_details.file(stored).model_dump_json(), {"Location": url})

    return once_with_files(request, key, add)


@router.get(
    "/cases/{reference}/evidence/{evidence_id}",
    response={**ALWAYS, **OF_ONE},
    auth=READ,
    url_name="case_file",
    openapi_extra=_DOWNLOAD,
)
def download_evidence(
    request: HttpRequest, reference: Reference, evidence_id: UUID
) -> HttpResponseBase:
    """Download a file. The download is recorded in its chain of custody."""
    found = _found(request, reference, evidence_id)
    try:
        file = service.opened(evidence=found, by=caller(request)[1])
    except (FileNotFoundError, Evidence.DoesNotExist):
        raise Problem(404) from None
    name = arrivals.clean_name(found.original_name)
    return private_files.attachment(file, name=name, content_type=found.content_type)


@router.delete(
    "/cases/{reference}/evidence/{evidence_id}",
    response={200: EvidenceOut, **ALWAYS, **OF_ONE, **answers(409)},
    auth=WRITE,
    url_name="case_file",
)
def remove_evidence(request: HttpRequest, reference: Reference, evidence_id: UUID) -> EvidenceOut:
    """Remove a file from a draft. Its chain of custody is kept."""
    found = _found(request, reference, evidence_id)
    with recorded(request):
        service.remove(evidence=found, by=caller(request)[1])
    return case_details.file(found)


def _found(request: HttpRequest, reference: str, pk: UUID) -> Evidence:
    case = case_details.one(request, reference)
    files: Any = visibility.evidence(caller(request)[1]).filter(case=case)
    found: Evidence | None = files.select_related("case").filter(pk=pk).first()
    if found is None:
        raise Problem(404)
    return found
