"""The identity of a shop does not depend on how its ID or address is written."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from cases.marketplaces import addresses, identifiers, shops
from cases.models import (
    AuthorisedSeller,
    Case,
    Marketplace,
    Seller,
)
from cases.queries import readiness, seller_history
from cases.services import filing
from cases.states import Priority
from tests import factories
from tests.personas import Personas

# Spellings of the ID tb-82001X.
SPELLINGS = (
    "tb-82001X",
    "TB-82001x",
    "ｔｂ－８２００１ｘ",
    "tb\u201082001x",
    "tb\u221282001x",
    "tb\u201382001x",
    "tb-82\u200b001x",
    "tb-82\u00ad001x",
    "\u3164tb-82001x\ufe0f",
    "  tb-82001x\u00a0",
)


@pytest.mark.parametrize("text", SPELLINGS)
def test_spellings_of_an_id_have_one_key(text: str) -> None:
    assert shops.key(text) == "tb-82001x"


@pytest.mark.parametrize(
    "text",
    [
        "https://market.example/shop/Stra%C3%9Fe",
        "http://www.market.example/shop/straße/",
        "HTTPS://M.Market.example//shop/STRASSE?spm=a1&utm_source=x",
        "market.example./shop/stra\u200bße#top",
        "https：//ｍarket.example／shop／strasse",
    ],
)
def test_spellings_of_an_address_have_one_key(text: str) -> None:
    assert shops.key(text) == "market.example/shop/strasse"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("tb-82001", "tb82001"),
        ("tb-82001", "tb_82001"),
        ("market.example/shop/1", "market.example/shop/2"),
        ("market.example/s?seller=1", "market.example/s?seller=2"),
        ("x" * 400 + "1", "x" * 400 + "2"),
    ],
)
def test_different_shops_have_different_keys(one: str, other: str) -> None:
    assert shops.key(one) != shops.key(other)


def test_case_sensitive_keys() -> None:
    assert shops.key("UCab", case_sensitive=True) != shops.key("ucAB", case_sensitive=True)
    assert shops.key("ＵＣab", case_sensitive=True) == "UCab"


def test_invisible_id_is_refused() -> None:
    with pytest.raises(ValidationError, match="Enter the shop ID"):
        addresses.shop("\u3164\u200b\ufe0f", Marketplace(hosts=["market.example"]))


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("https://market.example/shop/Ab%2D9?spm=1", "Ab-9"),
        ("https://market.example/shop/Moon%20%26Co/about", "Moon &Co"),
        ("market.example/view?id=Ab-9", "Ab-9"),
        ("Ab-9.market.example", "ab-9"),
        # With two placeholders or none, the whole page is the key.
        ("market.example/mall/A/b", "market.example/mall/a/b"),
        ("market.example/other/Ab-9", "market.example/other/Ab-9"),
    ],
)
def test_id_is_read_from_the_shop_page(address: str, found: str) -> None:
    market = Marketplace(
        slug="market",
        hosts=["market.example"],
        shop_pages=[
            "market.example/shop/{name}",
            "market.example/view?id={name}",
            "market.example/mall/{name}/{name}",
            "{name}.market.example",
        ],
    )
    assert addresses.shop(address, market)[0] == found
    with pytest.raises(ValidationError, match="URL of the marketplace"):
        addresses.shop("https://www.market.example/?spm=2", market)


@pytest.fixture
def market(db: None) -> Marketplace:
    return factories.marketplace(slug="bazaar", hosts=["bazaar.example"])


@pytest.fixture
def known(market: Marketplace) -> Seller:
    """A shop with a live strike and a recorded address."""
    against = factories.seller(
        market, external_id="tb-82001X", shop_url="https://bazaar.example/shop/moon?spm=9"
    )
    factories.removed_case(against=against)
    assert seller_history.live_points(against)
    return against


def set_shop(case: Case, market: Marketplace, typed: str) -> Case:
    shop, url = addresses.shop(typed, market)
    return filing.set_listings(
        case=case,
        by=case.created_by,
        marketplace=market,
        seller_id=shop,
        seller_name="Another name",
        shop_url=url,
        addresses=[],
    )


@pytest.mark.parametrize(
    "typed",
    [*SPELLINGS, "https://www.bazaar.example/shop/moon/", "BAZAAR.example/shop/MOON?utm_source=z"],
)
def test_known_shop_is_found_and_raises_the_priority(
    known: Seller, market: Marketplace, typed: str
) -> None:
    draft = set_shop(factories.draft_case(), market, typed)
    assert draft.seller == known
    urls = factories.cases.listing_urls(market, 1)
    case = factories.submitted_case(
        against=Seller(marketplace=market, external_id=typed.strip()[:120], name="x"), urls=urls
    )
    assert Seller.objects.filter(marketplace=market).count() == 1
    assert case.priority == Priority.HIGH


@pytest.mark.parametrize("listed", ["tb-82001X", "ＴＢ\u201182001x", "bazaar.example/shop/MOON"])
@pytest.mark.parametrize("typed", [*SPELLINGS[:4], "http://m.bazaar.example/shop/moon"])
def test_authorised_seller_matches_every_spelling(
    known: Seller, market: Marketplace, listed: str, typed: str
) -> None:
    draft = factories.draft_case()
    factories.authorised_seller(brand=draft.brand, marketplace=market, external_id=listed)
    draft = set_shop(draft, market, typed)
    messages = [problem.text for problem in readiness.problems(case=readiness.loaded(draft))]
    assert "The brand has authorised this seller. See its list of authorised sellers." in messages


@pytest.mark.parametrize(
    "typed",
    [
        "https://bazaar.example/store/dealer-7",
        "dealer-7.bazaar.example",
        "https://bazaar.example/view?shop=DEALER%2D7",
    ],
)
def test_authorised_seller_matches_an_unrecorded_address(market: Marketplace, typed: str) -> None:
    draft = factories.draft_case()
    factories.authorised_seller(brand=draft.brand, marketplace=market, external_id="dealer-7")
    assert seller_history.authorised_entry(set_shop(draft, market, typed))
    other = set_shop(factories.draft_case(of=draft.brand, by=draft.created_by), market, "dealer-8")
    assert not seller_history.authorised_entry(other)


def test_rows_written_by_an_earlier_version_are_found(market: Marketplace) -> None:
    seller = factories.seller(market, external_id="tb-7")
    draft = factories.draft_case()
    entry = factories.authorised_seller(brand=draft.brand, marketplace=market, external_id="tb-7")
    for row in (seller, entry):
        type(row).objects.filter(pk=row.pk).update(external_key="")
    draft = set_shop(draft, market, "tb-7")
    assert draft.seller == seller
    assert seller_history.authorised_entry(draft)


def test_ambiguous_address_matches_no_shop(market: Marketplace) -> None:
    for shop in ("one", "two"):
        factories.seller(market, external_id=shop, shop_url="https://bazaar.example/mall")
    draft = set_shop(factories.draft_case(), market, "https://bazaar.example/mall")
    assert draft.seller is not None
    assert draft.seller.external_id == "bazaar.example/mall"


def test_case_sensitive_marketplace_separates_shops(market: Marketplace) -> None:
    market.shop_ids_are_case_sensitive = True
    market.shop_pages = ["bazaar.example/channel/{code}", "bazaar.example/@{name}"]
    market.save()
    factories.seller(market, external_id="UCab")
    factories.seller(market, external_id="ucAB")

    def found(typed: str) -> str:
        return set_shop(factories.draft_case(), market, typed).seller.external_id  # type: ignore[union-attr]

    assert found("ＵＣab") == "UCab"
    assert found("https://www.bazaar.example/channel/ucAB?utm_source=x") == "ucAB"
    # Names are not case-sensitive, even if they look like a code.
    assert found("bazaar.example/@UCab") == "bazaar.example/@ucab"
    assert found("bazaar.example/@ucAB") == "bazaar.example/@ucab"


@pytest.mark.django_db
def test_codes_on_a_shared_site_are_case_sensitive() -> None:
    web = Marketplace.objects.get(slug="web")

    def found(typed: str) -> Seller | None:
        return set_shop(factories.draft_case(), web, typed).seller

    first = found("https://www.youtube.com/channel/UCab")
    assert first != found("https://youtube.com/channel/ucAB")
    assert first == found("m.youtube.com/channel/UCab/videos")
    assert found("facebook.com/Shop.One") == found("https://www.facebook.com/shop.one/photos")


def test_code_requires_case_sensitive_ids(market: Marketplace) -> None:
    market.shop_pages = ["bazaar.example/s/{code}"]
    with pytest.raises(IntegrityError), transaction.atomic():
        market.save()
    market.shop_ids_are_case_sensitive = True
    market.save()


def test_triage_search_matches_every_spelling(personas: Personas, known: Seller) -> None:
    case = Case.objects.get(seller=known)
    page = personas.client("moderator").get(
        reverse("triage:list"), {"view": "all", "q": "ＴＢ\u221282001X"}
    )
    assert case.reference in page.content.decode()


# --- Input in the admin --------------------------------------------------------------------------


def test_admin_refuses_a_duplicate_authorised_seller(
    admin_client: Client, market: Marketplace
) -> None:
    market.shop_pages = ["bazaar.example/shop/{name}"]
    market.save()
    brand = factories.brand()
    form = {"brand": brand.pk, "marketplace": market.pk, "note": ""}
    add = reverse("admin:cases_authorisedseller_add")
    sent = admin_client.post(add, form | {"external_id": "https://bazaar.example/shop/Dealer7"})
    assert sent.status_code == 302
    assert AuthorisedSeller.objects.get().external_id == "Dealer7"
    again = admin_client.post(add, form | {"external_id": "dealer７"})
    assert "already an authorised seller of the brand" in again.content.decode()


def test_admin_refuses_a_duplicate_shop(
    admin_client: Client, market: Marketplace, known: Seller
) -> None:
    form = {
        "marketplace": market.pk,
        "external_id": "TB\u201182001X",
        "name": "Copy",
        "identifiers-TOTAL_FORMS": 0,
        "identifiers-INITIAL_FORMS": 0,
    }
    add = reverse("admin:cases_seller_add")
    page = admin_client.post(add, form)
    assert page.status_code == 200
    assert "This shop already exists" in page.content.decode()
    assert admin_client.post(add, form | {"external_id": "tb-9"}).status_code == 302
    change = reverse("admin:cases_seller_change", args=[known.pk])
    assert admin_client.post(change, form | {"name": "Renamed"}).status_code == 302
    known.refresh_from_db()
    assert known.name == "Renamed"


def test_admin_accepts_the_address_of_a_shop(admin_client: Client) -> None:
    web = Marketplace.objects.get(slug="web")
    form = {
        "marketplace": web.pk,
        "external_id": "https://www.Facebook.com/Shop.One/",
        "name": "Shop One",
        "identifiers-TOTAL_FORMS": 0,
        "identifiers-INITIAL_FORMS": 0,
    }
    add = reverse("admin:cases_seller_add")
    assert admin_client.post(add, form).status_code == 302
    made = Seller.objects.get()
    assert made.external_id == made.external_key == "facebook.com/shop.one"
    assert made.shop_url == "https://www.Facebook.com/Shop.One/"
    page = admin_client.post(add, form | {"external_id": "facebook.com/SHOP.ONE"})
    assert "This shop already exists" in page.content.decode()


def test_case_sensitivity_is_fixed_after_the_first_shop(
    admin_client: Client, market: Marketplace
) -> None:
    page = reverse("admin:cases_marketplace_change", args=[market.pk])
    field = 'name="shop_ids_are_case_sensitive"'
    assert field in admin_client.get(page).content.decode()
    factories.seller(market)
    assert field not in admin_client.get(page).content.decode()


# --- Identifiers ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "spellings"),
    [
        ("phone", ["+86 138 1234 5678", "138 1234 5678", "008613812345678", "１３８－１２３４－５６７８", "86 13812345678", "tel:138\u200b12345678"]),
        ("phone", ["+86 10 5555 0100", "010-55550100", "（010）5555 0100"]),
        ("email", ["Shop@Mail.example", "ｓｈｏｐ＠mail.example", "mailto:shop@mail.example ", "shop\u200b@mail.example"]),
        ("licence", ["91330000 demo 0001", "９１３３００００DEMO0001", "91330000\u2010DEMO\u20110001"]),
        ("payment", ["pay-0001", "ＰＡＹ０００１", "PAY\u22120001"]),
        ("payment", ["Pay@Silk-shop.example", "pay@silk-shop.example ", "ｐａｙ＠silk-shop.example"]),
        ("payment", ["138 1234 5678", "+86 13812345678", "0086-13812345678", "8613812345678"]),
        ("social", ["https://t.me/Silk_Shop", "t.me/silk_shop?start=1", "telegram.me/silk_shop/", "Telegram: silk_shop"]),
        ("social", ["https://www.instagram.com/silk.shop/?hl=en", "instagram.com/@silk.shop", "instagram: silk.shop"]),
        ("social", ["https://m.me/silkshop", "m.me/silkshop/"]),
        ("address", ["Room 1,  Block２", "ROOM 1, Block2"]),
    ],
)  # fmt: skip
def test_spellings_of_identifiers_are_normalised(kind: str, spellings: list[str]) -> None:
    assert len({identifiers.normalise(kind, one, ["CN"]) for one in spellings}) == 1


def test_identifiers_that_differ_stay_apart() -> None:
    def normal(kind: str, *values: str) -> set[str]:
        return {identifiers.normalise(kind, one) for one in values}

    assert normal("payment", "pay@silk-shop.example") != normal("payment", "pay@silkshop.example")
    assert normal("payment", "8613812345678901") == {"8613812345678901"}  # a card
    assert normal("social", "m.me/silkshop") == {"m.me/silkshop"}
    assert normal("social", "m.facebook.com/silkshop") == {"facebook.com/silkshop"}
    for other in (
        "t.me/joinchat/abcdef",
        "t.me/share?url=x",
        "t.me/silk_shop/12",
        "instagram.com/p/abc",
    ):
        assert normal("social", f"https://{other}") == {other}


def test_telephone_numbers_are_parsed_by_country() -> None:
    assert identifiers.normalise("phone", "138 1234 5678", ["US", "CN"]) == "+8613812345678"
    assert identifiers.normalise("phone", "090-1234-5678", ["JP"]) == "+819012345678"
    assert identifiers.normalise("phone", "90-1234", []) == "901234"
    assert identifiers.normalise("phone", "010 5555 0100 ext. 7", ["CN"]) == "+861055550100;ext=7"
