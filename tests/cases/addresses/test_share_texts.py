"""Texts shared from apps and forwarded from chats give their links; what may be an address is never ignored."""

from __future__ import annotations

import time
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.marketplaces import addresses, share_texts
from tests.cases.addresses.rules import catalogued

MARKETPLACES = catalogued()


class Shared(NamedTuple):
    """A text, the keys of its listings, and the number of lines that are ignored."""

    name: str
    text: str
    keys: list[str]
    ignored: int


TEXTS = [
    Shared(
        "Taobao",
        "【淘宝】7天无理由退货 https://e.tb.cn/h.gAbCdEfGhIjKlMn?tk=Xy1Zw2Vu3Ts CZ225 「虚构牌手提包 大容量」\n"
        "点击链接直接打开 或者 淘宝搜索直接打开",
        ["short:e.tb.cn/h.gAbCdEfGhIjKlMn"],
        1,
    ),
    Shared(
        "Taobao with a code on its own line",
        "虚构牌手提包 真皮单肩包\n【在售价】199.00元\n【券后价】￥99.00\n-----------------\n"
        "【立即下单】https://s.click.taobao.com/t?e=m%3D2%26s%3DAbCd\n复制这条信息，￥AbCd1234EfG￥ ，到【手机淘宝】即可查看",
        ["short:s.click.taobao.com/t?m=2&s=AbCd"],
        5,
    ),
    Shared(
        "Tmall",
        "我剁手都要买的宝贝（虚构牌随行杯），快来和我一起瓜分红I包\n"
        "https://detail.tmall.com/item.htm?id=710000000201&skuId=5001\n👇👇👇",
        ["taobao:item:710000000201"],
        2,
    ),
    Shared(
        "Pinduoduo",
        "我在拼多多发现了这个宝贝，快来看看吧！\n\n虚构牌 手提包 女士\n拼单价 ¥39.9 已拼10万+件\n"
        "https://mobile.yangkeduo.com/goods.html?goods_id=730000000401&page_from=23",
        ["pinduoduo:item:730000000401"],
        3,
    ),
    Shared(
        "Pinduoduo, two links",
        "第一个：https://mobile.yangkeduo.com/goods2.html?goods_id=730000000401\n便宜一点的在下面\n"
        "https://mobile.pinduoduo.com/goods.html?goods_id=730000000402\n谢谢🙏",
        ["pinduoduo:item:730000000401", "pinduoduo:item:730000000402"],
        2,
    ),
    Shared(
        "Douyin",
        "3.58 复制打开抖音，看看【虚构店铺的作品】同款手提包 # 平替 # 包包\n"
        "https://v.douyin.com/iQwErTy/ abc:/ 08/12 K@W.zG",
        ["short:v.douyin.com/iQwErTy"],
        1,
    ),
    Shared(
        "Douyin, goods",
        "【抖音商城】虚构牌手提包\n长按复制此条消息，打开抖音搜索，查看商品详情\n"
        "https://haohuo.jinritemai.com/views/product/item2?id=3600000000000000101",
        ["douyin:item:3600000000000000101"],
        2,
    ),
    Shared(
        "Xiaohongshu",
        "😆 虚构博主 发布了一篇小红书笔记，快来看吧！ 😆\nhttp://xhslink.com/a/AbCdEfGhIj，复制本条信息，打开【小红书】App查看精彩内容！",
        ["short:xhslink.com/a/AbCdEfGhIj"],
        1,
    ),
    Shared(
        "Xiaohongshu, goods",
        "【小红书】虚构牌手提包\n券后到手 ¥128 🛍️\nhttps://www.xiaohongshu.com/goods-detail/60a0000000000000000000b1?xsec_source=app_share",
        ["xiaohongshu:item:60a0000000000000000000b1"],
        2,
    ),
    Shared(
        "JD",
        "【京东】https://3.cn/2-AbCdEf?jkl=@exampleA1@ CZ154 「示例手提包 黑色」\n点击链接直接打开 或者 复制到【京东APP】",
        ["short:3.cn/2-AbCdEf"],
        1,
    ),
    Shared(
        "JD, group purchase",
        "京东秒杀！！\n原价 ¥1,299.00，到手价 ¥899\n下单链接：https://item.jd.com/100000000501.html\n————\n仅限今天 2026/11/28 20:00",
        ["jd:item:100000000501"],
        4,
    ),
    Shared(
        "Shopee",
        "Check out Zanvora Tote Bag at 35% off! RM39.90 only.\nGet it on Shopee now!\n"
        "https://shopee.com.my/product/10000004/2000000006",
        ["shopee:item:my/10000004/2000000006"],
        2,
    ),
    Shared(
        "Shopee, Thai",
        "ลองดูกระเป๋าตัวอย่างนี้ ราคา ฿199\nซื้อได้ที่ Shopee ตอนนี้!\nhttps://shopee.co.th/product/10000004/2000000006",
        ["shopee:item:th/10000004/2000000006"],
        2,
    ),
    Shared(
        "Shopee, Portuguese",
        "Confira bolsa com alça de couro por R$59,90.\nCompre na Shopee agora!\nhttps://shopee.com.br/product/10000004/2000000006",
        ["shopee:item:br/10000004/2000000006"],
        2,
    ),
    Shared(
        "AliExpress",
        "$12.34 | Zanvora example tote bag, large\nhttps://www.aliexpress.com/item/1005000000000101.html?sku_id=120000\nOnly 3 left!",
        ["aliexpress:item:1005000000000101"],
        2,
    ),
    Shared(
        "AliExpress, Russian",
        "Смотри, что я нашла на AliExpress:\nСумка Zanvora за 990 руб.\nhttps://aliexpress.ru/item/1005000000000101.html",
        ["aliexpress:item:1005000000000101"],
        2,
    ),
    Shared(
        "Temu",
        "🎁 I found this on Temu!\nWomen's example tote bag 👜 10K+ sold\nhttps://www.temu.com/goods.html?goods_id=601099500000101",
        ["temu:item:601099500000101"],
        2,
    ),
    Shared(
        "Temu, Spanish",
        "¡Mira este artículo que encontré!\nBolso de ejemplo por 9,98 €\nhttps://www.temu.com/goods.html?goods_id=601099500000101",
        ["temu:item:601099500000101"],
        2,
    ),
    Shared(
        "WhatsApp",
        "[28/11/2026, 10:15:02] Anna: Look at these two\n"
        "[28/11/2026, 10:15:40] Anna: https://www.amazon.com/dp/B0FAKE0101\n"
        "[28/11/2026, 10:16:11] Anna: and https://www.ebay.com/itm/100200300401\n"
        "[28/11/2026, 10:17:00] Ben: Thanks, will report",
        ["amazon:item:us/B0FAKE0101", "ebay:item:100200300401"],
        2,
    ),
    Shared(
        "WeChat",
        "张三 2026年11月28日 10:15\n这两个链接麻烦投诉一下\n\n李四:\n"
        "https://weidian.com/item.html?itemID=7000000101\n"
        "https://item.taobao.com/item.htm?id=700000000101\n————————\n好的",
        ["weidian:item:7000000101", "taobao:item:700000000101"],
        5,
    ),
    Shared(
        "Email",
        "Dear all,\n\nplease take this offer down:\n> https://www.etsy.com/listing/1900000909/zanvora\nKind regards\nAnna from Zanvora",
        ["etsy:item:1900000909"],
        4,
    ),
    Shared(
        "Korean",
        "쿠팡을 추천합니다!\n예시 가방 12,900원\nhttps://www.coupang.com/vp/products/7000000101?vendorItemId=80000000001",
        ["coupang:item:7000000101"],
        2,
    ),
]


@pytest.mark.parametrize("shared", TEXTS, ids=lambda shared: shared.name)
def test_shared_text_gives_its_links(shared: Shared) -> None:
    parsed = addresses.parse_text(shared.text, MARKETPLACES)
    assert parsed.mistakes == []
    assert [address.key for address in parsed.addresses] == shared.keys
    assert parsed.ignored == shared.ignored


@pytest.mark.parametrize(
    "line",
    [
        "示例.中国/商品",
        "示例.网店",
        "700000000101",
        "商品 700000000101",
        "商品编号：700 0000 00101",
        "12345",
        "B0FAKE0101",
        "ASIN B0FAKE0101",
        "see MLM1400000101 as well",
        "nonsense",
        "taobao com item",
        "item taobao com",
        "htps//item.taobao.com",
        "http item taobao",
        "www item shop",
        "the item is on a.example",
        "wei dian.com/item",
        "示例。com 也有",
        "amazon dot com slash dp",
        "item/12",
        "goods?id=12",
        "seller@example.com",
        "看 m．tb．cn",
        "这个 v.douyin.com",
        "caf%C3%A9 shop",
        "\\\\shop\\item",
        "shop[.]example",
        "+86 138 0013 8000",
    ],
)
def test_line_that_may_be_an_address_is_a_mistake(line: str) -> None:
    text = f"看看这个\nhttps://item.taobao.com/item.htm?id=700000000101\n{line}"
    parsed = addresses.parse_text(text, MARKETPLACES)
    found = [number for number, _sentence in parsed.mistakes]
    # A line with an address that can be read is not ignored either.
    assert found == [3] or [address.line for address in parsed.addresses] == [2, 3]
    assert parsed.ignored == 1


def test_words_without_a_link_are_mistakes() -> None:
    parsed = addresses.parse_text("看看这个\nplain words here\n12345", MARKETPLACES)
    assert [number for number, _sentence in parsed.mistakes] == [1, 2, 3]
    assert parsed.ignored == 0


def test_variants_of_a_listing_are_merged_and_counted() -> None:
    item = "https://item.taobao.com/item.htm?id=700000000101"
    parsed = addresses.parse_text(f"{item}&skuId=1\n{item}&skuId=2\n{item}&skuId=1", MARKETPLACES)
    assert [address.variant for address in parsed.addresses] == ["1"]
    assert (parsed.copies, parsed.variants) == (2, 1)


@given(st.text())
def test_any_text_is_classified(text: str) -> None:
    for _number, line in addresses.lines(text):
        assert share_texts.is_words(line) in (True, False)
        if "://" in line or "www." in line.lower():
            assert not share_texts.is_words(line)


@pytest.mark.parametrize("piece", ["1", "a1", "1 ", "1-", "a ", "¥1", "1:", "1.1", "万", "a."])
def test_classification_is_fast_on_long_lines(piece: str) -> None:
    started = time.process_time()
    share_texts.is_words(piece * (20_000 // len(piece)))
    assert time.process_time() - started < 1
