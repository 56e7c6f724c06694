"""What is found in lines of text, in English and Chinese, and what only looks like a contact."""

from __future__ import annotations

import pytest

from cases.marketplaces import contacts

CN, GB, US, DE, NONE = ("CN",), ("GB",), ("US",), ("DE",), ()

FOUND = [
    # Telephone numbers.
    ("电话13800138000", CN, "phone", "+8613800138000"),
    ("手机：138 0013 8000", CN, "phone", "+8613800138000"),
    ("1 3 8 0 0 1 3 8 0 0 0", CN, "phone", "+8613800138000"),
    ("１３８００１３８０００", CN, "phone", "+8613800138000"),
    ("微信同号 13800138000", DE, "phone", "+8613800138000"),
    ("加V：13800138000", CN, "phone", "+8613800138000"),
    ("座机 0755-8888 1234", CN, "phone", "+8675588881234"),
    ("客服热线 400-800-1234", CN, "phone", "+864008001234"),
    ("8613800138000", CN, "phone", "+8613800138000"),
    ("WhatsApp: +44 20 7946 0958", NONE, "phone", "+442079460958"),
    ("Tel. (020) 7946 0958", GB, "phone", "+442079460958"),
    ("Call 07400 123456 now", GB, "phone", "+447400123456"),
    ("Phone no. 212 555 0123", US, "phone", "+12125550123"),
    ("212-555-0123", US, "phone", "+12125550123"),
    ("contact us 0049 30 901820", DE, "phone", "+4930901820"),
    ("https://wa.me/8613800138000", NONE, "phone", "+8613800138000"),
    # Email addresses.
    ("邮箱：Silk.Shop@Mail.example", CN, "email", "silk.shop@mail.example"),
    ("mail to sales @ silk-shop.co.uk please", GB, "email", "sales@silk-shop.co.uk"),
    ("联系123456@qq.com咨询", CN, "email", "123456@qq.com"),
    # Messaging services.
    ("微信：silk_shop88", CN, "social", "wechat: silk_shop88"),
    ("微信号 silkshop", CN, "social", "wechat: silkshop"),
    ("薇信silk-shop", CN, "social", "wechat: silk-shop"),
    ("看大图加V silkshop咨询", CN, "social", "wechat: silkshop"),
    ("加微信：Silk_Shop88电话", CN, "social", "wechat: silk_shop88"),
    ("VX:abc12345", CN, "social", "wechat: abc12345"),
    ("v信 abc12345", CN, "social", "wechat: abc12345"),
    ("WeChat ID: silkshop", GB, "social", "wechat: silkshop"),
    ("wx silk2024", CN, "social", "wechat: silk2024"),
    ("QQ：123456789", CN, "social", "qq: 123456789"),
    ("扣扣123456", CN, "social", "qq: 123456"),
    ("QQ群 87654321", CN, "social", "qq: 87654321"),
    ("LINE ID: silk.shop", ("TH",), "social", "line: silk.shop"),
    ("Line: @silkshop", ("TH",), "social", "line: silkshop"),
    ("Telegram @silk_shop", NONE, "social", "telegram: silk_shop"),
    ("TG：silk_shop", CN, "social", "telegram: silk_shop"),
    ("旺旺：丝绸小店", CN, "social", "wangwang: 丝绸小店"),
    ("抖音号：silk.shop01", CN, "social", "douyin: silk.shop01"),
    ("IG: @silk.shop", US, "social", "instagram: silk.shop"),
    ("find us: https://t.me/silk_shop.", NONE, "social", "telegram: silk_shop"),
    ("www.instagram.com/silkshop/", NONE, "social", "instagram: silkshop"),
    ("https://m.me/silkshop", NONE, "social", "m.me/silkshop"),
    ("https://t.me/joinchat/AAAAAE", NONE, "social", "t.me/joinchat/aaaaae"),
    # Accounts for payments.
    ("支付宝：+86 138 0013 8000", CN, "payment", "13800138000"),
    ("支付宝：13800138000", CN, "payment", "13800138000"),
    ("支付宝账号 silk@mail.example", CN, "payment", "silk@mail.example"),
    ("PayPal: pay@silk-shop.com", US, "payment", "pay@silk-shop.com"),
    ("建设银行 6217000010000000011", CN, "payment", "6217000010000000011"),
    ("卡号：6222 0212 3456 7890 128", CN, "payment", "6222021234567890128"),
    ("4111 1111 1111 1111", US, "payment", "4111111111111111"),
]

LOOK_ALIKES = [
    # Prices and amounts.
    ("¥13800138000", CN),
    ("原价 1299.00 现价 999.00", CN),
    ("售价13800138000元", CN),
    ("已售 13812345678 件", CN),
    ("$212 555 0123", US),
    ("Price 1,380,013,800", US),
    ("微信支付 99.00", CN),
    ("QQ 20000元", CN),
    # Numbers of orders, parcels and articles.
    ("订单号：2023010112345678901", CN),
    ("订单编号 13800138000", CN),
    ("运单号 75123456789012", CN),
    ("Order no. 212-555-0123", US),
    ("Tracking 6217000010000000011", CN),
    ("货号 02079460958", GB),
    ("SKU 07400123456", GB),
    ("ISBN 978-7-5442-4251-4", CN),
    ("6217000010000000013", CN),  # a wrong check digit
    ("4111111111111111", US),  # neither in fours nor about a bank
    # Barcodes.
    ("6901234567892", CN),
    ("5012345678900", GB),
    ("4006381333931", DE),
    ("8690632000121", CN),
    ("EAN 4006381333931", DE),
    # Dates and times.
    ("2024-01-15 12:30:45", CN),
    ("2024年01月15日", CN),
    ("15.01.2024", DE),
    ("01/02/2024 10:15", GB),
    ("20240115123045", CN),
    # Names and words.
    ("WeChat Payment accepted", GB),
    ("微信扫码 加好友", CN),
    ("Product line: classic", GB),
    ("Hot line 24h", GB),
    ("VX-100 Pro", CN),
    ("旺旺雪饼 520g", CN),
    ("icon@2x.png", CN),
    ("@silk_shop", NONE),
    ("https://shop.taobao.com/item?id=13800138000", CN),
    ("1920 x 1080 60Hz", US),
    ("192.168.100.200", CN),
    ("尺寸 180×200×30", CN),
    ("", CN),
]


@pytest.mark.parametrize(
    ("line", "countries", "kind", "value"), FOUND, ids=[row[0] for row in FOUND]
)
def test_contacts_are_found(line: str, countries: tuple[str, ...], kind: str, value: str) -> None:
    found = contacts.find([(line, 0.9)], countries)
    assert [(one.kind, one.value) for one in found] == [(kind, value)]
    assert found[0].confidence == 0.9


@pytest.mark.parametrize(
    ("line", "countries"), LOOK_ALIKES, ids=[row[0] or "empty" for row in LOOK_ALIKES]
)
def test_look_alikes_are_left_out(line: str, countries: tuple[str, ...]) -> None:
    assert contacts.find([(line, 0.9)], countries) == []


def test_several_contacts_in_a_line_and_labels_above_their_values() -> None:
    lines = [
        ("微信：silk_shop88 电话13800138000 支付宝silk@mail.example", 0.8),
        ("手机号码：", 0.9),
        ("13912345678", 0.7),
        ("微信：SILK_SHOP88", 0.99),  # again
        ("收款账号", 0.9),
        ("138 0013 8000", 0.9),
    ]
    found = contacts.find(lines, CN)
    assert {(one.kind, one.value) for one in found} == {
        ("social", "wechat: silk_shop88"),
        ("phone", "+8613800138000"),
        ("payment", "silk@mail.example"),
        ("phone", "+8613912345678"),
        ("payment", "13800138000"),
    }
    assert [one.text for one in found if one.value == "+8613912345678"] == ["手机号码: 13912345678"]


def test_long_lines_are_kept_as_far_as_there_is_room() -> None:
    found = contacts.find([("-" * 290 + "微信", 0.9), ("- " * 140 + "silk_shop88", 0.9)], CN)
    assert found == []
    found = contacts.find([("-" * 290 + "电话:", 0.9), ("13912345678" + " -" * 140, 0.9)], CN)
    assert [one.value for one in found] == ["+8613912345678"]
    assert len(found[0].text) == contacts.LONGEST


def test_numbers_beside_each_other() -> None:
    found = contacts.find([("电话 138 0013 8000 139 1234 5678", 0.9)], CN)
    assert [one.value for one in found] == ["+8613800138000", "+8613912345678"]


def test_number_and_length_of_contacts_are_limited() -> None:
    lines = [(f"QQ {n}", 0.9) for n in range(100_000, 100_200)]
    assert len(contacts.find(lines)) == contacts.MOST
    assert contacts.find([("9" * 100_000 + " QQ 123456", 0.9)]) == []
    assert contacts.find([("a@" * 5_000 + "1 " * 5_000, 0.9)], CN) == []
