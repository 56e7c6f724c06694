"""On paper: each address once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from members.models import User
from tests import factories
from tests.personas import make

pytestmark = pytest.mark.django_db(transaction=True)

AFTER = "link => getComputedStyle(link, '::after').content"


def test_the_address_is_added_only_to_links_that_do_not_show_it(
    page: Page, site: str, become: Callable[[User | None], None]
) -> None:
    cast = make()
    referral = factories.referred_case(cast.agency, moderator=cast.moderator)
    seller = referral.case.seller
    assert seller
    type(seller).objects.filter(pk=seller.pk).update(shop_url="https://shop.example/1")
    become(cast.moderator)
    page.goto(f"{site}/triage/{referral.case.reference}/")
    page.emulate_media(media="print")
    shown = page.locator("main a[href^='http']")
    assert shown.count() > 0
    for link in shown.all():
        is_address = (link.get_attribute("href") or "") in link.inner_text()
        assert (link.evaluate(AFTER) == "none") is is_address, link.inner_html()
