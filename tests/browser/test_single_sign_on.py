"""A person logs in by their organisation's provider, from the login form to the desk, with and without scripts."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from members.models import User
from tests import factories
from tests.identity_provider import CLIENT, SECRET, running

pytestmark = pytest.mark.django_db(transaction=True)


def test_from_the_login_form_to_the_desk(
    page: Page, browser: Browser, site: str, settings: Any
) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = True
    member = factories.member(name="Velmondra")
    with running() as provider:
        facts = {"issuer": provider.issuer, "client_id": CLIENT, "secret": SECRET}
        domain = ("velmondra.example",)
        factories.single_sign_on(member, domains=domain, creates_accounts=True, **facts)
        provider.logs_in("vera@velmondra.example", name="Vera Velm")
        _log_in(page, site)
        assert User.objects.get().memberships.get().role == "viewer"
        page.context.clear_cookies()
        plain = browser.new_context(java_script_enabled=False)
        _log_in(plain.new_page(), site)
        plain.close()
        # The provider is asked for somebody of another domain: a page says so, and how to go on.
        provider.logs_in("eve@birch.example")
        page.goto(f"{site}/accounts/sso/")
        page.get_by_label("Email address").fill("vera@velmondra.example")
        page.get_by_role("button", name="Continue").click()
        expect(page.get_by_text("eve@birch.example does not belong to")).to_be_visible()
        page.get_by_role("link", name="Other ways to log in").click()
        expect(page.get_by_label("Password", exact=True)).to_be_visible()


def _log_in(page: Page, site: str) -> None:
    page.goto(f"{site}/accounts/login/?next=/desk/cases/")
    page.get_by_label("Email").fill("vera@velmondra.example")
    page.get_by_role("button", name="Log in with single sign-on").click()
    expect(page).to_have_url(f"{site}/desk/cases/")
