"""Errors of the APIs as ``application/problem+json`` (RFC 9457).

A view raises :class:`Problem` or lets a :class:`Refusal` of a service through. :func:`replace` turns the error pages
of Django and its middleware into problems.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

import structlog
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import Field

from alliance.lib.refusals import Incomplete, Refusal

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 2
# The errors of one answer. A body with thousands of wrong fields gets the first ones.
MAX_ERRORS = 50

DETAILS = {
    400: gettext_noop("The request is not valid JSON or not valid HTTP."),
    401: gettext_noop("Send a valid token in the header “Authorization: Bearer …”."),
    403: gettext_noop("You may not do this."),
    404: gettext_noop("There is no such object, or you may not see it."),
    405: gettext_noop(
        "This URL does not support the method. The header Allow lists those it does."
    ),
    409: gettext_noop("The request conflicts with the current state of the object."),
    412: gettext_noop("The object has changed. Read it again."),
    413: gettext_noop("The request is too large."),
    415: gettext_noop("Send the header “Content-Type: application/json”, in UTF-8."),
    422: gettext_noop("Some values are not valid."),
    428: gettext_noop("Send the header If-Match with the version that you have read."),
    429: gettext_noop("Too many requests. Wait as long as the header Retry-After says."),
    500: gettext_noop("The portal made an error, which was recorded. Try again later."),
    503: gettext_noop("The portal is busy. Try again in a moment."),
}

# Messages for the types of errors that pydantic reports. Others have pydantic's own, in English.
MESSAGES = {
    "missing": gettext_noop("This field is required."),
    "extra_forbidden": gettext_noop("There is no such field."),
    "string_type": gettext_noop("Enter a text."),
    "string_too_long": gettext_noop("Enter at most %(max_length)s characters."),
    "string_too_short": gettext_noop("Enter at least %(min_length)s characters."),
    "string_pattern_mismatch": gettext_noop("This has the wrong form."),
    "int_type": gettext_noop("Enter a whole number."),
    "int_parsing": gettext_noop("Enter a whole number."),
    "bool_type": gettext_noop("Enter true or false."),
    "list_type": gettext_noop("Enter a list."),
    "too_long": gettext_noop("Enter at most %(max_length)s items."),
    "literal_error": gettext_noop("Choose one of %(expected)s."),
    "enum": gettext_noop("Choose one of %(expected)s."),
    "date_from_datetime_parsing": gettext_noop("Enter a date such as 2026-03-31."),
    "date_type": gettext_noop("Enter a date such as 2026-03-31."),
    "datetime_from_date_parsing": gettext_noop("Enter a time such as 2026-03-31T08:00:00Z."),
    "timezone_aware": gettext_noop("Enter a time such as 2026-03-31T08:00:00Z."),
    "less_than_equal": gettext_noop("Enter at most %(le)s."),
    "greater_than_equal": gettext_noop("Enter at least %(ge)s."),
}


class FieldError(Schema):
    """What is wrong with one value."""

    field: str = Field(
        description="The name of the field, parameter or header; empty for the whole."
    )
    detail: str


class ProblemOut(Schema):
    """Why a request was refused (RFC 9457)."""

    type: str = Field(
        description="Always “about:blank”: the status says what kind of problem it is."
    )
    title: str = Field(description="The name of the status.")
    status: int
    detail: str = Field(description="A sentence in the language of Accept-Language.")
    errors: list[FieldError] = Field(description="What is wrong with which values; often empty.")


class Problem(Exception):
    """The request is refused. ``errors`` are pairs of a field and a sentence."""

    def __init__(
        self,
        status: int,
        detail: str = "",
        *,
        errors: Iterable[tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, detail)
        self.status, self.detail = status, detail
        self.errors, self.headers = list(errors), dict(headers or {})


def answers(*statuses: int) -> dict[int, type[ProblemOut]]:
    """Return the problems that an operation documents, for its ``response``."""
    return dict.fromkeys(statuses, ProblemOut)


def response(problem: Problem) -> HttpResponse:
    """Return the answer for ``problem``, in the active language."""
    made = HttpResponse(
        _body(problem), status=problem.status, content_type=MEDIA_TYPE, headers=problem.headers
    )
    made["Cache-Control"] = "no-store"
    return made


def _body(problem: Problem) -> str:
    default = DETAILS.get(problem.status) or DETAILS[500 if problem.status >= 500 else 400]
    errors = [{"field": name, "detail": text} for name, text in problem.errors[:MAX_ERRORS]]
    content = {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail or _(default),
        "errors": errors,
    }
    return json.dumps(content, ensure_ascii=False)


def replace(found: HttpResponse) -> None:
    """Turn an error page into a problem. Its headers stay, such as ``Allow``."""
    if found.status_code < 400 or found.get("Content-Type", "").startswith(MEDIA_TYPE):
        return
    found.content = _body(Problem(found.status_code)).encode()
    found["Content-Type"] = MEDIA_TYPE
    found["Cache-Control"] = "no-store"


def install(api: NinjaAPI) -> None:
    """Make ``api`` answer every error with a problem."""
    handlers: dict[type[Exception], Any] = {
        Exception: _unknown,
        Problem: lambda error: error,
        Refusal: lambda error: Problem(error.http_status, str(error)),
        Incomplete: lambda error: Problem(error.http_status, str(error), errors=error.errors),
        Http404: lambda error: Problem(404),
        AuthenticationError: lambda error: Problem(401, headers={"WWW-Authenticate": "Bearer"}),
        HttpError: _http_error,
        ValidationError: _invalid,
        OperationalError: _busy,
    }

    def handler(convert: Any) -> Any:
        return lambda request, error: response(convert(error))

    for kind, convert in handlers.items():
        api.add_exception_handler(kind, handler(convert))


def _unknown(error: Exception) -> Problem:
    """Raise the error: Django logs it, and :func:`replace` hides it from the caller."""
    raise error


def _http_error(error: HttpError) -> Problem:
    # The library's own sentence is about JSON, and never translated.
    return Problem(error.status_code, "" if error.status_code == 400 else str(error))


def _busy(error: OperationalError) -> Problem:
    """A lock or a statement took too long, or PostgreSQL is away."""
    log.warning("api_database_busy", error=type(error.__cause__ or error).__name__)
    return Problem(503, headers={"Retry-After": str(RETRY_SECONDS)})


def _invalid(error: ValidationError) -> Problem:
    errors = [(_field(one["loc"]), _message(one)) for one in error.errors]
    missing = {one["loc"][-1] for one in error.errors if one["type"] == "missing"}
    if "If-Match" in missing:
        return Problem(428)
    return Problem(422, errors=errors)


def _field(place: Iterable[Any]) -> str:
    """Return the name of a value: the place without its kind (body, query …) and the name of the parameter."""
    kind, *names = place
    if kind == "body" and names:
        names = names[1:]
    return ".".join(map(str, names))


def _message(error: Mapping[str, Any]) -> str:
    known = MESSAGES.get(error["type"])
    if known is None:
        return str(error["msg"])
    try:
        text: str = _(known) % error.get("ctx", {})
    except KeyError:
        return str(error["msg"])
    return text


def of_request(request: HttpRequest) -> bool:
    """Return whether the request is for an API."""
    return request.path_info.startswith("/api/")
