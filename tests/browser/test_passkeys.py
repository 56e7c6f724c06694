"""A passkey from its registration to a login without a password, with Chromium's virtual authenticator."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from members.models import User
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "genuine-goods-only"
# A security key built into the device, which recognises its owner.
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
}


def test_a_passkey_is_added_and_logs_in(
    page: Page, context: BrowserContext, site: str, become: Callable[[User | None], None]
) -> None:
    owner = factories.owner(factories.member(name="Alder Works"))
    owner.set_password(PASSWORD)
    owner.save()
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})

    become(owner)
    page.goto(f"{site}/accounts/2fa/webauthn/add/")
    if page.get_by_label("Password").count():
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Name").fill("Laptop")
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.goto(f"{site}/accounts/2fa/webauthn/")
    expect(page.get_by_text("Laptop")).to_be_visible()

    become(None)
    page.goto(f"{site}/accounts/login/")
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page).to_have_url(f"{site}/desk/")
