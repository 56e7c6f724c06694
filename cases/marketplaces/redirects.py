"""Recognises short links and redirects, which lead to a listing but do not identify it."""

from __future__ import annotations

import re
from urllib.parse import unquote

from cases.marketplaces.normalisation import NormalisedURL

# Hosts of short links, which do not contain their target. Sources: the services' own pages.
SHORT_LINKS = frozenset(
    [
        "amzn.to",
        "a.co",
        "amzn.eu",
        "amzn.in",
        "amzn.asia",
        "ebay.us",
        "ebay.to",
        "s.click.aliexpress.com",
        "a.aliexpress.com",
        "m.tb.cn",
        "e.tb.cn",
        "s.click.taobao.com",
        "qr.1688.com",
        "u.jd.com",
        "3.cn",
        "app.temu.com",
        "temu.to",
        "shp.ee",
        "shope.ee",
        "s.shopee.sg",
        "s.shopee.com.my",
        "s.lazada.sg",
        "s.lazada.com.my",
        "vm.tiktok.com",
        "vt.tiktok.com",
        "v.douyin.com",
        "v.kuaishou.com",
        "xhslink.com",
        "k.youzan.com",
        "etsy.me",
        "rb.gy",
        "bit.ly",
        "bitly.com",
        "tinyurl.com",
        "t.co",
        "goo.gl",
        "maps.app.goo.gl",
        "is.gd",
        "ow.ly",
        "buff.ly",
        "cutt.ly",
        "rebrand.ly",
        "t.cn",
        "url.cn",
        "dwz.cn",
        "suo.im",
        "lnkd.in",
        "fb.me",
        "youtu.be",
        "wa.link",
        "s.id",
        "t.ly",
        "shorturl.at",
        "tiny.cc",
        "v.gd",
    ]
)

# Redirects with their target in a parameter: host and prefix of the path.
_REDIRECTS = (
    (re.compile(r"(.+\.)?google\.[a-z.]+"), "/url"),
    (re.compile(r"(.+\.)?googleadservices\.com"), "/pagead/aclk"),
    (re.compile(r"(.+\.)?facebook\.com"), "/l.php"),
    (re.compile(r"l\.instagram\.com"), ""),
    (re.compile(r"(.+\.)?bing\.com"), "/ck/"),
    (re.compile(r"(.+\.)?youtube\.com"), "/redirect"),
    (re.compile(r"out\.reddit\.com"), ""),
    (re.compile(r"steamcommunity\.com"), "/linkfilter"),
    (re.compile(r"link\.zhihu\.com"), ""),
    (
        re.compile(
            r"(.+\.)?(superbuy|pandabuy|cnfans|kameymall|wegobuy|sugargoo|allchinabuy)\.com"
        ),
        "",
    ),
    (re.compile(r"(alitems\.(site|co|com)|invol\.co|rover\.ebay\.com)"), ""),
)
_TARGET = re.compile(r"https?://[^/]", re.IGNORECASE)


def is_short(address: NormalisedURL) -> bool:
    """Return whether ``address`` is a short link, which does not contain its target."""
    return bool(address.path) and address.name in SHORT_LINKS


def target(address: NormalisedURL) -> str:
    """Return the target of a known redirect, or ``""`` if ``address`` is not a redirect or has no target."""
    if not any(
        host.fullmatch(address.name) and address.path.startswith(path) for host, path in _REDIRECTS
    ):
        return ""
    pairs = dict(address.pairs)
    if "#" in address.path:
        query = address.path.partition("?")[2]
        pairs |= dict(part.partition("=")[::2] for part in query.split("&") if part)
    for value in pairs.values():
        text = unquote(value)
        if _TARGET.match(text):
            return text
    return ""
