"""Brands in the API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from alliance.lib import visible
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
    Strict_,
    Truth,
    UpdatedSince,
    answer,
    changing,
    example,
    listed,
    once,
    one_of,
    sent,
    version_in,
)
from members.models import Brand
from members.services import brands
from members.services.idempotency import Answer

router = Router(tags=["brands"])
READ, WRITE = BearerToken("brands:read"), BearerToken("brands:write")


def _name(given: str) -> str:
    if visible.is_blank(given):
        raise PydanticCustomError("blank", _("Enter a text with visible characters."))
    return visible.cleaned(given)


def _other_name(given: str) -> str:
    return "" if visible.is_blank(given) else visible.cleaned(given)


Name = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_name)]
OtherName = Annotated[str, Field(max_length=100), AfterValidator(_other_name)]


class BrandIn(Strict_):
    """A new brand."""

    model_config = example(name="VELMONDRA", name_local="维尔蒙德拉")

    name: Name
    name_local: OtherName = Field("", description="The name in another script.")


class BrandChange(Strict_):
    """Fields to change; those that are not sent stay as they are."""

    name: Name = Field(default_factory=str)
    name_local: OtherName = Field(default_factory=str)
    is_public: Truth = Field(
        default_factory=bool,
        description="Whether the public directory shows the brand. Only owners change this.",
    )


class BrandOut(Schema):
    """A brand of the member."""

    id: int
    name: str
    name_local: str
    is_active: bool = Field(description="False until a right of the brand is verified.")
    is_public: bool
    updated_at: datetime
    version: str = Field(description="Changes with the brand. Send it in If-Match.")


class BrandPage(ListPage):
    """A page of brands."""

    items: list[BrandOut]


@router.get("/brands", response={200: BrandPage, **ALWAYS}, auth=READ, url_name="brands")
def list_brands(
    request: HttpRequest,
    cursor: Cursor = None,
    limit: Limit = PAGE,
    status: Literal["active", "inactive"] | None = None,
    updated_since: UpdatedSince = None,
) -> BrandPage:
    """List the member's brands, newest first."""
    rows = _rows(request)
    if status:
        rows = rows.filter(is_active=status == "active")
    return listed(BrandPage, _out, rows, cursor=cursor, limit=limit, updated_since=updated_since)


@router.post(
    "/brands",
    response={201: BrandOut, **ALWAYS, **WRITING, **answers(409)},
    auth=WRITE,
    url_name="brands",
)
def create_brand(request: HttpRequest, body: BrandIn, key: IdempotencyKey = None) -> HttpResponse:
    """Add a brand. It becomes active with its first verified right."""
    member, person = caller(request)

    def create() -> Answer:
        try:
            brand = brands.create(member=member, by=person, **body.model_dump())
        except brands.BrandExists as refusal:
            raise Problem(409, str(refusal), errors=[("name", str(refusal))]) from refusal
        return answer(_out(brand), status=201, url=f"{request.path}/{brand.pk}")

    return once(request, key, create)


@router.get(
    "/brands/{brand_id}", response={200: BrandOut, **ALWAYS, **OF_ONE}, auth=READ, url_name="brand"
)
def get_brand(request: HttpRequest, brand_id: Id) -> HttpResponse:
    """Return a brand."""
    return sent(answer(_out(one_of(_rows(request), brand_id))))


@router.patch(
    "/brands/{brand_id}",
    response={200: BrandOut, **ALWAYS, **OF_ONE, **WRITING, **OF_VERSION, **answers(409)},
    auth=WRITE,
    url_name="brand",
)
def change_brand(
    request: HttpRequest, brand_id: Id, body: BrandChange, if_match: IfMatch
) -> HttpResponse:
    """Change a brand. The names can be changed until a right of the brand is verified."""
    brand, (_member, person) = one_of(_rows(request), brand_id), caller(request)
    names = ("name", "name_local", "is_public")
    values = {name: getattr(brand, name) for name in names} | body.model_dump(exclude_unset=True)
    with changing(request):
        try:
            brands.change(brand=brand, by=person, seen=version_in(if_match), **values)
        except brands.BrandExists as refusal:
            raise Problem(409, str(refusal), errors=[("name", str(refusal))]) from refusal
    return sent(answer(_out(one_of(_rows(request), brand_id))))


@router.delete(
    "/brands/{brand_id}",
    response={204: None, **ALWAYS, **OF_ONE, **OF_VERSION},
    auth=WRITE,
    url_name="brand",
)
def delete_brand(request: HttpRequest, brand_id: Id, if_match: IfMatch) -> HttpResponse:
    """Delete an inactive brand to which nothing belongs: no right, product, guide or authorised seller. Else: 422."""
    brand, (_member, person) = one_of(_rows(request), brand_id), caller(request)
    with changing(request):
        brands.delete(brand=brand, by=person, seen=version_in(if_match))
    return HttpResponse(status=204)


def _rows(request: HttpRequest) -> QuerySet[Brand]:
    return Brand.objects.filter(member=caller(request)[0]).select_related("member")


def _out(brand: Brand) -> BrandOut:
    return BrandOut(
        id=brand.pk,
        name=brand.name,
        name_local=brand.name_local,
        is_active=brand.is_active,
        is_public=brand.is_public,
        updated_at=brand.updated_at,
        version=brands.version(brand),
    )
