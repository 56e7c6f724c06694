"""Imports of sheets in the API: uploaded, checked by a worker, confirmed, and applied by a worker."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Annotated, Any, Literal
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile
from pydantic import Field

from alliance.lib import private_files
from alliance.lib.api.problems import Problem, answers
from alliance.lib.sheets import writing
from alliance.lib.uploads import FILES_PER_REQUEST
from cases.api.case_input import Explanation, Statement, errors_of
from cases.api.case_schemas import FileKind, Part, ViolationType
from cases.forms.listing_sheet import ListingSheetForm
from cases.imports import listing_uploads
from cases.models import HiddenLink, PlannedCase
from members.api.auth import BearerToken, caller, check_scope, token_of
from members.api.common import (
    ALWAYS,
    OF_ONE,
    PAGE,
    WRITING,
    Code,
    Cursor,
    IdempotencyKey,
    Limit,
    ListPage,
    Strict_,
    Truth,
    answer,
    listed,
    once,
    once_with_files,
    sent,
)
from members.imports import registry
from members.models import ImportJob, ImportProblem
from members.services import error_sheets, imports
from members.services.idempotency import Answer

router = Router(tags=["imports"])
READ, WRITE = BearerToken("cases:read"), BearerToken("cases:write")
FILES = BearerToken.with_files(
    "cases:write", max_bytes=FILES_PER_REQUEST * settings.EVIDENCE_MAX_BYTES
)

ImportKind = Literal["listings", "rights", "products", "authorised-sellers"]
ImportState = Literal["checking", "checked", "running", "done", "failed", "cancelled"]
PlannedState = Literal["planned", "filed", "left_out", "refused"]
# What a token needs besides the scopes of cases, to import and to read a sheet of the kind.
_NOUN = {"rights": "rights", "products": "products", "authorised-sellers": "sellers"}
# The fields of the request whose names and values are those of the form.
_COPIED = (
    *("violation", "goods_class", "infringement_in", "explanation", "evidence_kind"),
    *HiddenLink.STATEMENTS,
)


class CountsOut(Schema):
    """Numbers of rows: what the import would do before it is confirmed, and what it has done afterwards."""

    created: int = Field(description="For listings: filed.")
    changed: int
    unchanged: int = Field(description="For listings: left out, because a case has them.")
    failed: int


class ImportOut(Schema):
    """An import of a sheet."""

    id: str
    kind: ImportKind
    state: ImportState
    file_name: str
    sha256: str
    uploaded_at: datetime
    confirmed_at: datetime | None
    finished_at: datetime | None
    row_count: int
    position: int = Field(
        description="The rows that were checked, or imported and left out so far."
    )
    counts: CountsOut
    notes: list[str]
    failure: str = Field(description="Why the import stopped; empty if it did not.")
    version: str = Field(
        description="Changes when the sheet is uploaded again. Send it to confirm."
    )


class PlannedCaseOut(Schema):
    """A case that the import of listings files: one shop on one marketplace."""

    number: int
    state: PlannedState
    marketplace: str
    shop: str
    shop_name: str
    rows: list[int] = Field(description="The rows of the sheet that are filed.")
    filed_already: int = Field(description="Listings that are left out, because a case has them.")
    filed_in: list[str] = Field(description="The references of some of these cases.")
    values: dict[str, str] = Field(description="Prices by units sold, by currency.")
    problem: str = Field(description="Why it cannot be filed; empty if it can.")
    reference: str | None = Field(description="The reference of the case that was filed.")


class PlannedCasePage(ListPage):
    """A page of the cases of an import."""

    items: list[PlannedCaseOut]


class RowProblemOut(Schema):
    """What is wrong with a row, in the language of the upload."""

    row: int
    detail: str


class RowProblemPage(ListPage):
    """A page of the rows with errors."""

    items: list[RowProblemOut]


class ConfirmIn(Strict_):
    """The confirmation of an import."""

    version: Annotated[str, Field(min_length=1, max_length=100)] = Field(
        description="The version of the import that you have read."
    )
    good_faith: Truth = Field(
        False,
        description="Needed for listings. True states in good faith that, to the best of the person’s knowledge, the "
        "information in the complaints is accurate and complete.",
    )


class CancelIn(Strict_):
    """The cancellation of an import, an empty object."""


class SheetForm(Schema):
    """The fields beside the files. For listings, those of the complaint of all cases."""

    kind: ImportKind = "listings"
    right_id: int | None = Field(
        None, ge=1, description="For listings, as are the other fields of the complaint."
    )
    violation: ViolationType | None = None
    jurisdiction: Code | None = None
    goods_class: Annotated[int, Field(ge=1, le=45)] | None = None
    infringement_in: list[Part] = Field(default_factory=list)
    explanation: Explanation = ""
    advertised_in: Statement = Field("", description="Of a hidden link, as are the next two.")
    how_to_order: Statement = ""
    what_arrives: Statement = ""
    evidence_kind: FileKind = Field("screenshot", description="What the files show.")


@router.post(
    "/imports",
    response={202: ImportOut, **ALWAYS, **WRITING, **answers(409)},
    auth=FILES,
    url_name="imports",
)
def create_import(
    request: HttpRequest,
    file: Annotated[UploadedFile, File(description="The sheet, CSV or XLSX, up to 10 MB.")],
    fields: Annotated[SheetForm, Form()],
    evidence: Annotated[
        list[UploadedFile], File(description="For listings: up to 10 files for all cases.")
    ] = [],  # noqa: B006  (the library copies it)
    pictures: Annotated[
        UploadedFile | None,
        File(description="For listings: a ZIP file with the pictures that the sheet names."),
    ] = None,
    key: IdempotencyKey = None,
) -> HttpResponse:
    """Upload a sheet, which a worker checks. Read the import until its state is checked, then confirm it.

    Rights, products and authorised sellers need the scope to write these as well.
    """
    member, person = caller(request)
    _check_kind(request, fields.kind, "write")
    if fields.kind != "listings":
        _check_fields({*request.POST, *request.FILES} - {"kind", "file"})

    def upload() -> Answer:
        if fields.kind == "listings":
            job = _upload_listings(request, fields)
        else:
            kind = registry.find(fields.kind)
            assert kind is not None
            job = imports.upload(member=member, kind=kind, by=person, upload=file)
        return answer(_out(job), status=202, url=f"{request.path}/{job.pk}")

    return once_with_files(request, key, upload)


def _check_fields(more: set[str]) -> None:
    """Raise :class:`Problem` if a sheet that is not of listings has further fields: they would be left out."""
    if more:
        text = _("This field is for sheets of listings.")
        raise Problem(422, errors=[(name, text) for name in sorted(more)])


def _upload_listings(request: HttpRequest, fields: SheetForm) -> ImportJob:
    """Check the complaint by the form of the page, and store the sheet. Raises :class:`Problem` with all errors."""
    member, person = caller(request)
    data: dict[str, Any] = {name: getattr(fields, name) or "" for name in _COPIED}
    data |= {
        "right": fields.right_id or "",
        "jurisdiction": (fields.jurisdiction or "").upper(),
        "is_hidden": any(data[name] for name in HiddenLink.STATEMENTS),
    }
    form = ListingSheetForm(data, request.FILES, user=person, member=member)
    if not form.is_valid():
        errors = [(name.removeprefix("hidden_link."), one) for name, one in errors_of(form.errors)]
        raise Problem(422, errors=errors)
    return listing_uploads.upload(by=person, **form.complaint, **form.sent_files)


@router.get(
    "/imports/{import_id}",
    response={200: ImportOut, **ALWAYS, **OF_ONE},
    auth=READ,
    url_name="import",
)
def get_import(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Return an import with its state, progress and numbers of rows."""
    return sent(answer(_out(_one(request, import_id))))


@router.get(
    "/imports/{import_id}/cases",
    response={200: PlannedCasePage, **ALWAYS, **OF_ONE},
    auth=READ,
    url_name="import_cases",
)
def list_planned_cases(
    request: HttpRequest, import_id: UUID, cursor: Cursor = None, limit: Limit = PAGE
) -> PlannedCasePage:
    """List the cases that an import of listings files, in the order of the sheet."""
    rows = PlannedCase.objects.filter(job=_one(request, import_id))
    rows = rows.select_related("marketplace", "case")
    return listed(PlannedCasePage, _planned, rows, cursor=cursor, limit=limit, order=("number",))


@router.get(
    "/imports/{import_id}/problems",
    response={200: RowProblemPage, **ALWAYS, **OF_ONE},
    auth=READ,
    url_name="import_problems",
)
def list_row_problems(
    request: HttpRequest, import_id: UUID, cursor: Cursor = None, limit: Limit = PAGE
) -> RowProblemPage:
    """List the rows with errors, in the order of the sheet."""
    rows = ImportProblem.objects.filter(job=_one(request, import_id))
    return listed(RowProblemPage, _problem, rows, cursor=cursor, limit=limit, order=("row",))


@router.get(
    "/imports/{import_id}/errors",
    response={**ALWAYS, **OF_ONE},
    auth=READ,
    url_name="import_errors",
    openapi_extra={
        "responses": {
            200: {
                "description": "A workbook (XLSX).",
                "content": {
                    writing.CONTENT_TYPE: {"schema": {"type": "string", "format": "binary"}}
                },
            }
        }
    },
)
def download_error_sheet(request: HttpRequest, import_id: UUID) -> HttpResponseBase:
    """Download the rows with errors, with their cells and what is wrong. Without errors, there is none (404)."""
    job = _one(request, import_id)
    file = error_sheets.write(job)
    if file is None:
        raise Problem(404)
    name = f"errors-{job.uploaded_at:%Y-%m-%d}.xlsx"
    return private_files.attachment(file, name=name, content_type=writing.CONTENT_TYPE)


@router.post(
    "/imports/{import_id}/confirm",
    response={200: ImportOut, **ALWAYS, **OF_ONE, **WRITING, **answers(409)},
    auth=WRITE,
    url_name="import_confirm",
)
def confirm_import(
    request: HttpRequest, import_id: UUID, body: ConfirmIn, key: IdempotencyKey = None
) -> HttpResponse:
    """Start the import of the rows without errors. For listings, this needs the good-faith statement."""
    verb = partial(imports.confirm, stated=body.good_faith, version=body.version)
    return _step(request, import_id, key, verb)


@router.post(
    "/imports/{import_id}/cancel",
    response={200: ImportOut, **ALWAYS, **OF_ONE, **WRITING, **answers(409)},
    auth=WRITE,
    url_name="import_cancel",
)
def cancel_import(
    request: HttpRequest, import_id: UUID, body: CancelIn, key: IdempotencyKey = None
) -> HttpResponse:
    """Cancel an import. What a running import has done stays."""
    return _step(request, import_id, key, imports.cancel)


def _step(
    request: HttpRequest, pk: UUID, key: str | None, verb: Callable[..., ImportJob]
) -> HttpResponse:
    """Do a step of an import and answer with the import. ``verb`` takes ``job`` and ``by``."""

    def work() -> Answer:
        job = _one(request, pk)
        _check_kind(request, job.kind, "write")
        return answer(_out(verb(job=job, by=caller(request)[1])))

    return once(request, key, work)


def _one(request: HttpRequest, pk: UUID) -> ImportJob:
    """Return the import of the caller's member. Raises :class:`Problem` with 404, and 403 without the scope."""
    job = ImportJob.objects.filter(member=caller(request)[0], pk=pk).first()
    if job is None:
        raise Problem(404)
    _check_kind(request, job.kind, "read")
    return job


def _check_kind(request: HttpRequest, kind: str, verb: str) -> None:
    """Raise :class:`Problem` unless the token has the scope of the noun of the sheet, if that is not cases."""
    if noun := _NOUN.get(kind):
        check_scope(token_of(request), f"{noun}:{verb}")


def _out(job: ImportJob) -> ImportOut:
    kind: Any = job.kind
    state: Any = job.state
    names = ("created", "changed", "unchanged", "failed")
    if job.confirmed_at is None:
        names = ("will_create", "will_change", "will_keep", "will_fail")
    created, changed, unchanged, failed = (getattr(job, name) for name in names)
    return ImportOut(
        id=str(job.pk),
        kind=kind,
        state=state,
        file_name=job.original_name,
        sha256=job.sha256,
        uploaded_at=job.uploaded_at,
        confirmed_at=job.confirmed_at,
        finished_at=job.finished_at,
        row_count=job.row_count,
        position=job.position,
        counts=CountsOut(created=created, changed=changed, unchanged=unchanged, failed=failed),
        notes=job.notes,
        failure=job.get_failure_display() if job.failure else "",
        version=job.version,
    )


def _planned(row: PlannedCase) -> PlannedCaseOut:
    state: Any = row.state
    return PlannedCaseOut(
        number=row.number,
        state=state,
        marketplace=row.marketplace.slug,
        shop=row.shop,
        shop_name=row.shop_name,
        rows=row.rows,
        filed_already=row.filed_already,
        filed_in=row.filed_in,
        values=row.values,
        problem=row.problem,
        reference=row.case.reference if row.case else None,
    )


def _problem(row: ImportProblem) -> RowProblemOut:
    return RowProblemOut(row=row.row, detail=row.message)
