"""Authorised sellers (the allow-list of a brand) in the API."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from alliance.lib import visible
from alliance.lib.api.problems import Problem, answers
from cases.models import AuthorisedSeller, Marketplace
from cases.models.seller import AuthorisedSellerQuerySet
from cases.services import authorised_sellers as service
from members.api.auth import BearerToken, caller
from members.api.common import (
    ALWAYS,
    MAX_ID,
    OF_ONE,
    OF_VERSION,
    PAGE,
    WRITING,
    Cursor,
    Day,
    Id,
    IdempotencyKey,
    IfMatch,
    Limit,
    ListPage,
    Strict_,
    UpdatedSince,
    Whole,
    answer,
    brand_of,
    changing,
    example,
    listed,
    once,
    one_of,
    sent,
    version_in,
)
from members.services.idempotency import Answer

router = Router(tags=["authorised sellers"])
READ, WRITE = BearerToken("sellers:read"), BearerToken("sellers:write")

Note = Annotated[str, Field(max_length=200)]
_FROM = "The first day; null for no limit."
_UNTIL = "The last day; null for no limit."
_STATES = {
    "in_force": AuthorisedSellerQuerySet.in_force,
    "upcoming": AuthorisedSellerQuerySet.upcoming,
    "over": AuthorisedSellerQuerySet.over,
}


class SellerIn(Strict_):
    """A shop to authorise for a brand."""

    model_config = example(
        brand_id=12, marketplace="yimart", shop="shop-15", valid_until="2030-12-31", note="Outlet"
    )

    brand_id: Whole
    marketplace: Annotated[str, Field(min_length=1, max_length=50)] = Field(
        description="The short name of the marketplace, such as yimart."
    )
    shop: Annotated[str, Field(min_length=1, max_length=2000)] = Field(
        description="The ID or the URL of the shop."
    )
    valid_from: Day | None = Field(None, description=_FROM)
    valid_until: Day | None = Field(None, description=_UNTIL)
    note: Note = ""


class SellerChange(Strict_):
    """Fields to change; those that are not sent stay as they are. An ended entry is renewed."""

    valid_from: Day | None = Field(None, description=_FROM)
    valid_until: Day | None = Field(None, description=_UNTIL)
    note: Note = Field(default_factory=str)


class SellerOut(Schema):
    """An authorised seller. While the entry is in force, no case can be filed against the shop."""

    id: int
    brand_id: int
    marketplace: str
    shop: str = Field(description="The ID of the shop.")
    valid_from: date | None
    valid_until: date | None
    note: str
    status: Literal["in_force", "upcoming", "expired", "ended"]
    updated_at: datetime
    version: str = Field(description="Changes with the entry. Send it in If-Match.")


class SellerPage(ListPage):
    """A page of authorised sellers."""

    items: list[SellerOut]


@router.get(
    "/authorised-sellers", response={200: SellerPage, **ALWAYS}, auth=READ, url_name="sellers"
)
def list_sellers(
    request: HttpRequest,
    cursor: Cursor = None,
    limit: Limit = PAGE,
    status: Literal["in_force", "upcoming", "over"] | None = None,
    brand_id: Annotated[int | None, Query(ge=1, le=MAX_ID)] = None,
    updated_since: UpdatedSince = None,
) -> SellerPage:
    """List the authorised sellers of all brands of the member, newest first.

    `over` are those that have expired or were ended. An entry begins and expires without a change of `updated_at`.
    """
    rows = _rows(request)
    if status:
        rows = _STATES[status](rows)
    if brand_id is not None:
        rows = rows.filter(brand=brand_id)
    return listed(SellerPage, _out, rows, cursor=cursor, limit=limit, updated_since=updated_since)


@router.post(
    "/authorised-sellers",
    response={201: SellerOut, **ALWAYS, **WRITING, **answers(409)},
    auth=WRITE,
    url_name="sellers",
)
def create_seller(request: HttpRequest, body: SellerIn, key: IdempotencyKey = None) -> HttpResponse:
    """Authorise a shop for a brand. An entry that is over is renewed."""
    _member, person = caller(request)

    def create() -> Answer:
        brand, marketplace = brand_of(request, body.brand_id), _marketplace(body.marketplace)
        with _errors():
            entry = service.add(
                brand=brand,
                by=person,
                marketplace=marketplace,
                shop=body.shop,
                valid_from=body.valid_from,
                valid_until=body.valid_until,
                note=visible.cleaned(body.note),
            )
        stored = one_of(_rows(request), entry.pk)
        return answer(_out(stored), status=201, url=f"{request.path}/{entry.pk}")

    return once(request, key, create)


@router.get(
    "/authorised-sellers/{seller_id}",
    response={200: SellerOut, **ALWAYS, **OF_ONE},
    auth=READ,
    url_name="seller",
)
def get_seller(request: HttpRequest, seller_id: Id) -> HttpResponse:
    """Return an authorised seller."""
    return sent(answer(_out(one_of(_rows(request), seller_id))))


@router.patch(
    "/authorised-sellers/{seller_id}",
    response={200: SellerOut, **ALWAYS, **OF_ONE, **WRITING, **OF_VERSION},
    auth=WRITE,
    url_name="seller",
)
def change_seller(
    request: HttpRequest, seller_id: Id, body: SellerChange, if_match: IfMatch
) -> HttpResponse:
    """Change the validity and the note of an entry. An ended entry is renewed."""
    entry, (_member, person) = one_of(_rows(request), seller_id), caller(request)
    stored = {name: getattr(entry, name) for name in ("valid_from", "valid_until", "note")}
    values = stored | body.model_dump(exclude_unset=True)
    values["note"] = visible.cleaned(values["note"])
    with changing(request), _errors():
        service.change(entry=entry, by=person, seen=version_in(if_match), **values)
    return sent(answer(_out(one_of(_rows(request), seller_id))))


@router.delete(
    "/authorised-sellers/{seller_id}",
    response={200: SellerOut, **ALWAYS, **OF_ONE, **OF_VERSION},
    auth=WRITE,
    url_name="seller",
)
def end_seller(request: HttpRequest, seller_id: Id, if_match: IfMatch) -> HttpResponse:
    """End an entry at once: cases can be filed against the shop. The entry stays in the list."""
    entry, (_member, person) = one_of(_rows(request), seller_id), caller(request)
    with changing(request):
        service.end(entry=entry, by=person, seen=version_in(if_match))
    return sent(answer(_out(one_of(_rows(request), seller_id))))


@contextmanager
def _errors() -> Iterator[None]:
    """Turn the refusals of the service into problems that name the fields."""
    try:
        yield
    except service.InvalidEntry as refusal:
        raise Problem(422, errors=[(refusal.field, str(refusal))]) from refusal
    except service.AlreadyListed as refusal:
        raise Problem(409, str(refusal), errors=[("shop", str(refusal))]) from refusal


def _marketplace(slug: str) -> Marketplace:
    found = Marketplace.objects.filter(slug=slug, is_active=True).first()
    if found is None:
        slugs = Marketplace.objects.filter(is_active=True).order_by("slug").values_list("slug")
        known = ", ".join(one for (one,) in slugs[:100])
        text = _("Choose one of %(expected)s.") % {"expected": known}
        raise Problem(422, errors=[("marketplace", text)])
    return found


def _rows(request: HttpRequest) -> AuthorisedSellerQuerySet:
    rows: Any = AuthorisedSeller.objects.filter(member=caller(request)[0])
    found: AuthorisedSellerQuerySet = rows.select_related("brand__member", "marketplace")
    return found


def _out(entry: AuthorisedSeller) -> SellerOut:
    status: Any = entry.state.value
    return SellerOut(
        id=entry.pk,
        brand_id=entry.brand_id,
        marketplace=entry.marketplace.slug,
        shop=entry.external_id,
        valid_from=entry.valid_from,
        valid_until=entry.valid_until,
        note=entry.note,
        status=status,
        updated_at=entry.updated_at,
        version=service.version(entry),
    )
