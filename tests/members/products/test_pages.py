"""The pages of products: list, forms, features and pictures, and the brand guide of the member's people."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from members.models import Product, ProductFeature, ProductPicture
from members.services import product_parts, products
from tests import factories
from tests.forms import end_session, form_data, form_of
from tests.personas import Personas

pytestmark = pytest.mark.django_db

ENTERED = {
    "gtin": "690-1234567892",
    "name": "Alder parka",
    "name_local": "桤木派克大衣",
    "other_names": "ja: パーカ\r\nko：파카",
    "packaging": "A grey box",
    "production_places": "CN, Japan",
    "nice_classes": "25",
}


def url(personas: Personas, name: str, *args: Any) -> str:
    return reverse(f"products:{name}", args=[personas.member.slug, *args])


def create(personas: Personas, client: Client | None = None, **changes: Any) -> Any:
    """Fill in and send the form for a new product."""
    client = client or personas.client("filer")
    page = client.get(url(personas, "create"))
    return client.post(
        url(personas, "create"), form_data(page, "product-form", **ENTERED | changes)
    )


def change(client: Client, path: str, form: str, **changes: Any) -> Any:
    """Open a form, change fields and send it."""
    upload = changes.pop("picture", None)
    data = form_data(client.get(path), form, **changes)
    return client.post(path, data | ({"picture": upload} if upload else {}))


# --- A product ---------------------------------------------------------------------------------


def test_a_product_is_created_and_changed(personas: Personas) -> None:
    client = personas.client("filer")
    for _click in range(2):
        assert create(personas, client).status_code == 302
    product = Product.objects.get()
    assert (product.brand, product.gtin) == (personas.brand, "06901234567892")
    assert product.other_names == {"ja": "パーカ", "ko": "파카"}
    assert product.production_places == ["CN", "JP"]
    path = url(personas, "change", product.pk)
    before = products.version(product)
    assert change(client, path, "product-form").status_code == 302
    assert products.version(Product.objects.get()) == before
    assert change(client, path, "product-form", name="Alder coat").status_code == 302
    page = client.get(url(personas, "detail", product.pk)).text
    assert "Alder coat 桤木派克大衣" in page
    assert "6901234567892" in page
    assert "China, Japan" in page


def test_wrong_entries_are_shown_together_and_kept(personas: Personas) -> None:
    wrong = {
        "gtin": "6.9E+12",
        "name": "\u200b",
        "other_names": "パーカ",
        "production_places": "Nowhere",
    }
    page = create(personas, **wrong)
    assert page.status_code == 422
    for message in (
        "Format the column as text",
        "Enter the name of the product.",
        "needs a language and a name",
        "“Nowhere” is not a country or region.",
    ):
        assert message in page.text
    kept = form_of(page, id="product-form")
    assert (kept["gtin"], kept["packaging"]) == (["6.9E+12"], ["A grey box"])
    assert not Product.objects.exists()


def test_a_gtin_of_another_product_is_named(personas: Personas) -> None:
    factories.product(personas.brand, name="Old parka", gtin="6901234567892")
    page = create(personas)
    assert page.status_code == 422
    assert "already has a product with this GTIN: Old parka" in page.text


def test_two_people_change_a_product(personas: Personas) -> None:
    product = factories.product(personas.brand, name="Parka")
    client, path = personas.client("filer"), url(personas, "change", product.pk)
    mine = form_data(client.get(path), "product-form", packaging="A bag")
    seen = products.version(product)
    products.change(product=product, by=personas.owner, seen=seen, packaging="A box")
    page = client.post(path, mine)
    assert page.status_code == 409
    assert re.search(r"Packaging</th><td[^>]*>A box</td>\s*<td[^>]*>A bag", page.text)
    assert Product.objects.get().packaging == "A box"
    assert client.post(path, form_data(page, "product-form")).status_code == 302
    assert Product.objects.get().packaging == "A bag"


def test_an_expired_session_keeps_what_was_entered(personas: Personas) -> None:
    client = personas.client("filer")
    path = url(personas, "create")
    data = form_data(client.get(path), "product-form", **ENTERED)
    end_session(client)
    assert client.post(path, data).status_code == 302
    client.force_login(personas.filer)
    restored = client.get(path)
    assert form_of(restored, id="product-form")["name_local"] == ["桤木派克大衣"]


def test_a_product_is_retired_and_restored(personas: Personas) -> None:
    product = factories.product(personas.brand)
    client, guide = personas.client("owner"), reverse("guides:brand", args=[personas.brand.pk])
    assert product.name in client.get(guide).text
    for name, shown in (("retire", False), ("retire", False), ("restore", True)):
        assert client.post(url(personas, name, product.pk)).status_code == 302
        assert (product.name in client.get(guide).text) is shown


def test_a_member_without_an_active_brand_is_sent_to_its_rights(personas: Personas) -> None:
    personas.member.brands.update(is_active=False)
    page = personas.client("owner").get(url(personas, "create")).text
    assert "no active brand" in page
    assert "product-form" not in page


# --- Features and pictures ---------------------------------------------------------------------


def test_features_and_pictures_are_added_changed_moved_and_removed(personas: Personas) -> None:
    product = factories.product(personas.brand)
    client, detail = personas.client("filer"), url(personas, "detail", product.pk)
    add = url(personas, "add_feature", product.pk) + "?kind=fake"
    fake = {"kind": "fake", "text": "Glued label", "place": "Collar"}
    page = change(client, add, "feature-form", **fake, picture=factories.png())
    assert page.status_code == 422
    assert "Describe the picture." in page.text
    assert "Choose the document again" in page.text
    ok = change(client, add, "feature-form", **fake, alt="A label", picture=factories.png())
    assert ok.status_code == 302
    assert change(client, add, "feature-form", text="No seal").status_code == 302
    first, second = ProductFeature.objects.order_by("position")
    path = url(personas, "change_feature", product.pk, first.pk)
    assert change(client, path, "feature-form", text="Glued tag").status_code == 302
    page = client.get(detail)
    assert page.text.index("Glued tag") < page.text.index("No seal")
    down = url(personas, "move_feature", product.pk, first.pk)
    assert client.post(down, form_data(page, down)).status_code == 302
    assert list(product.features.values_list("pk", flat=True)) == [second.pk, first.pk]
    assert client.post(down, {"to": "x"}).status_code == 422
    for _click in range(2):
        assert client.post(url(personas, "remove_feature", product.pk, first.pk)).status_code == 302
    assert not ProductPicture.objects.exists()
    add = url(personas, "add_picture", product.pk)
    evil = factories.png("a.png")
    evil.name = "a.html"
    assert change(client, add, "picture-form", alt="Front", picture=evil).status_code == 422
    assert (
        change(client, add, "picture-form", alt="Front", picture=factories.png()).status_code == 302
    )
    picture = ProductPicture.objects.get()
    path = url(personas, "describe_picture", product.pk, picture.pk)
    assert change(client, path, "picture-form", alt="The <b>front</b>").status_code == 302
    page = client.get(detail).text
    assert 'alt="The &lt;b&gt;front&lt;/b&gt;"' in page
    assert client.post(url(personas, "remove_picture", product.pk, picture.pk)).status_code == 302


def test_two_people_change_a_feature(personas: Personas) -> None:
    feature = factories.feature(factories.product(personas.brand), text="Woven")
    client, path = (
        personas.client("filer"),
        url(personas, "change_feature", feature.product_id, feature.pk),
    )
    mine = form_data(client.get(path), "feature-form", text="Stitched")
    product_parts.change_feature(
        feature=feature,
        by=personas.owner,
        seen=product_parts.version(feature),
        kind="genuine",
        text="Printed",
    )
    page = client.post(path, mine)
    assert page.status_code == 409
    assert re.search(r"Printed</td>\s*<td[^>]*>Stitched", page.text)
    assert client.post(path, form_data(page, "feature-form")).status_code == 302
    assert ProductFeature.objects.get().text == "Stitched"


def test_parts_of_another_member_are_not_found(personas: Personas) -> None:
    feature = factories.feature(factories.product())
    own = factories.product(personas.brand)
    for product in (own.pk, feature.product_id):
        for name in ("change_feature", "move_feature", "remove_feature"):
            path = url(personas, name, product, feature.pk)
            sent = personas.client("owner").post(path, {"to": 0})
            assert sent.status_code in (302, 404)
    assert ProductFeature.objects.filter(pk=feature.pk).exists()


# --- The list and the guide --------------------------------------------------------------------


def test_list_is_searched_and_filtered(personas: Personas) -> None:
    parka = factories.product(personas.brand, name="Élan Parka", name_local="派克大衣")
    other = factories.brand(personas.member, name="ZELDER")
    shoe = factories.product(other, name="Shoe", gtin="96385074", other_names={"ja": "くつ"})
    products.retire(product=shoe, by=personas.owner)
    factories.product(factories.brand(personas.other_member), name="Parka of another")
    client = personas.client("viewer")
    for query, found in {
        "": [shoe, parka],
        "q=elan+PARKA": [parka],
        "q=大衣": [parka],
        "q=くつ": [shoe],
        "q=96385074": [shoe],
        "q=100%25": [],
        f"brand={other.pk}": [shoe],
        "state=retired": [shoe],
        "state=active": [parka],
        "state=nonsense&brand=0": [shoe, parka],
        f"q={'x' * 300}": [shoe, parka],
    }.items():
        page = client.get(f"{url(personas, 'list')}?{query}")
        assert page.context["page"].rows == found, query
        assert "Add a product" not in page.text


def _many(personas: Personas, count: int) -> None:
    """Insert products by SQL, some of them with two features."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH made AS (
              INSERT INTO members_product (brand_id, gtin, name, name_local, other_names, description, packaging,
                     production_places, nice_classes, is_active, disclosed_to, disclosed_countries, created_by_id,
                     created_at, search_text)
              SELECT %(brand)s, '', 'Parka ' || n, '', '{}', '', '', '{CN}', '{25}', true, 'all', '{}', %(by)s,
                     now(), 'parka ' || n
                FROM generate_series(1, %(count)s) AS n RETURNING id)
            INSERT INTO members_productfeature (product_id, kind, text, place, position)
            SELECT id, kind, 'Woven label', '', 0
              FROM (SELECT id FROM made LIMIT 60) AS first, unnest('{genuine,fake}'::text[]) AS kind
            """,
            {"brand": personas.brand.pk, "by": personas.owner.pk, "count": count},
        )
        cursor.execute("ANALYZE members_product")


def test_pages_cost_the_same_with_many_products(
    personas: Personas, django_assert_max_num_queries: Any
) -> None:
    client = personas.client("owner")
    first = factories.product(personas.brand, name="A parka")
    factories.product_picture(first)
    factories.feature(first, picture=factories.png(), alt="A label")
    pages = {
        url(personas, "list"): "products found",
        url(personas, "list") + "?q=parka": "products found",
        url(personas, "detail", first.pk): "a label",
        reverse("guides:brand", args=[personas.brand.pk]): "a label",
    }
    few = {}
    client.get("/")  # records the session
    for path, text in pages.items():
        with django_assert_max_num_queries(8) as counted:
            assert text in client.get(path).text.lower()
        few[path] = len(counted)
    _many(personas, 1100)
    for path in pages:
        with django_assert_max_num_queries(8) as counted:
            page = client.get(path)
        assert len(counted) == few[path], path
        assert len(page.content) < 150_000
    assert "1,000+" in client.get(url(personas, "list")).text
    guide = personas.client("viewer").get(reverse("guides:brand", args=[personas.brand.pk]))
    assert guide.context["page"].next
