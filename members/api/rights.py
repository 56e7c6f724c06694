"""Rights in the API."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from alliance.lib.api.problems import Problem, answers
from members.api.auth import BearerToken, caller
from members.api.common import (
    ALWAYS,
    OF_ONE,
    OF_VERSION,
    PAGE,
    WRITING,
    Cursor,
    Id,
    IdempotencyKey,
    IfMatch,
    Limit,
    ListPage,
    UpdatedSince,
    answer,
    changing,
    listed,
    once,
    one_of,
    sent,
    version_in,
)
from members.api.right_input import Kind, RightChange, RightIn, checked
from members.forms.right_filter import STATES
from members.models import IPRight
from members.models.rights import IPRightQuerySet
from members.services import documents, rights
from members.services.idempotency import Answer

router = Router(tags=["rights"])
READ, WRITE = BearerToken("rights:read"), BearerToken("rights:write")
_FILES = {name: endings[0] for name, endings in documents.ACCEPTED.items()}
FILE = BearerToken("rights:write", accepts=tuple(_FILES), max_bytes=documents.MAX_BYTES)
_FILE_BODY = {
    "requestBody": {
        "required": True,
        "description": "The file itself, up to 10 MB.",
        "content": {name: {"schema": {"type": "string", "format": "binary"}} for name in _FILES},
    }
}
_COPIED = (
    *("id", "brand_id", "kind", "title", "registered_owner", "office", "number", "territory"),
    *("nice_classes", "registered_on", "expires_on", "return_reason", "submitted_at"),
    *("verified_at", "updated_at"),
)


class CertificateOut(Schema):
    """The document that proves a right."""

    name: str
    content_type: str
    size: int = Field(description="Bytes.")
    sha256: str


class RightOut(Schema):
    """A right of the member."""

    id: int
    brand_id: int
    kind: Kind
    title: str
    registered_owner: str
    office: str
    number: str
    territory: list[str]
    nice_classes: list[int]
    registered_on: date
    expires_on: date | None
    status: Literal["verified", "waiting", "incomplete", "returned", "expired"]
    return_reason: str = Field(description="Why a moderator returned the right; else empty.")
    certificate: CertificateOut | None
    submitted_at: datetime
    verified_at: datetime | None
    updated_at: datetime
    version: str = Field(description="Changes with the right. Send it in If-Match.")


class RightPage(ListPage):
    """A page of rights."""

    items: list[RightOut]


@router.get("/rights", response={200: RightPage, **ALWAYS}, auth=READ, url_name="rights")
def list_rights(
    request: HttpRequest,
    cursor: Cursor = None,
    limit: Limit = PAGE,
    status: Literal["verified", "waiting", "incomplete", "returned", "expiring", "expired"]
    | None = None,
    kind: Kind | None = None,
    updated_since: UpdatedSince = None,
) -> RightPage:
    """List the member's rights, newest first.

    `expiring` are those that expire within 90 days. A right expires without a change of `updated_at`.
    """
    rows = _rows(request)
    if status:
        _label, select = STATES[status]
        rows = select(rows)
    if kind:
        rows = rows.filter(kind=kind)
    return listed(RightPage, _out, rows, cursor=cursor, limit=limit, updated_since=updated_since)


@router.post(
    "/rights",
    response={201: RightOut, **ALWAYS, **WRITING, **answers(409)},
    auth=WRITE,
    url_name="rights",
)
def create_right(request: HttpRequest, body: RightIn, key: IdempotencyKey = None) -> HttpResponse:
    """Register a right, without its certificate, which you upload next. Moderators verify it then."""
    member, person = caller(request)

    def create() -> Answer:
        values = checked(member, body.model_dump())
        with _numbers_once():
            right = rights.register(member=member, by=person, certificate=None, **values)
        stored = one_of(_rows(request), right.pk)
        return answer(_out(stored), status=201, url=f"{request.path}/{right.pk}")

    return once(request, key, create)


@router.get(
    "/rights/{right_id}", response={200: RightOut, **ALWAYS, **OF_ONE}, auth=READ, url_name="right"
)
def get_right(request: HttpRequest, right_id: Id) -> HttpResponse:
    """Return a right."""
    return sent(answer(_out(one_of(_rows(request), right_id))))


@router.patch(
    "/rights/{right_id}",
    response={200: RightOut, **ALWAYS, **OF_ONE, **WRITING, **OF_VERSION, **answers(409)},
    auth=WRITE,
    url_name="right",
)
def change_right(
    request: HttpRequest, right_id: Id, body: RightChange, if_match: IfMatch
) -> HttpResponse:
    """Change a right. This ends its verification, and puts a returned right into the queue again."""
    right, (member, person) = one_of(_rows(request), right_id), caller(request)
    given = body.model_dump(exclude_unset=True)
    confirmed = given.pop("confirm_end_of_verification", False)
    values = checked(member, given, right)
    with changing(request), _numbers_once(), _confirmation():
        rights.change(
            right=right, by=person, seen=version_in(if_match), confirmed=confirmed, **values
        )
    return sent(answer(_out(one_of(_rows(request), right_id))))


@router.put(
    "/rights/{right_id}/certificate",
    response={200: RightOut, **ALWAYS, **OF_ONE, **WRITING, **OF_VERSION},
    auth=FILE,
    url_name="certificate",
    openapi_extra=_FILE_BODY,
)
def put_certificate(
    request: HttpRequest,
    right_id: Id,
    if_match: IfMatch,
    name: Annotated[str, Query(max_length=200, description="The name of the file.")] = "",
    confirm_end_of_verification: bool = False,
) -> HttpResponse:
    """Upload the certificate of a right, or replace it. The body is the file: PDF, PNG or JPEG, up to 10 MB."""
    right, (_member, person) = one_of(_rows(request), right_id), caller(request)
    kind = request.content_type or ""
    upload = SimpleUploadedFile(
        name or f"certificate{_FILES[kind]}", request.read(documents.MAX_BYTES + 1), kind
    )
    with changing(request), _confirmation():
        rights.change(
            right=right,
            by=person,
            seen=version_in(if_match),
            brand=right.brand,
            confirmed=confirm_end_of_verification,
            certificate=upload,
        )
    return sent(answer(_out(one_of(_rows(request), right_id))))


@contextmanager
def _numbers_once() -> Iterator[None]:
    """Answer 409 for a right that is registered already."""
    try:
        yield
    except rights.AlreadyRegistered as refusal:
        raise Problem(409, str(refusal), errors=[("number", str(refusal))]) from refusal


@contextmanager
def _confirmation() -> Iterator[None]:
    """Name the field that confirms the end of the verification."""
    try:
        yield
    except rights.Unconfirmed as refusal:
        errors = [("confirm_end_of_verification", str(refusal))]
        raise Problem(422, str(refusal), errors=errors) from refusal


def _rows(request: HttpRequest) -> IPRightQuerySet:
    rows = IPRight.objects.filter(member=caller(request)[0])
    found: IPRightQuerySet = rows.select_related("brand", "member", "certificate")
    return found


def _status(right: IPRight) -> Any:
    return right.status.value


def _out(right: IPRight) -> RightOut:
    document, status = right.certificate, _status(right)
    return RightOut(
        **{name: getattr(right, name) for name in _COPIED},
        status=status,
        certificate=CertificateOut(
            name=document.original_name,
            content_type=document.content_type,
            size=document.size,
            sha256=document.sha256,
        )
        if document
        else None,
        version=rights.version(right),
    )
