"""The words by which :mod:`.contacts` recognises what a number or a name is, as data. Regular expressions, case ignored.

Sellers avoid the names of messaging services because marketplaces search for them: 微信 (WeChat) is also written 薇信,
威信, VX or V, and 加 (add) before one of them asks the reader to write there.
"""

from __future__ import annotations

import re
from typing import NamedTuple

# A telephone number follows.
CALL = (
    r"电话|手机号?码?|手机|热线|座机|联系方式|联系人?|致电|拨打|客服|微信同号|同微信|微信号?|薇信|威信|v信|(?<![a-z])[vw]x"
    r"|(?<![a-z])(?:tel|phone|telephone|mobile|mob|cell|call|hotline|contact|whats\s?app|wa|viber|signal|sms|text)"
    r"(?:\s?(?:no|number|us|me))?(?![a-z])"
)
# An account for payments follows.
PAYMENT = (
    r"支付宝|收款账?号?|(?<![a-z])(?:alipay|paypal|venmo|zelle|paynow|paylah|momo|gcash)(?![a-z])"
)
# The line is about a bank account.
BANK = r"银行|卡号|账号|帐号|账户|帐户|开户|户名|转账|汇款|收款|(?<![a-z])(?:bank|card|account|a/c|iban)(?![a-z])"
# A number follows that is no contact.
NOT_A_CONTACT = (
    r"订单|单号|运单|快递|物流|货号|款号|编号|型号|批号|条形?码|批次|序列号|证书|许可证|备案|价格?|售价|原价|销量|库存|已售|浏览"
    r"|(?<![a-z])(?:order|tracking|invoice|item|sku|ref|reference|model|style|art|article|batch|lot|ean|gtin|upc|isbn|barcode"
    r"|serial|s/n|sn|id|no|number|price|sold|stock|views|rmb|cny|usd|eur|gbp|asin|part)(?![a-z])"
)
# What follows the number says that it is a price or an amount.
COUNTED = r"\s?(?:元|块|件|个|人|次|条|%|¥|￥|€|£|pcs|pieces|sold|views|cm|mm|ml|kg|usd|rmb|cny)"

# The sites whose URLs are accounts of social media. What follows the host is part of the account.
SOCIAL_SITES = (
    *(
        "t.me",
        "telegram.me",
        "line.me",
        "lin.ee",
        "wa.me",
        "api.whatsapp.com",
        "chat.whatsapp.com",
        "instagram.com",
    ),
    *(
        "facebook.com",
        "fb.com",
        "fb.me",
        "m.me",
        "tiktok.com",
        "x.com",
        "twitter.com",
        "vk.com",
        "ok.ru",
        "weibo.com",
    ),
    *(
        "xiaohongshu.com",
        "xhslink.com",
        "v.douyin.com",
        "douyin.com",
        "kuaishou.com",
        "zalo.me",
        "discord.gg",
    ),
    *("linktr.ee", "u.wechat.com", "qm.qq.com", "youtube.com"),
)

_SEPARATOR = r"\s?[:：=]?\s?"
_COLON = r"\s?[:：=]\s?@?\s?"
# The account has a digit or an underscore. Without a colon, other words are rather words: “WeChat Payment”.
_NOT_A_WORD = r"(?=[\w-]*[\d_])"
_WECHAT_ID = r"(?P<id>[a-z][\w-]{5,19})(?![\w-])"


class _Accounts(NamedTuple):
    """``patterns`` have the service and what its accounts look like in the group ``id``; ``any_label`` matches a label."""

    patterns: tuple[tuple[str, re.Pattern[str]], ...]
    any_label: str


def _pattern(text: str) -> re.Pattern[str]:
    # Chinese characters may stand beside a name, so they are not letters of it.
    return re.compile(text, re.ASCII | re.IGNORECASE)


_STRONG_WECHAT = r"加\s?[v微薇威]信?x?|加\s?wx|微信[号ID]{1,2}|薇信号?|威信号?|v信号?|➕v"
_WEAK_WECHAT = r"微信|(?<![a-z])(?:wechat|weixin|[vw]x)(?![a-z])(?:\s?id)?"
_QQ = r"(?<![a-z])qq(?![a-z])(?:\s?[号群])?|扣扣号?|企鹅号?|q号"

ACCOUNTS = _Accounts(
    patterns=(
        ("wechat", _pattern(rf"(?:{_STRONG_WECHAT}){_SEPARATOR}{_WECHAT_ID}")),
        ("wechat", _pattern(rf"(?:{_WEAK_WECHAT}){_COLON}{_WECHAT_ID}")),
        ("wechat", _pattern(rf"(?:{_WEAK_WECHAT})\s?{_NOT_A_WORD}{_WECHAT_ID}")),
        ("qq", _pattern(rf"(?:{_QQ}){_SEPARATOR}(?P<id>[1-9]\d{{4,10}})(?!\d|{COUNTED})")),
        # Hot line, product line: an English word before it says that it is not the service.
        (
            "line",
            _pattern(
                r"(?<![a-z])(?<![a-z] )line(?:\s?(?:id|账号|帐号)\s?[:：=]?|\s?[:：=])\s?@?(?P<id>[a-z0-9][a-z0-9._-]{3,19})"
            ),
        ),
        (
            "telegram",
            _pattern(
                r"(?:(?<![a-z])(?:telegram|tg)(?![a-z])|电报|飞机号?)(?:\s?id)?(?:\s?[:：=]\s?@?|\s?@)(?P<id>[a-z]\w{4,31})"
            ),
        ),
        (
            "wangwang",
            re.compile(
                r"(?:旺旺|wangwang)(?:号|ID)?\s?[:：=]\s?(?P<id>[\w\u4e00-\u9fff-]{2,25})",
                re.IGNORECASE,
            ),
        ),
        ("douyin", _pattern(rf"抖音号{_SEPARATOR}(?P<id>[\w.-]{{4,24}})")),
        ("kuaishou", _pattern(rf"快手(?:号|ID){_SEPARATOR}(?P<id>[\w.-]{{4,24}})")),
        ("xiaohongshu", _pattern(rf"小红书号{_SEPARATOR}(?P<id>[\w.-]{{4,24}})")),
        (
            "instagram",
            _pattern(
                r"(?<![a-z])(?:instagram|ig)(?![a-z])(?:\s?[:：=]\s?@?|\s?@)(?P<id>[\w.]{3,30})"
            ),
        ),
        ("skype", _pattern(rf"(?<![a-z])skype(?:\s?id)?{_COLON}(?P<id>[a-z][\w.:-]{{5,31}})")),
        ("zalo", _pattern(rf"(?<![a-z])zalo(?:\s?id)?{_COLON}(?P<id>[\w.]{{4,30}})")),
    ),
    any_label=(
        rf"{_STRONG_WECHAT}|{_WEAK_WECHAT}|{_QQ}|旺旺号?|抖音号|快手号|小红书号|telegram|whats\s?app|line\s?id|银行卡?号?|卡号"
    ),
)
