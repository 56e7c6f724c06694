"""The language is taken from the browser, from the user's choice, or from the account."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext

from tests import factories
from tests.personas import Personas, browser_of

pytestmark = pytest.mark.django_db


def language(browser: Client, url: str = "/accounts/login/", **headers: str) -> str:
    page = browser.get(url, headers=headers).content.decode()
    return page.split('<html lang="', 1)[1].split('"', 1)[0]


def test_language_of_the_browser() -> None:
    assert language(Client(), **{"accept-language": "zh-CN,zh;q=0.9,en;q=0.5"}) == "zh-hans"
    assert language(Client(), **{"accept-language": "fr"}) == "en"


def test_chosen_language_is_kept_and_redirects_back() -> None:
    browser = Client()
    response = browser.post("/i18n/setlang/", {"language": "zh-hans", "next": "/members/?q=a"})
    assert (response.status_code, response.headers["Location"]) == (302, "/members/?q=a")
    assert language(browser) == "zh-hans"
    browser.post("/i18n/setlang/", {"language": "en"})
    assert language(browser, **{"accept-language": "zh-CN"}) == "en"


def test_account_keeps_the_language_for_other_browsers(personas: Personas) -> None:
    personas.client("filer").post("/i18n/setlang/", {"language": "zh-hans"})
    personas.filer.refresh_from_db()
    assert personas.filer.language == "zh-hans"
    assert language(personas.client("filer"), "/desk/") == "zh-hans"


def test_the_first_message_is_in_the_language_of_the_account() -> None:
    person = factories.filer(factories.member(), language="zh-hans")
    browser = Client(headers={"accept-language": "en"})
    data = {"login": person.email, "password": "password"}
    page = browser.post("/accounts/login/", data, follow=True)
    (message,) = page.context["messages"]
    assert re.search(r"[\u4e00-\u9fff]", str(message)), message


@pytest.mark.parametrize("wrong", ["", "xx", "../../etc", "en'", "de"])
def test_unknown_language_is_ignored(personas: Personas, wrong: str) -> None:
    browser = personas.client("filer")
    assert browser.post("/i18n/setlang/", {"language": wrong}).status_code == 302
    personas.filer.refresh_from_db()
    assert personas.filer.language == ""


def test_get_does_not_switch_the_language(personas: Personas) -> None:
    assert Client().get("/i18n/setlang/?language=zh-hans").status_code == 405


def test_times_are_shown_in_the_users_time_zone(personas: Personas) -> None:
    case = factories.submitted_case(by=personas.filer, citing=personas.right)
    moment = case.submitted_at
    assert moment is not None
    pages = {}
    for zone in ("UTC", "Asia/Shanghai", "No/Where"):
        personas.viewer.time_zone = zone
        personas.viewer.save()
        pages[zone] = browser_of(personas.viewer).get(f"/cases/{case.reference}/").content.decode()
    assert "+08:00" in pages["Asia/Shanghai"]
    assert "+08:00" not in pages["UTC"]
    assert "+00:00" in pages["No/Where"]


@pytest.mark.parametrize("text", ["Member", "Country or region", "Industry"])
def test_words_that_also_have_a_plural_are_translated(text: str) -> None:
    """Python 3.11.2 does not find a text whose only entry has a plural, so the plural has a context."""
    with translation.override("zh-hans"):
        assert gettext(text) != text
