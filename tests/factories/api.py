"""Access tokens, and a client of the API."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from cases.models import Marketplace
from members.models import IPRight, Member, Membership, Scope, User
from members.models.access_token import AccessToken
from members.services import access_tokens
from tests.factories.cases import listing_urls

if TYPE_CHECKING:
    from tests.personas import Personas


def access_token(
    member: Member, person: User, *scopes: str, days: int = 90, name: str = "Program"
) -> tuple[AccessToken, str]:
    """A token of ``person`` at ``member``, by default with all scopes that the role allows; and its secret."""
    role = Membership.objects.get(user=person, member=member)
    allowed = [scope for scope in Scope.values if role.may_file or scope.endswith(":read")]
    return access_tokens.create(
        member=member, by=person, name=name, scopes=scopes or allowed, days=days
    )


class Api:
    """Sends requests to the API with a token. ``path`` begins after ``/api/v1``."""

    def __init__(self, secret: str, *, raises: bool = True) -> None:
        self.client = Client(raise_request_exception=raises)
        self.headers = {"Authorization": f"Bearer {secret}"}

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        content_type: str = "application/json",
        **headers: str,
    ) -> Any:
        """Send ``body``, which is JSON unless it is bytes. ``If_Match`` becomes the header ``If-Match``."""
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body)
        sent = self.headers | {name.replace("_", "-"): text for name, text in headers.items()}
        path = path if path.startswith("/api/") else f"/api/v1{path}"
        return self.client.generic(method, path, data, content_type, headers=sent)

    def get(self, path: str, **headers: str) -> Any:
        return self.send("GET", path, **headers)

    def post(self, path: str, body: Any, **headers: str) -> Any:
        return self.send("POST", path, body, **headers)

    def upload(self, path: str, fields: dict[str, Any], **headers: str) -> Any:
        """Send a form; ``fields`` can have files and lists."""
        data = encode_multipart(BOUNDARY, fields)
        return self.send("POST", path, data, content_type=MULTIPART_CONTENT, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        return self.send("PATCH", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self.send("DELETE", path, **headers)


def api_of(cast: Personas, name: str = "filer", *scopes: str) -> Api:
    """The program of a persona, by default with all scopes that the role allows."""
    member = cast.other_member if name == "stranger" else cast.member
    return Api(access_token(member, getattr(cast, name), *scopes)[1])


def complaint_body(right: IPRight, market: Marketplace) -> dict[str, Any]:
    """The body of a request that files a complete case, but for its evidence."""
    return {
        "right_id": right.pk,
        "violation": "counterfeit",
        "jurisdiction": "CN",
        "goods_class": 25,
        "infringement_in": ["product"],
        "explanation": "The label is misspelt and the seams are glued.",
        "seller": {"shop": "shop-15", "name": "Moonlight Boutique"},
        "listings": [
            {"url": url, "price": "199.00", "currency": "CNY", "units_sold": 5}
            for url in listing_urls(market, 2)
        ],
    }


def fields(answer: Any, status: int = 422) -> dict[str, str]:
    """What the problem says, by the names of the fields."""
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    return {error["field"]: error["detail"] for error in answer.json()["errors"]}
