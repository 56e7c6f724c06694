"""Addresses that people entered become links only if they lead to the web."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from alliance.templatetags.links import external_link, web_address
from tests import factories
from tests.personas import browser_of

SCRIPT = "javascript:alert(document.domain)//x.example"
TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
# Fields that hold an address as somebody entered it.
STORED = r"(website|shop_url|shop_address|listing\.url)"


@pytest.mark.parametrize(
    "url",
    [SCRIPT, "JavaScript:alert(1)", " javascript:alert(1)", "data:text/html,x", "ftp://x.example/", "//x.example/",
     "java\nscript:alert(1)", "vbscript:x", "https:", "http://[", "", None],
)  # fmt: skip
def test_what_does_not_lead_to_the_web_is_text(url: str | None) -> None:
    assert web_address(url) == ""
    assert "<a" not in external_link(url)
    assert "href" not in external_link(url)


def test_a_web_address_is_a_link_that_gives_nothing_away() -> None:
    link = external_link('https://x.example/?a="b"&c=1', "shop")
    assert 'href="https://x.example/?a=&quot;b&quot;&amp;c=1"' in link
    assert 'rel="noopener noreferrer nofollow"' in link
    assert ">shop<" in link


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_links_to_a_stored_address_unchecked(path: Path) -> None:
    hrefs = re.findall(r'href="{{([^}]*)}}', path.read_text())
    stored = [href for href in hrefs if re.search(STORED, href)]
    assert [href for href in stored if "|web_address" not in href] == []


@pytest.mark.django_db
def test_pages_show_a_script_as_text() -> None:
    referral = factories.referred_case()
    case = referral.case
    case.listings.update(url=SCRIPT)
    type(case.seller).objects.filter(pk=case.seller_id).update(shop_url=SCRIPT)
    type(case.member).objects.filter(pk=case.member_id).update(website=SCRIPT)
    moderator = browser_of(factories.moderator())
    officer = browser_of(factories.officer(referral.agency))
    pages = [
        (moderator, reverse("triage:case", args=[case.reference])),
        (officer, reverse("liaison:referral", args=[referral.reference])),
        (Client(), reverse("members:detail", args=[case.member.slug])),
    ]
    for browser, url in pages:
        page = browser.get(url)
        assert page.status_code == 200
        assert not re.search(r'href="\s*javascript:', page.content.decode())
