"""Products in the API. Their features and pictures are changed on the pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from alliance.lib.api.problems import Problem, answers
from members.api.auth import BearerToken, caller
from members.api.common import (
    ALWAYS,
    MAX_ID,
    OF_ONE,
    OF_VERSION,
    PAGE,
    WRITING,
    Classes,
    Code,
    Cursor,
    Id,
    IdempotencyKey,
    IfMatch,
    Limit,
    ListPage,
    Strict_,
    Truth,
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
from members.models import Product
from members.services import products
from members.services.idempotency import Answer

router = Router(tags=["products"])
READ, WRITE = BearerToken("products:read"), BearerToken("products:write")

Line = Annotated[str, Field(max_length=200)]
Lines = Annotated[str, Field(max_length=2000)]
Places = Annotated[list[Code], Field(max_length=products.MAX_PLACES)]
Tag = Annotated[str, Field(max_length=20)]
Names = Annotated[dict[Tag, Line], Field(max_length=products.MAX_OTHER_NAMES)]
Digits = Annotated[str, Field(max_length=30)]

_GTIN = "8, 12, 13 or 14 digits with a right check digit, as a string; empty if there is none."
_NAMES = "Further names by language tag, such as ja, zh-Hant or pt-BR."
_PLACES = "Countries or regions of production, ISO 3166-1."


class ProductIn(Strict_):
    """A new product."""

    model_config = example(
        brand_id=12,
        name="Travel bag",
        name_local="旅行包",
        other_names={"ja": "トラベルバッグ"},
        gtin="6901234567892",
        production_places=["FR"],
        nice_classes=[18],
    )

    brand_id: Whole
    name: Annotated[str, Field(min_length=1, max_length=200)]
    name_local: Line = Field("", description="The name in another script.")
    other_names: Names = Field(default_factory=dict, description=_NAMES)
    gtin: Digits = Field("", description=_GTIN)
    description: Lines = ""
    packaging: Lines = ""
    production_places: Places = Field(default_factory=list, description=_PLACES)
    nice_classes: Classes = Field(default_factory=list)


class ProductChange(Strict_):
    """Fields to change; those that are not sent stay as they are."""

    brand_id: Whole = Field(default_factory=int)
    name: Annotated[str, Field(min_length=1, max_length=200)] = Field(default_factory=str)
    name_local: Line = Field(default_factory=str)
    other_names: Names = Field(default_factory=dict, description=_NAMES)
    gtin: Digits = Field(default_factory=str, description=_GTIN)
    description: Lines = Field(default_factory=str)
    packaging: Lines = Field(default_factory=str)
    production_places: Places = Field(default_factory=list, description=_PLACES)
    nice_classes: Classes = Field(default_factory=list)
    is_active: Truth = Field(
        default_factory=bool, description="False retires the product, true restores it."
    )


class ProductOut(Schema):
    """A product of one of the member's brands."""

    id: int
    brand_id: int
    name: str
    name_local: str
    other_names: dict[str, str]
    gtin: str = Field(description="14 digits, or empty.")
    description: str
    packaging: str
    production_places: list[str]
    nice_classes: list[int]
    is_active: bool = Field(description="False for a retired product.")
    updated_at: datetime
    version: str = Field(description="Changes with the product. Send it in If-Match.")


class ProductPage(ListPage):
    """A page of products."""

    items: list[ProductOut]


@router.get("/products", response={200: ProductPage, **ALWAYS}, auth=READ, url_name="products")
def list_products(
    request: HttpRequest,
    cursor: Cursor = None,
    limit: Limit = PAGE,
    status: Literal["active", "retired"] | None = None,
    brand_id: Annotated[int | None, Query(ge=1, le=MAX_ID)] = None,
    updated_since: UpdatedSince = None,
) -> ProductPage:
    """List the member's products, newest first."""
    rows = _rows(request)
    if status:
        rows = rows.filter(is_active=status == "active")
    if brand_id is not None:
        rows = rows.filter(brand=brand_id)
    return listed(ProductPage, _out, rows, cursor=cursor, limit=limit, updated_since=updated_since)


@router.post(
    "/products",
    response={201: ProductOut, **ALWAYS, **WRITING, **answers(409)},
    auth=WRITE,
    url_name="products",
)
def create_product(
    request: HttpRequest, body: ProductIn, key: IdempotencyKey = None
) -> HttpResponse:
    """Add a product to a brand."""
    member, person = caller(request)
    values = body.model_dump(exclude={"brand_id"})

    def create() -> Answer:
        brand = brand_of(request, body.brand_id)
        with _errors():
            product = products.create(member=member, by=person, brand=brand, **values)
        stored = one_of(_rows(request), product.pk)
        return answer(_out(stored), status=201, url=f"{request.path}/{product.pk}")

    return once(request, key, create)


@router.get(
    "/products/{product_id}",
    response={200: ProductOut, **ALWAYS, **OF_ONE},
    auth=READ,
    url_name="product",
)
def get_product(request: HttpRequest, product_id: Id) -> HttpResponse:
    """Return a product."""
    return sent(answer(_out(one_of(_rows(request), product_id))))


@router.patch(
    "/products/{product_id}",
    response={200: ProductOut, **ALWAYS, **OF_ONE, **WRITING, **OF_VERSION, **answers(409)},
    auth=WRITE,
    url_name="product",
)
def change_product(
    request: HttpRequest, product_id: Id, body: ProductChange, if_match: IfMatch
) -> HttpResponse:
    """Change, retire or restore a product."""
    product, (_member, person) = one_of(_rows(request), product_id), caller(request)
    values = body.model_dump(exclude_unset=True)
    if "brand_id" in values:
        values["brand"] = brand_of(request, values.pop("brand_id"))
    with changing(request), _errors():
        products.change(product=product, by=person, seen=version_in(if_match), **values)
    return sent(answer(_out(one_of(_rows(request), product_id))))


@router.delete(
    "/products/{product_id}",
    response={200: ProductOut, **ALWAYS, **OF_ONE, **OF_VERSION},
    auth=WRITE,
    url_name="product",
)
def retire_product(request: HttpRequest, product_id: Id, if_match: IfMatch) -> HttpResponse:
    """Retire a product. It leaves the brand guide, keeps its GTIN, and can be restored."""
    product, (_member, person) = one_of(_rows(request), product_id), caller(request)
    with changing(request):
        products.retire(product=product, by=person, seen=version_in(if_match))
    return sent(answer(_out(one_of(_rows(request), product_id))))


@contextmanager
def _errors() -> Iterator[None]:
    """Turn the refusals of the service into problems that name the fields."""
    try:
        yield
    except products.InvalidProduct as refusal:
        raise Problem(422, errors=refusal.errors.items()) from refusal
    except products.GTINTaken as refusal:
        raise Problem(409, str(refusal), errors=[("gtin", str(refusal))]) from refusal


def _rows(request: HttpRequest) -> QuerySet[Product]:
    return Product.objects.filter(member=caller(request)[0]).select_related("member")


def _out(product: Product) -> ProductOut:
    names = (*products.FACTS, "id", "brand_id", "is_active", "updated_at")
    facts: dict[str, Any] = {name: getattr(product, name) for name in names}
    return ProductOut(**facts, version=products.version(product))
