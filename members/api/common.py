"""What the operations of the API share: parameters, lists, versions and repeated requests."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Annotated, Any, TypeVar

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from ninja import Header, Path, Query, Schema
from pydantic import BeforeValidator, ConfigDict, Field, Strict
from pydantic_core import PydanticCustomError

from alliance.lib import arrivals
from alliance.lib.api.problems import Problem, answers
from alliance.lib.keyset import is_cursor, paginate
from alliance.lib.refusals import Conflict
from members.api.auth import caller, recorded, token_of
from members.models import Brand
from members.services import idempotency
from members.services.idempotency import Answer

PAGE, MAX_PAGE = 50, 100
MAX_ID = 2**63 - 1
_YEARS = (1900, 9000)

# The problems of every operation, of one object, and of operations that write.
ALWAYS = answers(400, 401, 403, 405, 422, 429, 500, 503)
OF_ONE = answers(404)
WRITING = answers(413, 415)
OF_VERSION = answers(412, 428)


class Strict_(Schema):  # noqa: N801  (the name is not in the document)
    """A body in which unknown fields are errors."""

    model_config = ConfigDict(extra="forbid")


def example(**values: Any) -> ConfigDict:
    """Return the configuration of a body whose schema has an example."""
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [values]})


def _day(value: Any) -> Any:
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return value
    raise PydanticCustomError("date_type", "Enter a date.")


def _moment(value: Any) -> Any:
    """Return a time in UTC, between the years and in the zone that PostgreSQL and Python both know."""
    try:
        moment = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise PydanticCustomError("timezone_aware", "Enter a time with its zone.")
    first, last = _YEARS
    if not first < moment.year < last:
        return datetime(first if moment.year <= first else last, 1, 1, tzinfo=UTC)
    return moment.astimezone(UTC)


Day = Annotated[date, BeforeValidator(_day)]
Whole = Annotated[int, Strict(), Field(ge=1, le=MAX_ID)]
Truth = Annotated[bool, Strict()]
# A country or region, and the Nice classes.
Code = Annotated[str, Field(pattern="^[A-Za-z]{2}$")]
Class = Annotated[int, Field(strict=True, ge=1, le=45)]
Classes = Annotated[list[Class], Field(max_length=45)]
Id = Annotated[int, Path(ge=1, le=MAX_ID, description="The number of the object.")]
Cursor = Annotated[
    str | None,
    Query(max_length=2000, description="`next` or `previous` of an earlier answer."),
]
Limit = Annotated[int, Query(ge=1, le=MAX_PAGE, description="The most objects of the answer.")]
Moment = Annotated[datetime, BeforeValidator(_moment)]
UpdatedSince = Annotated[
    Moment | None,
    Query(
        description="Only objects that have changed since this time, with its zone; the oldest change first. Begin a "
        "little before the end of your last run."
    ),
]
IfMatch = Annotated[
    str,
    Header(
        alias="If-Match",
        max_length=100,
        description="The `version` of the object that you have read, or its ETag.",
        examples=['"0f343b0931126a20f133d67c2b018a3b"'],
    ),
]
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern="^[!-~]{1,200}$",
        description="A random value for this request. If you repeat the request with it within 24 hours, you get the "
        "first answer, and nothing is created twice.",
    ),
]


class ListPage(Schema):
    """A page of a list. Its subclasses have ``items``."""

    next: str | None = Field(description="The cursor of the next page, null on the last one.")
    previous: str | None = Field(description="The cursor of the previous page.")


P = TypeVar("P", bound=ListPage)


def listed(
    kind: type[P],
    out: Callable[[Any], Schema],
    rows: QuerySet[Any],
    *,
    cursor: str | None,
    limit: int,
    updated_since: datetime | None = None,
    order: tuple[str, ...] = ("-id",),
) -> P:
    """Return a page of ``rows`` in ``order``, by default newest first, or oldest change first with ``updated_since``.

    ``out`` returns an object as the answer has it. Raises :class:`Problem` for a wrong cursor.
    """
    if updated_since is not None:
        rows, order = rows.filter(updated_at__gte=updated_since), ("updated_at", "id")
    if cursor is not None and not is_cursor(rows, order=order, cursor=cursor):
        text = _("This cursor is not from this list. Begin without a cursor.")
        raise Problem(422, errors=[("cursor", text)])
    page = paginate(rows, order=order, cursor=cursor, size=limit)
    items = [out(row) for row in page.rows]
    return kind(next=page.next, previous=page.previous, items=items)  # type: ignore[call-arg]


def one_of(rows: QuerySet[Any], pk: int) -> Any:
    """Return the row of the caller's member. Raises :class:`Problem` with 404."""
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Problem(404)
    return found


def brand_of(request: HttpRequest, pk: int) -> Brand:
    """Return the brand of the caller's member, with the member. Raises :class:`Problem` with 422."""
    rows = Brand.objects.filter(member=caller(request)[0], pk=pk).select_related("member")
    found = rows.first()
    if found is None:
        raise Problem(422, errors=[("brand_id", _("Choose a brand of the member."))])
    return found


def version_in(header: str) -> str:
    """Return the version that ``If-Match`` names, which may be an ETag."""
    return header.strip().removeprefix("W/").strip('"')


@contextmanager
def changing(request: HttpRequest) -> Iterator[None]:
    """Record who changes, and answer 412 if the object has changed since it was read."""
    with recorded(request):
        try:
            yield
        except Conflict as refusal:
            raise Problem(412, str(refusal)) from refusal


def answer(out: Any, *, status: int = 200, url: str = "") -> Answer:
    """Return the answer with the object ``out``, its version as the ETag, and the URL of a new one."""
    headers = {"ETag": f'"{out.version}"'} | ({"Location": url} if url else {})
    return Answer(status, out.model_dump_json(), headers)


def sent(found: Answer) -> HttpResponse:
    """Return the response of an answer."""
    content_type = "application/json; charset=utf-8"
    return HttpResponse(
        found.body, status=found.status, content_type=content_type, headers=found.headers
    )


def once(request: HttpRequest, key: str | None, work: Callable[[], Answer]) -> HttpResponse:
    """Call ``work`` in a transaction, and answer with its result; a repetition with the same ``key`` gets the same answer.

    The changes are undone if the answer cannot be made.
    """
    with recorded(request):
        if key is None:
            with transaction.atomic():
                return sent(work())
        what = (request.method or "", request.path, request.body)
        found = idempotency.once(token=token_of(request), key=key, request=what, work=work)
        return sent(found)


def once_with_files(
    request: HttpRequest, key: str | None, work: Callable[[], Answer]
) -> HttpResponse:
    """As :func:`once`, for a form with files. ``work`` is not called in a transaction, and is idempotent by itself."""
    with recorded(request):
        if key is None:
            return sent(work())
        what = (request.method or "", request.path, _form(request))
        found = idempotency.once_in_steps(token=token_of(request), key=key, request=what, work=work)
        return sent(found)


def _form(request: HttpRequest) -> bytes:
    """Return the fields of a form, with the names and hashes of its files. Its bytes cannot be read any more."""
    files = [
        (name, one.name, arrivals.hash_of(one))
        for name, uploads in request.FILES.lists()
        for one in uploads
    ]
    return json.dumps([list(request.POST.lists()), files]).encode()
