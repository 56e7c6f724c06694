"""Access tokens: what they may do, when they end, and their limits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from alliance.lib import clock, tokens
from alliance.lib.cache import FallbackCache
from alliance.lib.refusals import NotAllowed, Refusal
from members.models import AccessToken, Membership
from members.services import access_tokens, people
from members.services.authorisations import Authorisation
from tests import factories
from tests.factories.api import Api, access_token, api_of
from tests.personas import Personas

pytestmark = pytest.mark.django_db


def test_only_the_hash_is_stored(personas: Personas) -> None:
    token, secret = access_token(personas.member, personas.filer)
    assert secret.startswith("ap_")
    assert len(secret) == 3 + 43 + 8
    stored = {str(value) for row in AccessToken.objects.values() for value in row.values()}
    history = AccessToken.pgh_event_model.objects.values()  # type: ignore[attr-defined]
    stored |= {str(value) for row in history for value in row.values()}
    assert not [value for value in stored if secret[8:] in value]
    assert "digest" not in history[0]
    assert Api(secret).get("/rights").status_code == 200
    wrong = secret[:-1] + ("0" if secret[-1] != "0" else "1")
    assert not tokens.is_well_formed(wrong, "ap")
    for header in (wrong, secret.upper(), "", f"{secret} ", f"x{secret}"):
        api = Api(header)
        assert api.get("/rights").status_code == (200 if header == f"{secret} " else 401)
    assert token.start == secret[:7]


ENDINGS: dict[str, Callable[[Personas, AccessToken], Any]] = {
    "revoked": lambda cast, token: access_tokens.revoke(token=token, by=cast.owner),
    "expired": lambda cast, token: AccessToken.objects.filter(pk=token.pk).update(
        created_at=clock.now() - timedelta(days=9), expires_at=clock.now() - timedelta(seconds=1)
    ),
    "role removed": lambda cast, token: people.remove(membership=token.membership, by=cast.owner),
    "role ended": lambda cast, token: Membership.objects.filter(pk=token.membership_id).update(
        valid_until=clock.today() - timedelta(days=1)
    ),
    "person disabled": lambda cast, token: type(cast.filer).objects.update(is_active=False),
    "member suspended": lambda cast, token: type(cast.member).objects.update(
        status="suspended", suspended_on=clock.today()
    ),
    "member left": lambda cast, token: type(cast.member).objects.update(
        status="left", left_on=clock.today()
    ),
}


@pytest.mark.parametrize("end", ENDINGS.values(), ids=ENDINGS)
def test_a_token_ends_between_two_requests(
    personas: Personas, end: Callable[[Personas, AccessToken], Any]
) -> None:
    token, secret = access_token(personas.member, personas.filer)
    api = Api(secret)
    assert api.get("/brands").status_code == 200
    end(personas, token)
    refused = api.get("/brands")
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"] == "Bearer"
    assert refused.json()["title"] == "Unauthorized"


def test_a_token_of_an_agent_ends_with_the_authorisation(personas: Personas) -> None:
    agent = factories.agent(personas.member)
    api = Api(access_token(personas.member, agent)[1])
    assert api.get("/brands").status_code == 200
    yesterday = clock.today() - timedelta(days=1)
    Authorisation.objects.filter(agent=agent).update(valid_from=yesterday, valid_until=yesterday)
    assert api.get("/brands").status_code == 401


def test_writing_needs_the_role_at_the_time_of_the_request(personas: Personas) -> None:
    token, secret = access_token(personas.member, personas.filer)
    people.change_role(membership=token.membership, by=personas.owner, role="viewer")
    api = Api(secret)
    assert api.get("/brands").status_code == 200
    refused = api.post("/brands", {"name": "NEW"})
    assert (refused.status_code, refused.json()["detail"]) == (
        403,
        "Your role at the member only reads.",
    )
    narrow = api_of(personas, "owner", "brands:read")
    assert narrow.get("/brands").status_code == 200
    assert "brands:write" in narrow.post("/brands", {"name": "NEW"}).json()["detail"]
    assert narrow.get("/rights").status_code == 403
    with pytest.raises(Refusal, match="only reads"):
        access_token(personas.member, personas.viewer, "rights:write")
    with pytest.raises(NotAllowed):
        access_tokens.create(
            member=personas.member, by=personas.stranger, name="X", scopes=["rights:read"]
        )
    with pytest.raises(NotAllowed):
        access_tokens.revoke(token=token, by=personas.viewer)


def test_a_session_does_not_authenticate_the_api(personas: Personas) -> None:
    client = personas.client("owner")
    assert client.get("/api/v1/rights").status_code == 401
    assert client.post("/api/v1/brands", {"name": "X"}).status_code == 401
    # With both, the token decides.
    secret = access_token(personas.other_member, personas.stranger)[1]
    answer = client.get("/api/v1/rights", headers={"Authorization": f"Bearer {secret}"})
    assert answer.json()["items"] == []


def test_the_last_use_is_written_once_an_hour(
    personas: Personas, django_assert_max_num_queries: Any
) -> None:
    token, secret = access_token(personas.member, personas.filer)
    Api(secret).get("/brands")
    token.refresh_from_db()
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    assert token.last_used_at in (hour, hour - timedelta(hours=1))
    with django_assert_max_num_queries(2):
        Api(secret).get("/brands")


def test_too_many_requests_are_refused_with_headers(personas: Personas, settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 2
    api = api_of(personas)
    first = api.get("/brands")
    assert (first.headers["RateLimit-Limit"], first.headers["RateLimit-Remaining"]) == ("2", "1")
    answers = [api.get("/brands") for _n in range(4)]
    refused = answers[-1]
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.json()["title"] == "Too Many Requests"
    assert api_of(personas, "owner").get("/brands").status_code == 200


def test_the_api_goes_on_without_redis(
    personas: Personas, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.API_REQUESTS_PER_MINUTE = 3
    monkeypatch.setattr(FallbackCache, "unreachable_until", float("inf"))
    cache.clear()
    api = api_of(personas)
    statuses = [api.get("/brands").status_code for _n in range(9)]
    assert statuses[:3] == [200, 200, 200]
    assert statuses[-1] == 429


def test_bodies_are_bounded_json(personas: Personas) -> None:
    api = api_of(personas)
    large = api.post("/brands", {"name": "x" * 300_000})
    assert (large.status_code, large.json()["status"]) == (413, 413)
    form = api.send("POST", "/brands", b"name=X", content_type="application/x-www-form-urlencoded")
    assert (form.status_code, form.json()["status"]) == (415, 415)
    utf_16 = api.send("POST", "/brands", b"{}", content_type="application/json; charset=utf-16")
    assert (utf_16.status_code, utf_16.json()["status"]) == (415, 415)


def test_a_failure_is_a_problem(personas: Personas, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = access_token(personas.member, personas.filer)[1]
    monkeypatch.setattr("members.api.brands.brands.create", lambda **_: 1 / 0)
    broken = Api(secret, raises=False).post("/brands", {"name": "X"})
    assert (broken.status_code, broken.json()["title"]) == (500, "Internal Server Error")
    assert "ZeroDivision" not in broken.content.decode()
