"""Domains: those that a member can claim for its identity provider, and those that many organisations share."""

from __future__ import annotations

import re

import idna
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from fido2.rpid import suffixes

# Domains at which anybody can have an address.
FREEMAIL = frozenset(
    """
    126.com 139.com 163.com 189.cn aliyun.com aol.com comcast.net fastmail.com foxmail.com free.fr gmail.com gmx.com
    gmx.de gmx.net googlemail.com hey.com hotmail.co.uk hotmail.com hotmail.de hotmail.fr hotmail.it icloud.com
    laposte.net libero.it live.cn live.com live.fr mac.com mail.com mail.ru me.com msn.com naver.com orange.fr
    outlook.com outlook.de outlook.fr pm.me proton.me protonmail.com qq.com rediffmail.com sina.cn sina.com
    sina.com.cn sohu.com t-online.de tom.com tuta.com tutanota.com vip.163.com vip.qq.com wanadoo.fr web.de yahoo.cn
    yahoo.co.jp yahoo.co.uk yahoo.com yahoo.com.cn yahoo.com.hk yahoo.de yahoo.fr yandex.com yandex.ru yeah.net
    zoho.com
    """.split()  # noqa: SIM905
)
# Marketplaces, shop builders and networks, at which many organisations have a page: no evidence that two are the same.
SHARED = frozenset(
    """
    1688.com 58.com alibaba.com aliexpress.com allegro.pl amazon.ae amazon.ca amazon.cn amazon.co.jp amazon.co.uk
    amazon.com amazon.com.au amazon.com.br amazon.com.mx amazon.de amazon.es amazon.fr amazon.in amazon.it amazon.nl
    amazon.pl amazon.sa amazon.se amazon.sg bilibili.com bonanza.com bukalapak.com carousell.com cdiscount.com
    coupang.com dhgate.com douyin.com ebay.co.uk ebay.com ebay.com.au ebay.de ebay.es ebay.fr ebay.it etsy.com
    facebook.com flipkart.com globalsources.com google.com hc360.com instagram.com jd.com jd.hk kaola.com lazada.co.id
    lazada.co.th lazada.com.my lazada.com.ph lazada.sg lazada.vn linkedin.com linktr.ee made-in-china.com
    mercadolibre.com mercadolivre.com.br mercari.com ozon.ru pinduoduo.com pinterest.com qq.com rakuten.co.jp
    shein.com shopee.cn shopee.co.id shopee.co.th shopee.com.br shopee.com.my shopee.ph shopee.sg shopee.tw shopee.vn
    suning.com taobao.com temu.com tiktok.com tmall.com tmall.hk tokopedia.com vip.com walmart.com weibo.com
    weidian.com wildberries.ru x.com xiaohongshu.com yahoo.co.jp yangkeduo.com youtube.com youzan.com
    """.split()  # noqa: SIM905
)
_SUFFIXES = frozenset(suffixes)
_DOMAIN = re.compile(
    r"(?=.{4,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]"
)


def normalised(text: str) -> str:
    """Return the domain in lower case and ASCII. Raises :class:`ValidationError`.

    ``text`` may be internationalised, may end in a dot, and may start with ``@``. Refused are names that are not
    domains, public suffixes such as ``co.uk``, and the domains of public email services.
    """
    name = _in_ascii(text.strip().lower().removeprefix("@").rstrip("."))
    if not _DOMAIN.fullmatch(name):
        raise ValidationError(_("Enter a domain such as example.com."))
    if _is_public_suffix(name):
        raise ValidationError(_("Everybody can register names under this domain."))
    if name in FREEMAIL:
        raise ValidationError(_("This is the domain of a public email service."))
    return name


def of_address(email: str) -> str:
    """Return the domain of an email address in lower case and ASCII, or ``""``."""
    return _in_ascii(email.strip().rpartition("@")[2].lower().rstrip("."))


def _in_ascii(name: str) -> str:
    """Return an internationalised name in ASCII, or ``""`` if the two standards read it as different names.

    IDNA 2003 makes ``strasse.de`` of ``straße.de``, which is another domain in IDNA 2008.
    """
    if name.isascii():
        return name
    try:
        old, new = name.encode("idna"), idna.encode(name, uts46=True, std3_rules=True)
    except UnicodeError:
        return ""
    return new.decode() if old == new else ""


def _is_public_suffix(name: str) -> bool:
    """Return whether ``name`` is in the public suffix list, written in either script."""
    for form in {name, _in_unicode(name)}:
        if f"!{form}" in _SUFFIXES:
            return False
        if "." not in form or form in _SUFFIXES or f"*.{form.partition('.')[2]}" in _SUFFIXES:
            return True
    return False


def _in_unicode(name: str) -> str:
    try:
        return name.encode().decode("idna")
    except UnicodeError:
        return name
