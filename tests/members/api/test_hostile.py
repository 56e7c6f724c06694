"""No malformed request with a token causes a server error. The matrix sends them without one."""

from __future__ import annotations

from itertools import islice

import pytest
from django.test import Client

from alliance.handler import PortalRequest
from tests.factories.api import access_token
from tests.malformed import VALUES, Request, bodies, cursors, headers
from tests.personas import Personas
from tests.test_hostile_requests import _status

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

PARAMETERS = (
    *("limit", "cursor", "status", "updated_since", "brand_id", "marketplace", "submitted_from"),
    "submitted_to",
)
LISTS = ("brands", "rights", "products", "authorised-sellers", "cases")


def test_malformed_requests_cause_no_server_error(
    personas: Personas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.test.client.WSGIRequest", PortalRequest)
    secret = access_token(personas.member, personas.owner)[1]
    client = Client(
        raise_request_exception=False,
        headers={"Authorization": f"Bearer {secret}", "If-Match": "x"},
    )
    known = [Request(f"{name}={value}") for value in VALUES for name in PARAMETERS]
    known += [Request(f"limit=2&{one.query}") for one in islice(cursors(), 40)]
    asked = {"GET": [*known, *headers()], "POST": [*bodies({"name"})]}
    asked["PATCH"] = asked["PUT"] = asked["DELETE"] = asked["POST"]
    failed = []
    for at, noun in enumerate(LISTS):
        for method, requests in asked.items():
            path = f"/api/v1/{noun}" if method in ("GET", "POST") else f"/api/v1/{noun}/1"
            path += "/certificate" if method == "PUT" and noun == "rights" else ""
            failed += [
                f"{method} {path} {request}"
                for request in requests[at :: len(LISTS) * 12]
                if _status(client, method, path, request) >= 500
            ]
    assert not failed, "\n".join(failed[:20])
