"""What agencies see of products: the brand's choice, on the pages and pictures of a referral."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from alliance.lib.refusals import NotAllowed
from cases import visibility
from cases.liaison.models import Agency, GuideAgency, ProductAgency
from cases.services import guides
from cases.services import referral as referrals
from members.guides import PRODUCTS_AT_A_GLANCE, TEXT_AT_A_GLANCE, Glance, beginning
from members.models import BrandGuide, Product
from members.services import products
from tests import factories
from tests.concurrency import run_concurrently
from tests.forms import form_data
from tests.personas import Personas

pytestmark = pytest.mark.django_db

GENUINE = "The seal has a golden thread"


def disclose(product: Product, to: str, **facts: Any) -> None:
    by = factories.filer(product.member)
    stored = Product.objects.get(pk=product.pk)
    guides.disclose(product=stored, by=by, seen=guides.version(stored), disclosed_to=to, **facts)


def set_guide(product: Product, to: str, **facts: Any) -> None:
    brand, by = product.brand, factories.filer(product.member)
    seen = guides.version(guides.guide_of(brand))
    words = {"introduction": "Every box has a seal."}
    guides.change_guide(brand=brand, by=by, seen=seen, disclosed_to=to, **words | facts)


def refer(personas: Personas, to: Agency | None = None) -> Any:
    facts = {"by": personas.filer, "citing": personas.right, "moderator": personas.moderator}
    return factories.referred_case(to or personas.agency, **facts)


def seen_by(personas: Personas, product: Product, referral: Any) -> tuple[bool, bool]:
    """Return whether the officer sees the product beside the referral and its introduction, in all places alike."""
    client = personas.client("officer")
    beside = client.get(reverse("liaison:referral", args=[referral.reference]))
    guide = client.get(reverse("liaison:guide", args=[referral.reference]))
    picture = product.pictures.get()
    file = client.get(reverse("document", args=[picture.document_id]))
    answers = {
        GENUINE in beside.text,
        GENUINE in guide.text,
        guide.status_code == 200,
        file.status_code == 200,
        visibility.products(personas.officer).filter(pk=product.pk).exists(),
    }
    assert len(answers) == 1, (beside.text.count(GENUINE), guide.status_code, file.status_code)
    return answers.pop(), "Every box has a seal." in guide.text


@pytest.fixture
def product(personas: Personas) -> Product:
    made = factories.product(personas.brand, name="Seal box")
    factories.feature(made, text=GENUINE)
    factories.product_picture(made)
    return made


Step = Callable[[Product, Personas], Any]

CHOICES: dict[str, tuple[list[Step], tuple[bool, bool]]] = {
    "nothing chosen": ([], (False, False)),
    "nobody": ([lambda one, cast: disclose(one, "nobody")], (False, False)),
    "all": ([lambda one, cast: disclose(one, "all")], (True, False)),
    "another agency": (
        [lambda one, cast: disclose(one, "agencies", agencies=[cast.other_agency])],
        (False, False),
    ),
    "this agency": (
        [lambda one, cast: disclose(one, "agencies", agencies=[cast.agency])],
        (True, False),
    ),
    "another country": (
        [lambda one, cast: disclose(one, "countries", countries=["FR", "JP"])],
        (False, False),
    ),
    "this country": (
        [lambda one, cast: disclose(one, "countries", countries=["FR", "CN"])],
        (True, False),
    ),
    "by the guide": ([lambda one, cast: set_guide(one, "all")], (True, True)),
    "by the guide to this agency": (
        [lambda one, cast: set_guide(one, "agencies", agencies=[cast.agency])],
        (True, True),
    ),
    "by the guide to another country": (
        [lambda one, cast: set_guide(one, "countries", countries=["FR"])],
        (False, False),
    ),
    "by the guide, but not this product": (
        [lambda one, cast: set_guide(one, "all"), lambda one, cast: disclose(one, "nobody")],
        (False, False),
    ),
    "an agency chosen before all was withdrawn": (
        [
            lambda one, cast: disclose(one, "agencies", agencies=[cast.agency]),
            lambda one, cast: disclose(one, "nobody"),
        ],
        (False, False),
    ),
    "retired": (
        [
            lambda one, cast: disclose(one, "all"),
            lambda one, cast: products.retire(product=one, by=cast.owner),
        ],
        (False, False),
    ),
    "a brand that the agency may not know": (
        [
            lambda one, cast: disclose(one, "all"),
            lambda one, cast: Agency.objects.filter(pk=cast.agency.pk).update(discloses=["right"]),
        ],
        (False, False),
    ),
}


@pytest.mark.parametrize("choice", CHOICES)
def test_officers_see_what_the_brand_discloses(
    personas: Personas, product: Product, choice: str
) -> None:
    steps, expected = CHOICES[choice]
    referral = refer(personas)
    for step in steps:
        step(product, personas)
    assert seen_by(personas, product, referral) == expected


def test_officers_see_products_only_beside_a_live_referral_of_the_brand(
    personas: Personas, product: Product
) -> None:
    disclose(product, "all")
    other = refer(personas, personas.other_agency)
    pk = product.pictures.get().document_id
    client = personas.client("officer")
    assert client.get(reverse("document", args=[pk])).status_code == 404
    assert not visibility.products(personas.officer).exists()
    mine = refer(personas)
    assert seen_by(personas, product, mine) == (True, False)
    assert client.get(reverse("liaison:guide", args=[other.reference])).status_code == 404
    referrals.answer(
        referral=mine, by=personas.officer, verb="decline", reason=factories.reason("decline")
    )
    assert seen_by(personas, product, mine) == (False, False)


def test_a_long_feature_beside_a_case_is_visibly_cut() -> None:
    product = factories.product()
    factories.feature(product, kind="fake", text="a" * TEXT_AT_A_GLANCE + "bc")
    rows = list(beginning(Product.objects.all()))
    (glimpse,) = Glance.of(rows).products
    assert glimpse.fake[0]["text"] == "a" * TEXT_AT_A_GLANCE + "…"


def test_moderators_see_the_guide_beside_the_case(personas: Personas, product: Product) -> None:
    case = factories.submitted_case(by=personas.filer, citing=personas.right)
    client, path = personas.client("moderator"), reverse("triage:case", args=[case.reference])
    client.get(path)
    page = client.get(path).text
    assert GENUINE in page
    guide = reverse("guides:brand", args=[personas.brand.pk])
    assert f'href="{guide}"' in page
    assert GENUINE in client.get(guide).text
    products.retire(product=product, by=personas.owner)
    assert GENUINE not in client.get(path).text


def test_the_guide_beside_a_case_does_not_grow(
    personas: Personas, product: Product, django_assert_num_queries: Any
) -> None:
    facts = {"by": personas.owner.pk, "brand": personas.brand.pk, "text": "x" * 1000}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH made AS (
              INSERT INTO members_product (brand_id, gtin, name, name_local, other_names, description, packaging,
                     production_places, nice_classes, is_active, disclosed_to, disclosed_countries, created_by_id,
                     created_at, search_text)
              SELECT %(brand)s, '', 'Parka ' || n, '', '{}', '', '', '{CN}', '{25}', true, 'all', '{}', %(by)s,
                     now(), '' FROM generate_series(1, 2000) AS n RETURNING id, name)
            INSERT INTO members_productfeature (product_id, kind, text, place, position)
            SELECT id, 'genuine', %(text)s, '', n FROM made, generate_series(0, 19) AS n WHERE name < 'Parka 1002'
            """,
            facts,
        )
        cursor.execute("ANALYZE members_product, members_productfeature")
    with django_assert_num_queries(1):
        rows = list(beginning(Product.objects.filter(brand=personas.brand)))
    found = Glance.of(rows)
    assert len(rows) == PRODUCTS_AT_A_GLANCE + 1
    assert found.more
    assert len(found.products) == PRODUCTS_AT_A_GLANCE
    assert sum(len(one["text"]) for each in found.products for one in each.genuine) < 10_000
    one = Agency.objects.filter(pk=personas.agency.pk)
    shown = visibility.disclosed_products(one).filter(brand=personas.brand)
    assert "product_of_guide" in shown.order_by("name", "pk")[:5].explain()
    picture = product.pictures.get().document_id
    for person in (personas.officer, personas.filer, personas.moderator):
        plan = visibility.documents(person).filter(pk=picture).explain()
        assert "Seq Scan on members_product " not in plan
    guide = visibility.products(personas.filer).filter(brand=personas.brand, is_active=True)
    assert "product_of_guide" in guide.order_by("name", "pk")[:21].explain()


# --- The forms ---------------------------------------------------------------------------------


def test_the_brand_chooses_agencies_and_countries(personas: Personas, product: Product) -> None:
    client, path = personas.client("filer"), reverse("guides:disclose", args=[product.pk])
    for wrong, message in {
        ("agencies", ""): "Choose at least one agency.",
        ("countries", ""): "Enter at least one country or region.",
        ("countries", "Atlantis"): "is not a country or region",
        ("police", ""): "is not one of the available choices",
    }.items():
        data = form_data(client.get(path), "disclosure-form", disclosed_to=wrong[0])
        page = client.post(path, data | {"countries": wrong[1]})
        assert page.status_code == 422
        assert message in page.text
    data = form_data(client.get(path), "disclosure-form", disclosed_to="agencies")
    for _click in range(2):
        chosen = client.post(path, data | {"agencies": [str(personas.agency.pk)]})
        assert chosen.status_code == 302
    assert ProductAgency.objects.get().agency == personas.agency
    assert "Chosen agencies" in client.get(chosen.url).text
    data = form_data(client.get(path), "disclosure-form", disclosed_to="countries", countries="EU")
    assert client.post(path, data).status_code == 302
    assert len(Product.objects.get().disclosed_countries) == 27
    assert not ProductAgency.objects.exists()


def test_two_people_change_a_guide(personas: Personas, product: Product) -> None:
    client, path = personas.client("owner"), reverse("guides:change", args=[personas.brand.pk])
    mine = form_data(client.get(path), "disclosure-form", introduction="Mine", disclosed_to="all")
    set_guide(product, "agencies", agencies=[personas.agency])
    page = client.post(path, mine)
    assert page.status_code == 409
    assert re.search(r"Every box has a seal.</td>\s*<td[^>]*>Mine", page.text)
    assert re.search(r"Chosen agencies</td>\s*<td[^>]*>All agencies", page.text)
    assert personas.agency.name in page.text
    assert BrandGuide.objects.get().disclosed_to == "agencies"
    assert client.post(path, form_data(page, "disclosure-form")).status_code == 302
    assert BrandGuide.objects.get().introduction == "Mine"
    assert not GuideAgency.objects.exists()


def test_an_outdated_form_of_a_brand_without_a_guide_is_a_conflict(personas: Personas) -> None:
    client, path = personas.client("owner"), reverse("guides:change", args=[personas.brand.pk])
    page = client.get(path)
    data = form_data(page, "disclosure-form", seen="x", disclosed_to="all", introduction="Mine")
    refused = client.post(path, data)
    assert refused.status_code == 409
    assert client.post(path, form_data(refused, "disclosure-form")).status_code == 302
    assert BrandGuide.objects.get().introduction == "Mine"


def test_only_owners_and_filers_choose(personas: Personas, product: Product) -> None:
    for person in (personas.viewer, personas.stranger, personas.moderator, personas.officer):
        with pytest.raises(NotAllowed):
            guides.disclose(product=product, by=person, seen="", disclosed_to="all")
        with pytest.raises(NotAllowed):
            guides.change_guide(brand=personas.brand, by=person, seen="", disclosed_to="all")


@pytest.mark.django_db(transaction=True)
def test_two_people_make_the_first_guide_at_once() -> None:
    brand = factories.brand()
    people = [factories.filer(brand.member), factories.owner(brand.member)]
    seen = guides.version(guides.guide_of(brand))

    def make(at: int) -> BrandGuide:
        to = ("all", "nobody")[at]
        words = f"By person {at}"
        return guides.change_guide(
            brand=brand, by=people[at], seen=seen, introduction=words, disclosed_to=to
        )

    results = run_concurrently(lambda: make(0), lambda: make(1))
    assert sorted(type(one).__name__ for one in results) == ["BrandGuide", "DisclosureChanged"]
    assert BrandGuide.objects.count() == 1
