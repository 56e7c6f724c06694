"""The rows of the access matrix for access tokens and the API. A session does not authenticate the API."""

from __future__ import annotations

import uuid
from typing import Any

from tests.access import LOGIN, Row, Status, form, read, same
from tests.factories.api import access_token
from tests.personas import Personas


def _member(cast: Personas) -> tuple[str]:
    return (cast.member.slug,)


def _token(cast: Personas) -> tuple[str, int]:
    return cast.member.slug, access_token(cast.member, cast.filer)[0].pk


def _own(status: Status, viewing: Status | None = None) -> tuple[Status, ...]:
    """Expected statuses of a page of the member's staff."""
    viewing = status if viewing is None else viewing
    return (LOGIN, 404, viewing, status, status, 404, 404, 404, 404, 404)


def _case(cast: Personas) -> tuple[str]:
    return ("AP-7K3M-9QXD",)


def _import(cast: Personas) -> tuple[uuid.UUID]:
    return (uuid.uuid4(),)


def _api(name: str, methods: str, make: Any = lambda cast: ()) -> list[Row]:
    """A URL of the API: without a token, 401 for the methods it has."""
    get, post = (401 if method in methods.split() else 405 for method in ("GET", "POST"))
    return form(f"api:{name}", same(get, get), same(post, post), make)


# fmt: off
ROWS: list[Row] = [
    *read("tokens:home", LOGIN, 302, 302, 302, 302, 200, 200, 200, 200, 200),
    *form("tokens:list", _own(200), _own(422), _member),
    *form("tokens:revoke", same(LOGIN, 405), _own(302, 403), _token),
    *read("api_docs", *same(200, 200)),
    *read("liaison_api_docs", *same(200, 200)),
    *form("api:openapi-json", same(200, 200), same(200, 200)),
    *form("api:api-root", same(404, 404), same(404, 404)),
    *_api("brands", "GET POST"),
    *_api("brand", "GET", lambda cast: (cast.brand.pk,)),
    *_api("rights", "GET POST"),
    *_api("right", "GET", lambda cast: (cast.right.pk,)),
    *_api("products", "GET POST"),
    *_api("product", "GET", lambda cast: (1,)),
    *_api("sellers", "GET POST"),
    *_api("seller", "GET", lambda cast: (1,)),
    *_api("cases", "GET POST"),
    *_api("case", "GET", _case),
    *_api("case_events", "GET", _case),
    *_api("case_problems", "GET", _case),
    *_api("case_submit", "POST", _case),
    *_api("case_withdraw", "POST", _case),
    *_api("case_answer", "POST", _case),
    *_api("case_counter_notice", "POST", _case),
    *_api("case_reopen", "POST", _case),
    *_api("case_evidence", "POST", _case),
    *_api("case_file", "GET", lambda cast: (*_case(cast), uuid.uuid4())),
    *_api("imports", "POST"),
    *_api("import", "GET", _import),
    *_api("import_cases", "GET", _import),
    *_api("import_problems", "GET", _import),
    *_api("import_errors", "GET", _import),
    *_api("import_confirm", "POST", _import),
    *_api("import_cancel", "POST", _import),
    *_api("certificate", "", lambda cast: (cast.right.pk,)),
]
