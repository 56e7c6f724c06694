"""Products: GTINs, facts, who may change them, two people at once, features and pictures."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from PIL import Image

from alliance.lib import clock
from alliance.lib.refusals import NotAllowed, Refusal
from members import gtin, visibility
from members.models import Authorisation, Document, Product, ProductPicture
from members.services import pictures, product_parts, products
from tests import factories
from tests.concurrency import run_concurrently

pytestmark = pytest.mark.django_db


# --- GTIN --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "stored", "shown"),
    [
        ("6901234567892", "06901234567892", "6901234567892"),
        (" 690-1234 567892 ", "06901234567892", "6901234567892"),
        ("６９０１２３４５６７８９２", "06901234567892", "6901234567892"),
        ("96385074", "00000096385074", "96385074"),
        ("036000291452", "00036000291452", "036000291452"),
        ("10614141000415", "10614141000415", "10614141000415"),
        ("   ", "", ""),
    ],
)
def test_gtins_are_stored_in_one_form(given: str, stored: str, shown: str) -> None:
    assert gtin.parse(given) == stored
    assert gtin.shown(stored) == shown


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("6.9E+12", "Format the column as text"),
        ("6,90123E+12", "Excel has shortened"),
        ("６.９Ｅ+12", "Excel has shortened"),
        ("6901234567893", "check digit"),
        ("6901234567809.0", "8, 12, 13 or 14 digits"),
        ("00000000", "check digit"),
        ("690123456789", "check digit"),
        ("69012345678", "8, 12, 13 or 14 digits"),
        ("٦٩٠١٢٣٤٥", "8, 12, 13 or 14 digits"),
        ("69012345678﹪2", "8, 12, 13 or 14 digits"),
        ("<script>", "8, 12, 13 or 14 digits"),
    ],
)
def test_a_wrong_gtin_is_refused_with_what_is_wrong(given: str, message: str) -> None:
    with pytest.raises(gtin.InvalidGTIN, match=message):
        gtin.parse(given)


# --- Facts -------------------------------------------------------------------------------------

GOOD = {"name": "Parka 氅", "gtin": "6901234567892"}


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "x" * 201, "at most 200"),
        ("name", " \u200b\u202e ", "Enter the name"),
        ("name", "\u3164", "visible characters"),
        ("name_local", "\u2800", "visible characters"),
        ("gtin", "6.9E+12", "Format the column as text"),
        ("other_names", {"japanisch": "x"}, "not a language tag"),
        ("other_names", {f"a{letter}": "x" for letter in "bcdefghijkl"}, "at most 10"),
        ("description", "x" * 2001, "at most 2000"),
        ("production_places", ["CN", "XX"], "“XX” is not a country"),
        ("nice_classes", [0], "not a Nice class"),
    ],
)
def test_a_wrong_fact_is_refused_by_name(field: str, value: Any, message: str) -> None:
    brand = factories.brand()
    with pytest.raises(products.InvalidProduct) as caught:
        factories.product(brand, **GOOD | {field: value})
    assert set(caught.value.errors) == {field}
    assert message in caught.value.errors[field]
    assert not Product.objects.exists()


def test_names_of_every_script_are_kept_without_what_is_invisible() -> None:
    product = factories.product(
        name="  \u202eAlder\u200b Parka\x00 👗 ",
        name_local="\u0627\u0644\u0633\u062a\u0631\u0629",
        other_names={"th": "เสื้อกันหนาว", "ja": "パーカ", "ko": "  "},
        description="One\r\nTwo \ud800",
        production_places=["eu", "CN", "cn"],
    )
    stored = Product.objects.get(pk=product.pk)
    assert stored.name == "Alder Parka 👗"
    assert list(stored.other_names) == ["ja", "th"]
    assert stored.description == "One\nTwo"
    assert stored.production_places[-1] == "CN"
    assert len(stored.production_places) == 28
    assert "パーカ" in stored.search_text


# --- Changes -----------------------------------------------------------------------------------


def test_creating_and_changing_twice_has_no_second_effect() -> None:
    brand = factories.brand()
    filer = factories.filer(brand.member)
    facts = {"member": brand.member, "by": filer, "brand": brand, "name": "Parka"}
    first = products.create(**facts)
    assert products.create(**facts) == first
    seen = products.version(first)
    for _time in range(2):
        products.change(product=first, by=filer, seen=seen, name="Parka II")
    for _time in range(2):
        products.retire(product=first, by=filer)
    assert not Product.objects.get().is_active
    products.restore(product=first, by=filer)
    assert Product.objects.active().get().name == "Parka II"


def test_a_change_of_what_another_person_has_changed_is_a_conflict() -> None:
    product = factories.product(name="Parka")
    filer = factories.filer(product.member)
    seen = products.version(product)
    products.change(product=product, by=filer, seen=seen, packaging="A box")
    with pytest.raises(products.ProductChanged) as caught:
        products.change(product=product, by=filer, seen=seen, packaging="A bag")
    assert caught.value.product.packaging == "A box"
    for switch in (products.retire, products.restore):
        with pytest.raises(products.ProductChanged):
            switch(product=product, by=filer, seen=seen)
        Product.objects.update(is_active=False)


def test_the_facts_of_a_retired_product_make_a_new_one() -> None:
    brand, gtin = factories.brand(), "06901234567892"
    filer = factories.filer(brand.member)
    facts = {"member": brand.member, "by": filer, "brand": brand, "name": "Parka"}
    for number in ("", gtin):
        products.retire(product=products.create(**facts, gtin=number), by=filer)
    assert products.create(**facts).is_active
    with pytest.raises(products.GTINTaken):
        products.create(**facts, gtin=gtin)


def test_a_gtin_is_unique_at_a_member_and_may_be_used_by_another() -> None:
    brand = factories.brand()
    first = factories.product(brand, gtin="6901234567892")
    with pytest.raises(products.GTINTaken) as caught:
        factories.product(factories.brand(brand.member), gtin="06901234567892")
    assert caught.value.product == first
    factories.product(gtin="6901234567892")
    for _time in range(2):
        factories.product(brand, gtin="")
    with pytest.raises(IntegrityError), transaction.atomic():
        Product.objects.filter(member=brand.member, gtin="").update(gtin=first.gtin)
    with pytest.raises(IntegrityError), transaction.atomic():
        Product.objects.filter(pk=first.pk).update(gtin="6901234567892")


def test_a_product_follows_its_brand_to_another_member() -> None:
    product = factories.product()
    other = factories.member()
    type(product.brand).objects.filter(pk=product.brand_id).update(member=other)
    assert Product.objects.get().member_id == other.pk


def test_only_owners_and_filers_of_the_member_write() -> None:
    product = factories.product()
    member = product.member
    lapsed = factories.agent(member)
    Authorisation.objects.filter(agent=lapsed).update(
        valid_until="2021-01-01", valid_from="2020-01-01"
    )
    strangers = [factories.viewer(member), factories.filer(factories.member()), lapsed]
    for person in [*strangers, factories.moderator()]:
        with pytest.raises(NotAllowed):
            products.retire(product=product, by=person)
        with pytest.raises(NotAllowed):
            product_parts.add_feature(product=product, by=person, kind="fake", text="Thin label")
    with pytest.raises(Refusal, match="brand of the member"):
        products.create(
            member=member, by=factories.filer(member), brand=factories.brand(), name="Parka"
        )
    assert products.retire(product=product, by=factories.agent(member)).is_active is False
    seen = visibility.products
    assert [seen(person).count() for person in [factories.viewer(member), *strangers]] == [
        1,
        1,
        0,
        0,
    ]


@pytest.mark.django_db(transaction=True)
def test_two_people_create_the_same_gtin_at_once() -> None:
    brand = factories.brand()
    people = [factories.filer(brand.member), factories.owner(brand.member)]

    def create(at: int) -> Product:
        return products.create(
            member=brand.member, by=people[at], brand=brand, name=f"Parka {at}", gtin="96385074"
        )

    results = run_concurrently(lambda: create(0), lambda: create(1))
    (refused,) = [one for one in results if isinstance(one, products.GTINTaken)]
    assert refused.product == Product.objects.get()


# --- Features and pictures ---------------------------------------------------------------------


def test_a_picture_is_stored_upright_small_and_without_metadata() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010E] = "taken at 31.2304 N"
    out = io.BytesIO()
    Image.new("RGB", (3000, 1000), "navy").save(
        out, "JPEG", exif=exif, comment=b"31.2304 E", icc_profile=b"not a profile"
    )
    upload = SimpleUploadedFile("Front.JPG", out.getvalue(), content_type="text/html")
    product = factories.product()
    picture = factories.product_picture(product, upload=upload, alt=" The front ")
    with Image.open(picture.document.file) as stored:
        assert stored.size == (533, 1600)
        assert not stored.getexif()
    assert b"31.2304" not in picture.document.file.open().read()
    assert (picture.alt, picture.document.original_name) == ("The front", "Front.jpg")
    upload.seek(0)
    assert factories.product_picture(product, upload=upload) == picture
    assert Document.objects.count() == 1


@pytest.mark.parametrize("mode", ["P", "L", "LA", "I;16", "CMYK", "RGBA"])
def test_pictures_of_every_kind_are_stored_for_browsers(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    out = io.BytesIO()
    Image.new(mode, (4, 2)).save(out, kind)
    name = f"a.{kind.lower()}"
    small = pictures.prepared(SimpleUploadedFile(name, out.getvalue()))
    assert small is not None
    with Image.open(small) as stored:
        assert stored.mode == ("RGBA" if "A" in mode else "RGB")
        assert stored.size == (4, 2)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.png", b"", "empty"),
        ("a.png", b"<script>alert(1)</script>", "not a PNG, JPEG or WebP"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a PNG, JPEG or WebP"),
        ("a.pdf", b"%PDF-1.7 x", "not a PNG, JPEG or WebP"),
        ("a.png", factories.png_bytes(7)[:-20], "damaged"),
        ("a.html", factories.png_bytes(7), "wrong extension"),
    ],
)
def test_a_file_that_is_no_picture_is_refused(name: str, content: bytes, message: str) -> None:
    product = factories.product()
    with pytest.raises(Refusal, match=message):
        factories.product_picture(product, upload=SimpleUploadedFile(name, content))
    assert not Document.objects.exists()


def test_a_picture_with_too_many_pixels_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alliance.lib.pictures.MAX_PIXELS", 63)
    with pytest.raises(Refusal, match="million pixels"):
        factories.product_picture(factories.product())


def test_pictures_and_features_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(product_parts, "MAX_PICTURES", 1)
    monkeypatch.setattr(product_parts, "MAX_FEATURES", 1)
    product = factories.product()
    factories.product_picture(product)
    with pytest.raises(Refusal, match="up to 1 pictures"):
        factories.product_picture(product)
    factories.feature(product, kind="fake")
    with pytest.raises(Refusal, match="up to 1 features"):
        factories.feature(product, kind="fake")
    genuine = factories.feature(product, kind="genuine")
    # Neither does a feature that changes sides make more.
    with pytest.raises(Refusal, match="up to 1 features"):
        product_parts.change_feature(
            feature=genuine,
            by=factories.filer(product.member),
            seen=product_parts.version(genuine),
            kind="fake",
            text=genuine.text,
        )


def test_a_feature_that_is_added_again_takes_its_picture() -> None:
    product = factories.product()
    facts = {"kind": "fake", "text": "Glued label", "picture": factories.png(), "alt": "A label"}
    feature = factories.feature(product, kind="fake", text="Glued label")
    for _time in range(2):
        assert factories.feature(product, **facts) == feature
    assert ProductPicture.objects.get().feature == feature


def test_a_feature_is_changed_with_its_picture_and_removed_with_its_file() -> None:
    product = factories.product()
    filer = factories.filer(product.member)
    facts = {"kind": "genuine", "text": "Woven label", "place": "Collar"}
    with pytest.raises(product_parts.InvalidPart, match="Describe the picture"):
        factories.feature(product, **facts, picture=factories.png())
    feature = factories.feature(product, **facts, picture=factories.png(), alt="A label")
    assert factories.feature(product, **facts) == feature
    seen = product_parts.version(feature)
    change = {"feature": feature, "by": filer, "seen": seen, **facts, "alt": "A woven label"}
    for _time in range(2):
        feature = product_parts.change_feature(**change | {"picture": factories.png(seed=5)})
    assert ProductPicture.objects.get().alt == "A woven label"
    with pytest.raises(product_parts.FeatureChanged):
        product_parts.change_feature(**change | {"text": "Glued label"})
    stored = ProductPicture.objects.get().document
    later = clock.now() + timedelta(days=2)
    assert not Document.objects.unused(before=later).exists()
    for _time in range(2):
        product_parts.remove_feature(feature=feature, by=filer)
    assert not Document.objects.filter(pk=stored.pk).exists()


def test_parts_are_moved_to_a_place_and_moving_them_twice_has_no_second_effect() -> None:
    product = factories.product()
    filer = factories.filer(product.member)
    made = [factories.feature(product) for _n in range(3)]
    other = factories.feature(product, kind="fake")
    for _time in range(2):
        product_parts.move(part=made[2], by=filer, to=0)
    product_parts.move(part=made[0], by=filer, to=99)
    kept = list(product.features.filter(kind="genuine"))
    assert kept == [made[2], made[1], made[0]]
    assert product.features.get(kind="fake").position == other.position
