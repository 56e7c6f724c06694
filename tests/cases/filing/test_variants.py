"""The variant of a listing, and the mark of a short link, from the form to the pages that show listings."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client

from cases.models import Case, Listing, Marketplace
from cases.services import catalogued_marketplaces, filing, listing_keys
from tests import factories
from tests.forms import form_data
from tests.personas import browser_of

pytestmark = pytest.mark.django_db
ITEM = "https://item.taobao.com/item.htm?id=700000000101"
SHORT = "https://m.tb.cn/h.5AbCdEf"


@pytest.fixture
def taobao() -> Marketplace:
    row = next(one for one in catalogued_marketplaces.unsaved() if one.slug == "taobao")
    row.save()
    return row


@pytest.fixture
def draft(taobao: Marketplace) -> Case:
    seller = factories.seller(taobao, external_id="100000001")
    return factories.draft_case(against=seller, urls=[f"{ITEM}&skuId=5001"])


def listing(case: Case) -> Listing:
    return Listing.objects.get(case=case)


def test_variant_is_stored_beside_the_key_and_copied(draft: Case) -> None:
    assert (listing(draft).canonical_key, listing(draft).variant) == (
        "taobao:item:700000000101",
        "5001",
    )
    again = filing.start_draft(
        by=draft.created_by,
        token=uuid.uuid4(),
        brand=draft.brand,
        right=draft.right,
        violation=draft.violation,
        jurisdiction="CN",
        goods_class=25,
        explanation="The label is misspelt.",
        like=draft,
    )
    assert listing(again).variant == "5001"


def test_shared_text_with_variants_is_filed(draft: Case) -> None:
    filer = browser_of(draft.created_by)
    url = f"/cases/{draft.reference}/listings/"
    text = f"【淘宝】看看这个宝贝\n{ITEM}&skuId=5002\n{ITEM}&skuId=5003\n👇 还有这个\n{SHORT} CZ001"
    data = form_data(filer.get(url), "listings-form", urls=text, then="next")
    refused = filer.post(url, data)
    assert "Line 5: This is a short link." in refused.content.decode()
    page = filer.post(url, data | {"confirmed": "on"}, follow=True).content.decode()
    assert "2 lines without a URL were ignored." in page
    assert "1 duplicate line was merged." in page
    assert "The first URL is kept." in page
    rows = list(draft.listings.order_by("position").values_list("url", "variant"))
    assert rows == [(f"{ITEM}&skuId=5002", "5002"), (SHORT, "")]


def test_rebuild_fills_the_variant(draft: Case) -> None:
    Listing.objects.update(variant="")
    listing_keys.wake_if_stale()
    assert listing_keys.rebuild(seconds=30)
    assert listing(draft).variant == "5001"


def test_tables_of_listings_show_variants_and_short_links(taobao: Marketplace) -> None:
    seller = factories.seller(taobao, external_id="100000001")
    urls = [f"{ITEM}&skuId=5001", "https://item.taobao.com/item.htm?id=700000000102"]
    case = factories.submitted_case(against=seller, urls=urls)
    Listing.objects.filter(case=case, variant="").update(url=SHORT)
    moderator: Client = browser_of(factories.moderator())
    filer = browser_of(case.created_by)
    for page in (moderator.get(f"/triage/{case.reference}/"), filer.get(case.get_absolute_url())):
        html = page.content.decode()
        assert html.count("Variant <bdi") == 1
        assert html.count("Short link: it opens another page.") == 1
