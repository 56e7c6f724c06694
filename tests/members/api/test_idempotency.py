"""A repeated request has one effect."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from alliance.lib import clock
from members.models import Brand, StoredAnswer
from members.services import idempotency
from members.tasks import delete_stored_answers
from tests import factories
from tests.concurrency import run_concurrently
from tests.factories.api import Api, access_token, api_of
from tests.members.api.test_rights import RIGHT
from tests.personas import Personas


@pytest.mark.django_db
def test_the_same_key_gives_the_same_answer(personas: Personas) -> None:
    api = api_of(personas)
    first = api.post("/brands", {"name": "NEW"}, Idempotency_Key="k-1")
    again = api.post("/brands", {"name": "NEW"}, Idempotency_Key="k-1")
    assert (again.status_code, again.content) == (201, first.content)
    for name in ("ETag", "Location"):
        assert again.headers[name] == first.headers[name]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert Brand.objects.filter(name="NEW").count() == 1
    other = api.post("/brands", {"name": "OTHER"}, Idempotency_Key="k-1")
    assert other.status_code == 422
    assert "idempotency key" in other.json()["detail"]
    # A refused request stores nothing: its key can be used again.
    assert api.post("/brands", {"name": "NEW"}, Idempotency_Key="k-2").status_code == 409
    Brand.objects.filter(name="NEW").delete()
    assert api.post("/brands", {"name": "NEW"}, Idempotency_Key="k-2").status_code == 201
    for key in ("", "x" * 201, "a b", "ключ"):
        assert api.post("/brands", {"name": "Y"}, Idempotency_Key=key).status_code == 422
    # Keys belong to a token.
    colleague = api_of(personas, "owner")
    assert colleague.post("/brands", {"name": "Z"}, Idempotency_Key="k-1").status_code == 201


@pytest.mark.django_db
def test_the_first_answer_stays_when_the_request_is_no_longer_valid(personas: Personas) -> None:
    api, brand = api_of(personas), personas.brand
    market = factories.marketplace(slug="yimart")
    requests = {
        "/authorised-sellers": {"marketplace": "yimart", "shop": "shop-15"},
        "/products": {"name": "Bag"},
        "/rights": RIGHT,
    }

    def answers() -> list[Any]:
        return [
            api.post(path, body | {"brand_id": brand.pk}, Idempotency_Key=f"k{path}")
            for path, body in requests.items()
        ]

    first = answers()
    type(market).objects.filter(pk=market.pk).update(is_active=False)
    type(brand).objects.filter(pk=brand.pk).update(member=personas.other_member)
    for one, again in zip(first, answers(), strict=True):
        assert (one.status_code, again.status_code) == (201, 201)
        assert again.content == one.content
        assert again.headers["Idempotency-Replayed"] == "true"


@pytest.mark.django_db
def test_keys_are_forgotten_after_a_day(personas: Personas) -> None:
    api = api_of(personas)
    for number in range(3):
        api.post("/brands", {"name": f"N{number}"}, Idempotency_Key=f"k-{number}")
    old = clock.now() - idempotency.KEPT_FOR - timedelta(minutes=1)
    StoredAnswer.objects.exclude(key="k-2").update(created_at=old)
    assert api.post("/brands", {"name": "M"}, Idempotency_Key="k-0").status_code == 201
    delete_stored_answers()
    assert {one.key for one in StoredAnswer.objects.all()} == {"k-0", "k-2"}


@pytest.mark.django_db(transaction=True)
def test_the_same_key_at_the_same_moment() -> None:
    member = factories.member()
    secret = access_token(member, factories.filer(member))[1]

    def post() -> tuple[int, bytes]:
        answer = Api(secret).post("/brands", {"name": "NEW"}, Idempotency_Key="k")
        return answer.status_code, answer.content

    first, second = run_concurrently(post, post)
    assert first == second
    assert first[0] == 201
    assert Brand.objects.get().name == "NEW"


@pytest.mark.django_db
def test_an_answer_is_not_stored_for_another_request(personas: Personas) -> None:
    token, _secret = access_token(personas.member, personas.filer)
    mine = {"token": token, "key": "k", "request": ("POST", "/a", b"1")}

    def work() -> idempotency.Answer:
        # The same request at the same moment was refused, and another one has the key since.
        StoredAnswer.objects.all().delete()
        StoredAnswer.objects.create(token=token, key="k", request_digest="other")
        return idempotency.Answer(201, "{}")

    assert idempotency.once_in_steps(**mine, work=work).status == 201
    assert StoredAnswer.objects.get().status == 0
    with pytest.raises(idempotency.OtherRequest):
        idempotency.once_in_steps(**mine, work=work)


@pytest.mark.django_db
@pytest.mark.parametrize("once", [idempotency.once, idempotency.once_in_steps])
def test_a_key_is_free_when_the_request_that_had_it_was_refused(
    personas: Personas, once: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, _secret = access_token(personas.member, personas.filer)
    insert, tries = idempotency._inserted, []

    def inserted(*args: Any) -> StoredAnswer | None:
        tries.append(args)
        # At first, another request has the key, and gives it up before its row is read.
        return None if len(tries) == 1 else insert(*args)

    monkeypatch.setattr(idempotency, "_inserted", inserted)
    answer = idempotency.Answer(201, "{}")
    assert once(token=token, key="k", request=("POST", "/a", b""), work=lambda: answer) == answer
    assert (len(tries), StoredAnswer.objects.get().status) == (2, 201)


@pytest.mark.django_db
def test_changes_are_undone_if_the_answer_cannot_be_made(
    personas: Personas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("members.api.brands._out", lambda brand: 1 / 0)
    api = Api(access_token(personas.member, personas.filer)[1], raises=False)
    assert api.post("/brands", {"name": "NEW"}).status_code == 500
    assert not Brand.objects.filter(name="NEW").exists()
