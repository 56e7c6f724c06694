"""Products of brands, with features and pictures."""

from __future__ import annotations

from typing import Any

from members import gtin
from members.models import Brand, Product, ProductFeature, ProductPicture, User
from members.services import product_parts, products
from tests.factories.directory import brand
from tests.factories.files import png
from tests.factories.numbers import number
from tests.factories.people import filer_of


def new_gtin() -> str:
    """A GTIN of 13 digits, as it is printed."""
    digits = f"690{number():09d}"
    return digits + gtin.check_digit(digits)


def product(of: Brand | None = None, *, by: User | None = None, **facts: Any) -> Product:
    """A product with a GTIN, made in mainland China."""
    of = of or brand()
    values = {"name": f"Product {number()}", "gtin": new_gtin(), "production_places": ["CN"]}
    person = by or filer_of(of.member)
    return products.create(member=of.member, by=person, brand=of, **values | facts)


def feature(of: Product, *, kind: str = "genuine", **facts: Any) -> ProductFeature:
    """A feature without a picture."""
    values = {"text": f"The seam has {number()} stitches.", "place": "Left seam"}
    person = filer_of(of.member)
    return product_parts.add_feature(product=of, by=person, kind=kind, **values | facts)


def product_picture(of: Product, **facts: Any) -> ProductPicture:
    """A picture of the product."""
    person = filer_of(of.member)
    values = {"upload": png("front.png"), "alt": f"The front, number {number()}"}
    return product_parts.add_picture(product=of, by=person, **values | facts)
