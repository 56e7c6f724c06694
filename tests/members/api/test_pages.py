"""The pages of access tokens, and the reminder before one expires."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

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
from tests.personas import CONFIRM, Personas, confirmed

pytestmark = pytest.mark.django_db


def test_a_token_is_created_shown_once_and_revoked(personas: Personas) -> None:
    client = confirmed(personas.client("filer"))
    url = f"/access-tokens/{personas.member.slug}/"
    data = form_data(client.get(url), url, name="", days="365")
    refused = client.post(url, data | {"name": "\u200b \u3164", "days": "9000"})
    assert refused.status_code == 422
    assert set(refused.context["form"].errors) == {"name", "scopes", "days"}
    sent = data | {"name": "Stock <b>", "scopes": ["rights:read"]}
    shown = client.post(url, sent)
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
    repeated = client.post(url, sent)
    assert repeated.status_code == 409
    assert escape("already created the token “Stock <b>”") in repeated.content.decode()
    assert form_data(repeated, url)["form"] != data["form"]
    assert AccessToken.objects.count() == 1
    other = personas.client("owner")
    assert confirmed(other).post(url, sent).status_code == 200
    AccessToken.objects.exclude(pk=token.pk).delete()
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


def test_creating_a_token_asks_for_the_password(personas: Personas) -> None:
    client, url = personas.client("filer"), f"/access-tokens/{personas.member.slug}/"
    data = form_data(client.get(url), url, name="Stock system")
    asked = client.post(url, data | {"scopes": ["rights:read"]})
    assert asked.status_code == 302
    assert asked.headers["Location"].startswith("/accounts/reauthenticate/")
    assert not AccessToken.objects.exists()
    page = client.get(asked.headers["Location"])
    # The form that was sent goes on with the right password.
    shown = client.post(CONFIRM, form_data(page, CONFIRM, password="password"))
    assert 'id="access-token">ap_' in shown.content.decode()
    assert AccessToken.objects.get().name == "Stock system"


def test_a_viewer_creates_tokens_that_read(personas: Personas) -> None:
    client, url = confirmed(personas.client("viewer")), f"/access-tokens/{personas.member.slug}/"
    page = client.get(url)
    assert b'value="rights:read"' in page.content
    assert b'value="rights:write"' not in page.content
    data = {"name": "X", "days": "30", "scopes": ["rights:write"], "form": str(uuid4())}
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
    client = confirmed(personas.client("filer"))
    data = form_data(client.get(url), url, name="X")
    page: Any = client.post(url, data | {"scopes": ["rights:read"]})
    assert page.status_code == 422
    assert "too many tokens" in page.content.decode()


def test_the_list_has_few_queries(personas: Personas, django_assert_max_num_queries: Any) -> None:
    for person in (personas.owner, personas.filer, personas.viewer):
        access_token(personas.member, person)
    client = personas.client("owner")
    with django_assert_max_num_queries(8):
        assert client.get(f"/access-tokens/{personas.member.slug}/").status_code == 200


def test_the_person_is_reminded_once(personas: Personas) -> None:
    personas.filer.language, personas.filer.time_zone = "zh-hans", "Asia/Shanghai"
    personas.filer.save()
    token, _secret = access_token(personas.member, personas.filer, days=7, name="Stock system")
    ends = clock.now().replace(hour=18, minute=5) + timedelta(days=6)
    AccessToken.objects.filter(pk=token.pk).update(expires_at=ends)
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
    assert "02:05 (Asia/Shanghai)" in message.body
    assert f"{(ends + timedelta(hours=8)).day}日" in message.body
    assert f"/access-tokens/{personas.member.slug}/" in message.body


def test_the_document_is_a_page_without_scripts_of_its_own(client: Client, db: None) -> None:
    for path in ("/api/v1/docs/", "/api/v1/liaison/docs/"):
        page = client.get(path).content.decode()
        assert "<script>" not in page
        assert "style=" not in page
    page = client.get("/api/v1/docs/").content.decode()
    assert "/api/v1/rights/{right_id}/certificate" in page
    assert "Idempotency-Key" in page
