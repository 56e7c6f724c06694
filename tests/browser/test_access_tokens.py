"""A filer creates a token, a program uses it, and an owner revokes it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from members.models import User
from tests import factories
from tests.factories.api import Api

pytestmark = pytest.mark.django_db(transaction=True)


def test_from_the_token_to_its_revocation(
    page: Page, site: str, become: Callable[[User | None], None]
) -> None:
    member = factories.member()
    become(factories.filer(member, name="Fay Filer"))
    page.goto(f"{site}/people/")
    page.get_by_role("link", name="Access tokens").click()
    page.get_by_label("Name").fill("Stock system")
    page.get_by_role("button", name="Create token").click()
    expect(page.get_by_text("Choose what the token may do.").first).to_be_visible()
    expect(page.get_by_label("Name")).to_have_value("Stock system")
    page.get_by_label("Read rights").check()
    page.get_by_label("Valid for").select_option("30 days")
    page.get_by_role("button", name="Create token").click()
    page.get_by_label("Password").fill("password")
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", name="Access token created")).to_be_visible()
    secret = page.locator("#access-token").inner_text()
    assert Api(secret).get("/rights").status_code == 200
    page.get_by_role("link", name="I have saved the token").click()
    expect(page.get_by_role("row").filter(has_text="Stock system")).to_contain_text("Read rights")

    become(factories.owner(member, name="Olu Owner"))
    page.reload()
    row = page.get_by_role("row").filter(has_text="Fay Filer")
    row.get_by_label("Revoke Stock system").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(page.get_by_text("The token “Stock system” was revoked.")).to_be_visible()
    assert Api(secret).get("/rights").status_code == 401
