"""URLs entered by users become links only if they are http or https."""

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
# Fields with a URL as entered by a user.
STORED = r"(website|shop_url|shop_address|listing\.url)"


@pytest.mark.parametrize(
    "url",
    [SCRIPT, "JavaScript:alert(1)", " javascript:alert(1)", "data:text/html,x", "ftp://x.example/", "//x.example/",
     "java\nscript:alert(1)", "vbscript:x", "https:", "http://[", "", None],
)  # fmt: skip
def test_other_schemes_are_shown_as_text(url: str | None) -> None:
    assert web_address(url) == ""
    assert "<a" not in external_link(url)
    assert "href" not in external_link(url)


def test_link_has_noopener_and_noreferrer() -> None:
    link = external_link('https://x.example/?a="b"&c=1', "shop")
    assert 'href="https://x.example/?a=&quot;b&quot;&amp;c=1"' in link
    assert 'rel="noopener noreferrer nofollow"' in link
    assert ">shop<" in link


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_check_stored_urls(path: Path) -> None:
    hrefs = re.findall(r'href="{{([^}]*)}}', path.read_text())
    stored = [href for href in hrefs if re.search(STORED, href)]
    assert [href for href in stored if "|web_address" not in href] == []


@pytest.mark.django_db
def test_pages_do_not_link_to_javascript_urls() -> None:
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
