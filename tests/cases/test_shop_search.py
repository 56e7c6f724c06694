"""Shops by words of their names, in any script and spelling, and by their IDs."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from cases.marketplaces import shop_names
from cases.models import Seller
from cases.queries import seller_history, sellers
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("北方服饰旗舰店", "服饰"),
        ("北方服饰旗舰店", "店"),
        ("ﾌﾞﾗﾝﾄﾞ館", "ブランド"),
        ("Northern Kit", "thern k"),
        ("Northern Kit", "ＮＯＲＴＨＥＲＮ"),
        ("Дом моды", "МОДЫ"),
        ("100 % Original_Store", "% original_"),
    ],
)
def test_a_part_of_the_name_finds_the_shop(name: str, words: str) -> None:
    shop = factories.seller(name=name)
    factories.seller(name="Another one")
    assert sellers.keys_of(words) == [shop.pk]


@pytest.mark.parametrize("words", ["", "\u200b", "kit northern", "nothing", "北店"])
def test_what_does_not_stand_in_the_name_finds_nothing(words: str) -> None:
    factories.seller(name="Northern Kit")
    factories.seller(name="北方服饰旗舰店")
    assert sellers.keys_of(words) == []


def test_an_id_is_found_by_a_part_and_the_whole_one_comes_first(monkeypatch: Any) -> None:
    longer = factories.seller(external_id="shop-4711-b")
    shop = factories.seller(external_id="Shop-4711")
    assert sellers.keys_of("4711") == [longer.pk, shop.pk]
    monkeypatch.setattr(sellers, "MAX_ROWS", 1)
    assert sellers.keys_of("shop-4711") == [shop.pk]


def test_a_new_name_is_searched_from_then_on() -> None:
    shop = factories.seller(name="Before")
    shop.name = "После"
    shop.save(update_fields=["name", "name_key", "name_pieces"])
    assert sellers.keys_of("после") == [shop.pk]
    assert sellers.keys_of("before") == []


def test_the_search_is_answered_by_the_index() -> None:
    found = Seller.objects.filter(shop_names.matching("服饰"))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "seller_by_pieces" in found.explain()


def test_live_strikes_are_counted_for_each_seller_of_a_page() -> None:
    case = factories.upheld_case()
    assert case.seller is not None
    other = factories.seller()
    assert seller_history.strike_counts({case.seller.pk, other.pk}) == {
        case.seller.pk: 1,
        other.pk: 0,
    }
