"""Independent shops are identified by their registered domain."""

from __future__ import annotations

import pytest

from cases.marketplaces import addresses, websites
from cases.models import Marketplace, Seller
from cases.queries import listing_checks, seller_history
from cases.services import sellers
from tests import factories
from tests.cases.addresses.rules import ALL, WEB


@pytest.mark.parametrize(
    ("host", "site"),
    [
        ("example.co.uk", "example.co.uk"),
        ("shop.example.co.uk", "example.co.uk"),
        ("m.shop.example.co.uk", "example.co.uk"),
        ("de.example.com", "example.com"),
        ("alice.myshopify.com", "alice.myshopify.com"),
        ("shop.myshopify.com", "shop.myshopify.com"),
        ("shop.alice.myshopify.com", "alice.myshopify.com"),
        # A provider that the list of public suffixes may not name.
        ("alice.example.com", "alice.example.com"),
        ("shop.alice.example.com", "shop.alice.example.com"),
        ("shop.no-suffix.example", "shop.no-suffix.example"),
        ("shop.example.com:8443", "shop.example.com:8443"),
        ("8.8.8.8", "8.8.8.8"),
        ("[2606:4700::1111]", "[2606:4700::1111]"),
        ("co.uk", "co.uk"),
    ],
)
def test_site_of_a_host(host: str, site: str) -> None:
    assert websites.site(host) == site
    assert websites.site(site) == site


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://www.shop.example.co.uk/bag", "example.co.uk"),
        ("https://alice.myshopify.com/products/bag", "alice.myshopify.com"),
        ("https://social.example/anna/posts/1", "social.example/anna"),
    ],
)
def test_listing_and_shop_have_the_same_site(url: str, site: str) -> None:
    assert addresses.parse(url, ALL).site == site
    assert addresses.shop(url, WEB)[0] == site


def test_keys_of_listings_keep_their_host() -> None:
    one, other = (
        addresses.parse(f"https://{host}.example.com/bag", ALL) for host in ("shop", "store")
    )
    assert one.site == other.site
    assert one.key != other.key


@pytest.mark.django_db
def test_known_seller_keeps_its_row() -> None:
    web = Marketplace.objects.get(slug="web")
    known = factories.seller(web, external_id="shop.example.com")
    shop, url = addresses.shop("https://www.example.com/sale", web)
    assert shop == "example.com"
    found = sellers.find_or_create(marketplace=web, shop=shop, url=url)
    assert found == known
    other, url = addresses.shop("https://alice.example.com", web)
    assert sellers.find_or_create(marketplace=web, shop=other, url=url) != known
    assert Seller.objects.filter(marketplace=web).count() == 2


@pytest.mark.django_db
def test_listing_on_another_host_of_the_website_belongs_to_the_shop() -> None:
    member = factories.member()
    for shop in ("example.com", "shop.example.com"):
        listing = addresses.parse("https://store.example.com/bag", ALL)
        found = listing_checks.find_issues(
            addresses=[listing], marketplace=WEB, shop=shop, member=member
        )
        assert found == []
    member.website = "https://www.example.com/"
    (issue,) = listing_checks.find_issues(addresses=[listing], member=member)
    assert "your own website" in issue.message


@pytest.mark.django_db
def test_authorised_website_is_recognised_on_its_other_hosts() -> None:
    web = Marketplace.objects.get(slug="web")
    case = factories.submitted_case(
        against=factories.seller(web, external_id="example.com"),
        urls=["https://example.com/bag"],
    )
    entry = factories.authorised_seller(
        brand=case.brand, marketplace=web, external_id="shop.example.com"
    )
    assert seller_history.authorised_entry(case) == entry
