"""The words by which :mod:`.contacts` recognises what a number or a name is, as data. Regular expressions, case ignored.

:data:`SERVICES` is the one list of messaging services and social networks. :mod:`.identifiers` reads URLs with it too.
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

# The number of a bank card is in the next line.
CARD_LABEL = r"银行卡?号?|卡号"

_SEPARATOR = r"\s?[:：=]?\s?"
_COLON = r"\s?[:：=]\s?@?\s?"
# The account has a digit or an underscore. Without a colon, other words are rather words: “WeChat Payment”.
_NOT_A_WORD = r"(?=[\w-]*[\d_])"
_WECHAT_ID = r"(?P<id>[a-z][\w-]{5,19})(?![\w-])"


class Service(NamedTuple):
    """A messaging service or a social network. An account is written as ``name: account``, such as “wechat: silk_shop88”.

    ``accounts`` match a name of the service with an account, which is the group ``id``. ``label`` matches a name that
    stands alone, with the account in the next line. ``sites`` are the hosts of the accounts' URLs; what follows the host
    is part of the account. ``profile`` matches a URL, without its scheme, whose group ``id`` is the account itself.
    """

    name: str
    accounts: tuple[re.Pattern[str], ...] = ()
    label: str = ""
    sites: tuple[str, ...] = ()
    profile: re.Pattern[str] | None = None


def _pattern(text: str) -> re.Pattern[str]:
    # Chinese characters may stand beside a name, so they are not letters of it.
    return re.compile(text, re.ASCII | re.IGNORECASE)


def _profile(sites: str, account: str, *, others: str) -> re.Pattern[str]:
    """Return the pattern of the URLs of accounts. ``others`` are paths that lead to something else."""
    return _pattern(rf"(?:{sites})/(?!(?:{others})(?![\w.]))@?(?P<id>{account})/?(?:[?#].*)?")


_STRONG_WECHAT = r"加\s?[v微薇威]信?x?|加\s?wx|微信[号ID]{1,2}|薇信号?|威信号?|v信号?|➕v"
_WEAK_WECHAT = r"微信|(?<![a-z])(?:wechat|weixin|[vw]x)(?![a-z])(?:\s?id)?"
_QQ = r"(?<![a-z])qq(?![a-z])(?:\s?[号群])?|扣扣号?|企鹅号?|q号"
# Hot line, product line: an English word before it says that it is not the service.
_LINE = r"(?<![a-z])(?<![a-z] )line(?:\s?(?:id|账号|帐号)\s?[:：=]?|\s?[:：=])\s?@?"
_TELEGRAM = r"(?:(?<![a-z])(?:telegram|tg)(?![a-z])|电报|飞机号?)(?:\s?id)?(?:\s?[:：=]\s?@?|\s?@)"
_INSTAGRAM = r"(?<![a-z])(?:instagram|ig)(?![a-z])(?:\s?[:：=]\s?@?|\s?@)"

# In the order in which they are searched.
SERVICES = (
    Service(
        "wechat",
        accounts=(
            _pattern(rf"(?:{_STRONG_WECHAT}){_SEPARATOR}{_WECHAT_ID}"),
            _pattern(rf"(?:{_WEAK_WECHAT}){_COLON}{_WECHAT_ID}"),
            _pattern(rf"(?:{_WEAK_WECHAT})\s?{_NOT_A_WORD}{_WECHAT_ID}"),
        ),
        label=rf"{_STRONG_WECHAT}|{_WEAK_WECHAT}",
        sites=("u.wechat.com",),
    ),
    Service(
        "qq",
        accounts=(_pattern(rf"(?:{_QQ}){_SEPARATOR}(?P<id>[1-9]\d{{4,10}})(?!\d|{COUNTED})"),),
        label=_QQ,
        sites=("qm.qq.com",),
    ),
    Service(
        "line",
        accounts=(_pattern(rf"{_LINE}(?P<id>[a-z0-9][a-z0-9._-]{{3,19}})"),),
        label=r"line\s?id",
        sites=("line.me", "lin.ee"),
    ),
    Service(
        "telegram",
        accounts=(_pattern(rf"{_TELEGRAM}(?P<id>[a-z]\w{{4,31}})"),),
        label=r"telegram",
        sites=("t.me", "telegram.me"),
        profile=_profile(
            r"t\.me|telegram\.me",
            r"[a-z]\w{4,31}",
            others=r"joinchat|share|addstickers|addemoji|addlist|proxy|socks|login|invoice",
        ),
    ),
    # The URLs have the telephone number.
    Service(
        "whatsapp",
        label=r"whats\s?app",
        sites=("wa.me", "api.whatsapp.com", "chat.whatsapp.com"),
    ),
    Service(
        "wangwang",
        accounts=(
            re.compile(
                r"(?:旺旺|wangwang)(?:号|ID)?\s?[:：=]\s?(?P<id>[\w\u4e00-\u9fff-]{2,25})",
                re.IGNORECASE,
            ),
        ),
        label=r"旺旺号?",
    ),
    Service(
        "douyin",
        accounts=(_pattern(rf"抖音号{_SEPARATOR}(?P<id>[\w.-]{{4,24}})"),),
        label=r"抖音号",
        sites=("v.douyin.com", "douyin.com"),
    ),
    Service(
        "kuaishou",
        accounts=(_pattern(rf"快手(?:号|ID){_SEPARATOR}(?P<id>[\w.-]{{4,24}})"),),
        label=r"快手号",
        sites=("kuaishou.com",),
    ),
    Service(
        "xiaohongshu",
        accounts=(_pattern(rf"小红书号{_SEPARATOR}(?P<id>[\w.-]{{4,24}})"),),
        label=r"小红书号",
        sites=("xiaohongshu.com", "xhslink.com"),
    ),
    Service(
        "instagram",
        accounts=(_pattern(rf"{_INSTAGRAM}(?P<id>[\w.]{{3,30}})"),),
        sites=("instagram.com",),
        profile=_profile(
            r"instagram\.com",
            r"[\w.]{3,30}",
            others=r"p|tv|reels?|explore|stories|accounts|direct|share",
        ),
    ),
    Service(
        "skype",
        accounts=(_pattern(rf"(?<![a-z])skype(?:\s?id)?{_COLON}(?P<id>[a-z][\w.:-]{{5,31}})"),),
    ),
    Service(
        "zalo",
        accounts=(_pattern(rf"(?<![a-z])zalo(?:\s?id)?{_COLON}(?P<id>[\w.]{{4,30}})"),),
        sites=("zalo.me",),
    ),
    Service("facebook", sites=("facebook.com", "fb.com", "fb.me", "m.me")),
    Service("tiktok", sites=("tiktok.com",)),
    Service("x", sites=("x.com", "twitter.com")),
    Service("vk", sites=("vk.com",)),
    Service("ok", sites=("ok.ru",)),
    Service("weibo", sites=("weibo.com",)),
    Service("discord", sites=("discord.gg",)),
    Service("linktree", sites=("linktr.ee",)),
    Service("youtube", sites=("youtube.com",)),
)
