"""What brand guides show of products. Callers decide which products a person may see (:mod:`members.visibility`)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject, Left

from members.models import Product, ProductFeature, ProductPicture
from members.models.product import ProductQuerySet

GENUINE, FAKE = ProductFeature.Kind.GENUINE, ProductFeature.Kind.FAKE
# What a glance shows, beside a case: the first products, their first features and the beginning of a text.
PRODUCTS_AT_A_GLANCE = 4
FEATURES_AT_A_GLANCE = 6
TEXT_AT_A_GLANCE = 200


@dataclass
class Entry:
    """A product with its pictures and features, in their order."""

    product: Product
    pictures: list[ProductPicture] = field(default_factory=list)
    genuine: list[ProductFeature] = field(default_factory=list)
    fake: list[ProductFeature] = field(default_factory=list)


def entries(products: Iterable[Product]) -> list[Entry]:
    """Return the products with all their parts. Two queries read the parts of all products."""
    found = {product.pk: Entry(product) for product in products}
    pictures = ProductPicture.objects.filter(product__in=found, feature=None)
    for picture in pictures.order_by("position", "pk") if found else ():
        found[picture.product_id].pictures.append(picture)
    features = ProductFeature.objects.filter(product__in=found).select_related("picture")
    for feature in features.order_by("position", "pk") if found else ():
        entry = found[feature.product_id]
        (entry.genuine if feature.kind == GENUINE else entry.fake).append(feature)
    return list(found.values())


@dataclass(frozen=True)
class Glimpse:
    """The beginning of a product's page. ``picture`` has its ``document`` and ``alt``, a feature ``text`` and ``place``."""

    product: Product
    picture: dict[str, str] | None
    genuine: list[dict[str, str]]
    fake: list[dict[str, str]]


@dataclass(frozen=True)
class Glance:
    """The first products of a guide, and whether there are more."""

    products: list[Glimpse]
    more: bool

    @classmethod
    def of(cls, found: list[dict[str, Any]]) -> Glance:
        """Return the glance that the result of :func:`beginning` describes."""
        shown = found[:PRODUCTS_AT_A_GLANCE]
        return cls([_glimpse(one) for one in shown], len(found) > PRODUCTS_AT_A_GLANCE)


def beginning(products: ProductQuerySet) -> QuerySet[Product, dict[str, Any]]:
    """Return the beginning of a guide, as objects for :meth:`Glance.of`. The cost does not grow with the guide.

    ``products`` are those of one brand, also of an ``OuterRef``: pages read the guide together with the case.
    """
    pictures = ProductPicture.objects.filter(product=OuterRef("pk"), feature=None)
    picture = pictures.order_by("position", "pk").values(
        part=JSONObject(document="document_id", alt="alt")
    )
    features = ProductFeature.objects.filter(product=OuterRef("pk")).order_by("position", "pk")
    words = JSONObject(kind="kind", text=Left("text", TEXT_AT_A_GLANCE + 1), place="place")
    facts = JSONObject(
        name="name",
        name_local="name_local",
        gtin="gtin",
        production_places="production_places",
        picture=Subquery(picture[:1]),
        features=ArraySubquery(features.values_list(words, flat=True)[:FEATURES_AT_A_GLANCE]),
    )
    rows = products.active().order_by("name", "pk")
    return rows.values_list(facts, flat=True)[: PRODUCTS_AT_A_GLANCE + 1]


def _glimpse(facts: dict[str, Any]) -> Glimpse:
    picture, features = facts.pop("picture"), facts.pop("features")
    for one in features:
        if len(one["text"]) > TEXT_AT_A_GLANCE:
            one["text"] = one["text"][:TEXT_AT_A_GLANCE] + "…"
    of_kind = {kind: [one for one in features if one["kind"] == kind] for kind in (GENUINE, FAKE)}
    return Glimpse(Product(**facts), picture, of_kind[GENUINE], of_kind[FAKE])
