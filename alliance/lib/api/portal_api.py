"""The portal's kind of ``NinjaAPI``: problems, headers, and an OpenAPI document that is complete."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from datetime import date
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.operation import Operation
from ninja.renderers import BaseRenderer

from alliance.lib.api import problems

_RATE_HEADERS = {
    "RateLimit-Limit": "Requests that the token may make in a minute.",
    "RateLimit-Remaining": "Requests left in this minute.",
    "RateLimit-Reset": "Seconds until the next minute begins.",
}
_SECONDS_HEADERS = {429: "Retry-After", 503: "Retry-After"}


class JSONRenderer(BaseRenderer):
    """Renders times to the microsecond, in UTC, and text as it is. Django's encoder cuts times to milliseconds."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> str:
        return json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _plain(value: date) -> str:
    return value.isoformat().replace("+00:00", "Z")


class PortalAPI(NinjaAPI):
    """An API whose tokens authenticate: browsers' sessions do not, and pages for logging in are not shown."""

    def __init__(self, **options: Any) -> None:
        self._document: Any = None
        super().__init__(docs_url=None, renderer=JSONRenderer(), **options)
        problems.install(self)

    @property
    def urls(self) -> tuple[list[Any], str, str]:
        patterns, app, namespace = super().urls
        for pattern in patterns:
            callback: Any = pattern.callback
            pattern.callback = self._finished(callback, f"/{pattern.pattern}")
        return patterns, app, namespace

    def _finished(self, view: Callable[..., Any], route: str) -> Callable[..., HttpResponse]:
        """Exempt the view from the login page, tell it the parameters and form fields, and add the headers of each answer."""
        path = route.replace("<", "{").replace(">", "}")

        @functools.wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            request.known_names = self._known_names.get((path, request.method or ""))  # type: ignore[attr-defined]
            answer: HttpResponse = view(request, *args, **kwargs)
            allowance = getattr(request, "allowance", None)
            for name, value in (allowance.headers if allowance else {}).items():
                answer[name] = value
            answer.setdefault("Cache-Control", "private, no-cache")
            if request.headers.get("Authorization"):
                answer["Vary"] = "Authorization, Accept-Language"
            return answer

        wrapped.login_required = False  # type: ignore[attr-defined]
        wrapped.csrf_exempt = True  # type: ignore[attr-defined]
        return wrapped

    @functools.cached_property
    def _known_names(self) -> dict[tuple[str, str], dict[str, set[str]]]:
        """The names of the parameters (``query``) and of the fields and files of a form (``form``), by path and method."""
        return {
            (path, method): {
                "query": _names(operation, "query"),
                "form": _names(operation, "form", "file"),
            }
            for router in self._get_bound_routers()
            for path, view in router.path_operations.items()
            for operation in view.operations
            for method in operation.methods
        }

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__

    def get_openapi_schema(self, **options: Any) -> Any:
        """Return the document, which is made once in each process. The URL of the API is always the same."""
        if self._document is None:
            schema: Any = super().get_openapi_schema(**options)
            for path in schema["paths"].values():
                for operation in path.values():
                    _complete(operation)
            self._document = schema
        return self._document


def _names(operation: Operation, *places: str) -> set[str]:
    models = [one for one in operation.models if one.__ninja_param_source__ in places]
    # Files have no map.
    names = [getattr(model, "__ninja_flatten_map__", model.model_fields) for model in models]
    return {name for of_model in names for name in of_model}


def _complete(operation: dict[str, Any]) -> None:
    """Add the summary, the media type of problems with an example, and the headers."""
    is_limited = 429 in operation["responses"]
    operation["summary"] = operation.get("description", "").split(".")[0]
    for parameter in operation["parameters"]:
        _without_null(parameter["schema"])
        # An example belongs to the schema; here OpenAPI wants a map.
        parameter.pop("examples", None)
    for content in operation.get("requestBody", {}).get("content", {}).values():
        for field in content["schema"].get("properties", {}).values():
            _without_null(field)
    operation["responses"] = dict(sorted(operation["responses"].items()))
    for code, found in operation["responses"].items():
        status = int(code)
        if status >= 400 and "content" in found:
            (content,) = found["content"].values()
            example = {
                "type": "about:blank",
                "title": HTTPStatus(status).phrase,
                "status": status,
                "detail": problems.DETAILS.get(status, ""),
                "errors": [],
            }
            found["content"] = {problems.MEDIA_TYPE: content | {"example": example}}
        headers = found.setdefault("headers", {})
        if is_limited and status not in (401, 500):
            for name, text in _RATE_HEADERS.items():
                headers[name] = {"description": text, "schema": {"type": "integer"}}
        if status in _SECONDS_HEADERS:
            headers[_SECONDS_HEADERS[status]] = {
                "description": "Seconds to wait.",
                "schema": {"type": "integer"},
            }


def _without_null(schema: dict[str, Any]) -> None:
    """A parameter, or a field of a form, is left out rather than null."""
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    if len(kinds) == 1:
        del schema["anyOf"]
        schema.update(kinds[0])
