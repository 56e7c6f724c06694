"""The pull API: an agency's system reads its updates and acknowledges them.

The token identifies the channel, and with it the agency, so URLs contain no secrets. The OpenAPI document is served as
JSON and as a page (:mod:`alliance.api`). ``docs/liaison-api.md`` is the guide.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Schema
from ninja.errors import HttpError
from ninja.security import HttpBearer
from pydantic import Field

from alliance.lib.api.portal_api import PortalAPI
from alliance.lib.api.problems import answers
from cases.liaison.delivery.pull import reading
from cases.liaison.delivery.pull.tokens import token_hash
from cases.liaison.models import Channel

SCHEMAS = Path(__file__).parents[2] / "schemas"


class ChannelToken(HttpBearer):
    """``Authorization: Bearer apl_…``: the token of one pull channel."""

    def authenticate(self, request: HttpRequest, token: str) -> Channel | None:
        return Channel.objects.filter(
            kind=Channel.Kind.PULL,
            token_hash=token_hash(token),
            is_active=True,
            agency__is_active=True,
        ).first()


class UpdateOut(Schema):
    """One update. ``update`` conforms to the published JSON Schema."""

    seq: int
    update: dict[str, Any]


class UpdatesOut(Schema):
    """A page of updates in order. ``last`` is the cursor for the next request."""

    updates: list[UpdateOut]
    last: int


class AckIn(Schema):
    """``up_to``: the number up to which the agency's system has stored everything."""

    up_to: int = Field(ge=0, lt=2**63)


class AckOut(Schema):
    """How many updates this acknowledged for the first time."""

    acknowledged: int


_PROBLEMS = answers(400, 401, 405, 409, 422, 503)

api = PortalAPI(
    title="Alliance Portal: liaison queue",
    version="1",
    description="An agency's system reads the updates on the cases referred to it, and acknowledges them.",
    auth=ChannelToken(),
    urls_namespace="liaison_api",
)


@api.get("/updates", response={200: UpdatesOut, **_PROBLEMS})
def updates(
    request: HttpRequest,
    response: HttpResponse,
    after: int = Query(0, ge=0, lt=2**63),
    wait: float = Query(0, ge=0, le=reading.MAX_WAIT_SECONDS),
) -> dict[str, Any]:
    """Return the updates after the number ``after``. Without any, wait up to ``wait`` seconds for one.

    A request with the same ``after`` returns the same updates. An empty list with ``Retry-After`` means that
    too many requests are waiting: repeat the request after that time. 409: the number was never returned.
    """
    channel = _channel(request)
    try:
        found, waited = reading.wait_and_read(channel.pk, after=after, seconds=wait)
    except reading.CursorAhead as refused:
        raise HttpError(
            409, f"Only updates up to {refused.sent_seq} were returned. Contact the operators."
        ) from None
    response["Cache-Control"] = "no-store"
    if not waited:
        response["Retry-After"] = "2"
    rows = [{"seq": seq, "update": payload} for seq, payload in found]
    return {"updates": rows, "last": found[-1][0] if found else after}


@api.post("/ack", response={200: AckOut, **_PROBLEMS})
def acknowledge(request: HttpRequest, body: AckIn) -> dict[str, Any]:
    """Record that the agency's system has stored everything up to a number. Idempotent."""
    try:
        return {"acknowledged": reading.acknowledge(_channel(request).pk, up_to=body.up_to)}
    except reading.NotSentYet as refused:
        raise HttpError(409, f"Only updates up to {refused.sent_seq} were returned.") from None


@api.get("/schema/{name}", auth=None, include_in_schema=False)
def schema(request: HttpRequest, name: str) -> HttpResponse:
    """Return a published JSON Schema, by the name in the ``dataschema`` of a CloudEvent."""
    known = {path.name: path for path in SCHEMAS.glob("*.json")}
    if name not in known:
        raise Http404
    return HttpResponse(known[name].read_bytes(), content_type="application/schema+json")


def _channel(request: HttpRequest) -> Channel:
    channel: Channel = request.auth  # type: ignore[attr-defined]  # set by the token's check
    if channel.is_paused:
        raise HttpError(503, "The portal's operators have paused this channel.")
    return channel


urls = api.urls
