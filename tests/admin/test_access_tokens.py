"""Access tokens in the admin: the alliance finds a leaked one and revokes it."""

from __future__ import annotations

import pytest
from django.test import Client

from alliance.lib.refusals import NotAllowed
from members.models import AccessToken, User
from members.services import access_tokens
from tests import factories
from tests.admin.conftest import address
from tests.factories.api import Api, access_token
from tests.personas import browser_of

pytestmark = pytest.mark.django_db
LIST = address(AccessToken, "changelist")


def test_a_leaked_token_is_found_and_revoked(desk: Client, ada: User) -> None:
    member = factories.member()
    filer = factories.filer(member)
    token, secret = access_token(member, filer, name="Leaked")
    other, _secret = access_token(member, filer, name="Warehouse")
    page = desk.get(LIST, {"q": f" {secret} "}).content.decode()
    assert "Leaked" in page
    assert "Warehouse" not in page
    assert "Leaked" not in desk.get(LIST, {"q": secret[:-1]}).content.decode()
    assert len(desk.get(LIST, {"q": filer.email}).context["cl"].result_list) == 2

    action = {"action": "revoke", "_selected_action": [token.pk]}
    assert "cannot be undone" in desk.post(LIST, action).content.decode()
    assert Api(secret).get("/rights").status_code == 200
    desk.post(LIST, action | {"confirmed": "yes"})
    assert Api(secret).get("/rights").status_code == 401
    token.refresh_from_db()
    assert (token.revoked_by, token.revoked_at is not None) == (ada, True)
    other.refresh_from_db()
    assert other.revoked_at is None


def test_only_administrators_revoke_the_tokens_of_others() -> None:
    member = factories.member()
    token, _secret = access_token(member, factories.filer(member))
    data = {"action": "revoke", "_selected_action": [token.pk], "confirmed": "yes"}
    former = factories.user(is_staff=True, is_active=False)
    for person in (factories.moderator(), factories.filer(member), former):
        browser_of(person).post(LIST, data)
        with pytest.raises(NotAllowed):
            access_tokens.revoke(token=token, by=person)
    token.refresh_from_db()
    assert token.revoked_at is None
