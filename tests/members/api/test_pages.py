"""The pages of access tokens, and the reminder before one expires."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils.html import escape

from alliance.lib import clock
from cases import tasks as mail_tasks
from members.models import AccessToken
from members.services import access_tokens, token_reminders
from members.tasks import remind_of_tokens
from tests.factories.api import Api, access_token
from tests.forms import form_data
from tests.personas import Personas

pytestmark = pytest.mark.django_db


def test_a_token_is_created_shown_once_and_revoked(personas: Personas) -> None:
    client = personas.client("filer")
    url = f"/access-tokens/{personas.member.slug}/"
    data = form_data(client.get(url), url, name="", days="365")
    refused = client.post(url, data | {"name": "\u200b \u3164", "days": "9000"})
    assert refused.status_code == 422
    assert set(refused.context["form"].errors) == {"name", "scopes", "days"}
    shown = client.post(url, data | {"name": "Stock <b>", "scopes": ["rights:read"]})
    assert shown.status_code == 200
    assert "no-store" in shown.headers["Cache-Control"]
    found = re.search(r'id="access-token">(ap_[^<]+)<', shown.content.decode())
    assert found
    secret = found[1]
    assert Api(secret).get("/rights").status_code == 200
    token = AccessToken.objects.get()
    assert token.expires_at - token.created_at == timedelta(days=365)
    page = client.get(url).content.decode()
    assert secret not in page
    assert escape("Stock <b>") in page
    assert token.start in page

    owner = personas.client("owner")
    revoke = f"{url}{token.pk}/revoke/"
    assert personas.client("viewer").post(revoke).status_code == 403
    assert personas.client("stranger").post(revoke).status_code == 404
    foreign = f"/access-tokens/{personas.other_member.slug}/{token.pk}/revoke/"
    assert personas.client("stranger").post(foreign).status_code == 404
    listed = owner.get(url)
    assert owner.post(revoke, form_data(listed, revoke)).status_code == 302
    assert Api(secret).get("/rights").status_code == 401
    revoked_at = AccessToken.objects.get().revoked_at
    client.post(revoke)
    assert AccessToken.objects.get().revoked_at == revoked_at


def test_a_viewer_creates_tokens_that_read(personas: Personas) -> None:
    client, url = personas.client("viewer"), f"/access-tokens/{personas.member.slug}/"
    page = client.get(url)
    assert b'value="rights:read"' in page.content
    assert b'value="rights:write"' not in page.content
    data = {"name": "X", "days": "30", "scopes": ["rights:write"]}
    assert client.post(url, data).status_code == 422
    access_token(personas.member, personas.owner, name="Secret project")
    assert b"Secret project" not in client.get(url).content
    type(personas.member).objects.update(status="suspended", suspended_on=clock.today())
    assert client.post(url, data | {"scopes": ["rights:read"]}).status_code == 403
    assert not AccessToken.objects.filter(membership__user=personas.viewer).exists()


def test_tokens_of_a_role_are_limited(personas: Personas, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access_tokens, "MAX_LIVE", 1)
    access_token(personas.member, personas.filer)
    url = f"/access-tokens/{personas.member.slug}/"
    page: Any = personas.client("filer").post(
        url, {"name": "X", "days": "30", "scopes": ["rights:read"]}
    )
    assert page.status_code == 422
    assert "too many tokens" in page.content.decode()


def test_the_list_has_few_queries(personas: Personas, django_assert_max_num_queries: Any) -> None:
    for person in (personas.owner, personas.filer, personas.viewer):
        access_token(personas.member, person)
    client = personas.client("owner")
    with django_assert_max_num_queries(8):
        assert client.get(f"/access-tokens/{personas.member.slug}/").status_code == 200


def test_the_person_is_reminded_once(personas: Personas) -> None:
    personas.filer.language = "zh-hans"
    personas.filer.save()
    access_token(personas.member, personas.filer, days=7, name="Stock system")
    access_token(personas.member, personas.filer, days=9, name="Later")
    gone, _secret = access_token(personas.member, personas.filer, days=3, name="Gone")
    access_tokens.revoke(token=gone, by=personas.filer)
    remind_of_tokens()
    assert not token_reminders.remind_next()
    mail_tasks.send_mails()
    (message,) = mail.outbox
    assert message.to == [personas.filer.email]
    assert "“Stock system”" in message.body
    assert "访问令牌即将过期" in message.subject
    assert f"/access-tokens/{personas.member.slug}/" in message.body


def test_the_document_is_a_page_without_scripts_of_its_own(client: Client, db: None) -> None:
    for path in ("/api/v1/docs/", "/api/v1/liaison/docs/"):
        page = client.get(path).content.decode()
        assert "<script>" not in page
        assert "style=" not in page
    page = client.get("/api/v1/docs/").content.decode()
    assert "/api/v1/rights/{right_id}/certificate" in page
    assert "Idempotency-Key" in page
