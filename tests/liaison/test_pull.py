"""The pull API: gapless numbers, long polling without a database connection, acknowledgements and tokens."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from typing import Any

import jsonschema
import pytest
from django.db import connection, connections
from django.test import Client

from cases.liaison.delivery import numbering, sweep
from cases.liaison.delivery.pull import reading
from cases.liaison.delivery.pull.api import SCHEMAS
from cases.liaison.models import Agency, Channel, Delivery, Update
from cases.services.channels import operating, setup
from tests import factories
from tests.liaison.updates import change

pytestmark = pytest.mark.django_db(transaction=True)
UPDATES, ACK = "/api/v1/liaison/updates", "/api/v1/liaison/ack"


class System:
    """An agency's system with its token."""

    def __init__(self, of: Agency | None = None) -> None:
        self.moderator = factories.moderator()
        self.channel, self.token = setup.create(
            agency=of or factories.agency(channels=0),
            by=factories.admin(),
            kind="pull",
            name="System",
        )
        self.agency = self.channel.agency

    def get(self, **query: Any) -> Any:
        return Client().get(UPDATES, query, headers={"authorization": f"Bearer {self.token}"})

    def read(self, **query: Any) -> list[tuple[int, dict[str, Any]]]:
        response = self.get(**query)
        assert response.status_code == 200, response.content
        return [(row["seq"], row["update"]) for row in response.json()["updates"]]

    def ack(self, up_to: Any) -> Any:
        return Client().post(
            ACK,
            json.dumps({"up_to": up_to}),
            content_type="application/json",
            headers={"authorization": f"Bearer {self.token}"},
        )


def test_updates_are_numbered_in_order_and_repeatable() -> None:
    system = System()
    referrals = [factories.referred_case(system.agency) for _ in range(2)]
    for referral in referrals * 2:
        change(referral.case, system.moderator)
    found = system.read()
    assert [seq for seq, _ in found] == [1, 2, 3, 4, 5, 6]
    assert {body["id"] for _, body in found} == {
        str(pk) for pk in Update.objects.values_list("pk", flat=True)
    }
    assert system.read(after=0) == found
    assert system.read(after=4) == found[4:]
    assert system.read(after=6) == []
    system.channel.refresh_from_db()
    assert system.channel.sent_seq == 6
    assert not Delivery.objects.filter(sent_at=None).exists()
    assert sweep.due_channels() == {}


def test_a_page_is_bounded_and_returns_the_cursor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PAGE", 2)
    system = System()
    referral = factories.referred_case(system.agency)
    for _ in range(4):
        change(referral.case, system.moderator)
    cursor, seen = 0, []
    while rows := system.get(after=cursor).json()["updates"]:
        seen += [row["seq"] for row in rows]
        cursor = rows[-1]["seq"]
    assert seen == [1, 2, 3, 4, 5]


def test_acknowledging_is_recorded_and_idempotent() -> None:
    system = System()
    referral = factories.referred_case(system.agency)
    change(referral.case, system.moderator)
    assert system.ack(1).status_code == 409
    system.read()
    assert not Delivery.objects.filter(acknowledged_at__isnull=False).exists()
    assert system.ack(1).json() == {"acknowledged": 1}
    assert system.ack(1).json() == {"acknowledged": 0}
    assert system.ack(2).json() == {"acknowledged": 1}
    assert system.ack(3).status_code == 409
    assert Delivery.objects.filter(acknowledged_at=None).count() == 0
    for wrong in (-1, "x", None, 2**63):
        assert system.ack(wrong).status_code == 422


def five() -> System:
    """A system with five updates to read."""
    system = System()
    referral = factories.referred_case(system.agency)
    for _ in range(4):
        change(referral.case, system.moderator)
    return system


def acknowledged() -> list[int | None]:
    rows = Delivery.objects.filter(acknowledged_at__isnull=False)
    return list(rows.order_by("seq").values_list("seq", flat=True))


def test_an_acknowledgement_continues_after_the_last_one() -> None:
    system = five()
    system.read()
    assert system.ack(3).json() == {"acknowledged": 3}
    system.channel.refresh_from_db()
    assert system.channel.acknowledged_seq == 3
    # Nothing up to there is read again.
    Delivery.objects.filter(seq=2).update(acknowledged_at=None)
    assert system.ack(5).json() == {"acknowledged": 2}
    assert acknowledged() == [1, 3, 4, 5]
    assert system.ack(4).json() == {"acknowledged": 0}
    system.channel.refresh_from_db()
    assert system.channel.acknowledged_seq == 5
    assert system.channel.history.count() == 1, "only its creation: progress is not in the history"


def test_updates_skipped_at_first_can_be_acknowledged_later() -> None:
    system = five()
    assert len(system.read(after=3)) == 2
    assert system.ack(5).json() == {"acknowledged": 2}
    assert acknowledged() == [4, 5]
    assert len(system.read(after=1)) == 4
    assert system.ack(5).json() == {"acknowledged": 2}
    assert len(system.read()) == 5
    assert system.ack(1).json() == {"acknowledged": 1}
    assert acknowledged() == [1, 2, 3, 4, 5]


def test_an_interrupted_acknowledgement_is_continued(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading, "ACKNOWLEDGED_AT_ONCE", 2)
    system = five()
    system.read()
    some = reading._acknowledge_some
    parts: list[int] = []

    def twice(channel_id: int, up_to: int) -> tuple[int, bool]:
        if len(parts) == 2:
            raise InterruptedError
        count, is_done = some(channel_id, up_to)
        parts.append(count)
        return count, is_done

    monkeypatch.setattr(reading, "_acknowledge_some", twice)
    with pytest.raises(InterruptedError):
        reading.acknowledge(system.channel.pk, up_to=5)
    assert acknowledged() == [1, 2, 3, 4]
    monkeypatch.setattr(reading, "_acknowledge_some", some)
    assert system.ack(5).json() == {"acknowledged": 1}


@pytest.mark.parametrize("query", [{"after": -1}, {"after": "x"}, {"wait": 21}, {"after": 2**63}])
def test_invalid_parameters_are_refused(query: dict[str, Any]) -> None:
    assert System().get(**query).status_code == 422


def test_waiting_ends_when_an_update_is_committed() -> None:
    system = System()
    referral = factories.referred_case(system.agency)
    system.read()
    moderator = system.moderator

    def later() -> None:
        time.sleep(0.6)
        change(referral.case, moderator)
        connections.close_all()

    thread = threading.Thread(target=later)
    thread.start()
    started, wait = time.monotonic(), 15
    assert [seq for seq, _ in system.read(after=1, wait=wait)] == [2]
    assert 0.4 < time.monotonic() - started < wait
    thread.join()


def test_waiting_holds_no_connection_to_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    system = System()
    held: list[bool] = []
    real = time.sleep
    monkeypatch.setattr(
        reading.time, "sleep", lambda s: (held.append(connection.connection is not None), real(s))
    )
    assert system.read(wait=0.6) == []
    assert held
    assert not any(held)


def test_too_many_waiting_requests_are_answered_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_waiters", Counter({-1: reading.WAITERS_PER_PROCESS}))
    started = time.monotonic()
    response = System().get(wait=10)
    assert (response.status_code, response.headers["retry-after"]) == (200, "2")
    assert time.monotonic() - started < 2


def test_one_channel_cannot_use_all_slots(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second waiting request of an agency gets Retry-After; the first one of another agency may wait."""
    monkeypatch.setattr(reading, "_waiters", Counter())
    system, other = System(), System()
    assert reading._may_wait(system.channel.pk)
    assert system.get(wait=10).headers["retry-after"] == "2"
    assert "retry-after" not in other.get(wait=0.3).headers
    assert reading._waiters[other.channel.pk] == 0, "its slot is free again"


def test_waiting_works_without_redis(settings: Any) -> None:
    system = System()
    factories.referred_case(system.agency)
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert len(system.read(wait=1)) == 1
    assert system.read(after=1, wait=1) == []


def test_a_token_is_valid_for_its_channel_only() -> None:
    system, other = System(), System()
    factories.referred_case(other.agency)
    assert system.read() == []
    assert len(other.read()) == 1
    for headers in ({}, {"authorization": "Bearer apl_wrong"}, {"authorization": "Bearer "}):
        assert Client().get(UPDATES, headers=headers).status_code == 401
        assert Client().post(ACK, "{}", "application/json", headers=headers).status_code == 401
    former, system.token = (
        system.token,
        setup.rotate_token(channel=system.channel, by=factories.admin()),
    )
    assert system.get().status_code == 200
    headers = {"authorization": f"Bearer {former}"}
    assert Client().get(UPDATES, headers=headers).status_code == 401


def test_inactive_and_paused_channels() -> None:
    system = System()
    operating.pause(channel=system.channel, by=system.moderator, reason="Audit.")
    assert system.get().status_code == 503
    operating.resume(channel=system.channel, by=system.moderator)
    Channel.objects.update(is_active=False)
    assert system.get().status_code == 401
    Channel.objects.update(is_active=True)
    Agency.objects.update(is_active=False)
    assert system.get().status_code == 401


def test_a_cursor_of_another_database_is_refused() -> None:
    """After a restore from an older backup, continuing from it would skip the updates that reuse its numbers."""
    system = System()
    factories.referred_case(system.agency)
    assert [seq for seq, _ in system.read()] == [1]
    assert system.read(after=1) == []
    referral = factories.referred_case(system.agency)
    change(referral.case, system.moderator)
    refused = system.get(after=2, wait=5)
    assert refused.status_code == 409, "although there are as many updates by now"
    assert "up to 1" in refused.json()["detail"]
    assert [seq for seq, _ in system.read(after=1)] == [2, 3]


def test_the_first_request_may_begin_anywhere() -> None:
    system = System()
    for _ in range(3):
        factories.referred_case(system.agency)
    assert system.get(after=4).status_code == 409
    assert [seq for seq, _ in system.read(after=2)] == [3]


def test_every_payload_matches_the_schema() -> None:
    schema = json.loads((SCHEMAS / "update.v1.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    factories.verified_operation()
    moderator = factories.moderator()
    referral = factories.referred_case(case=factories.counter_noticed_case(moderator=moderator))
    change(referral.case, moderator)
    assert Update.objects.count() > 5
    for update in Update.objects.all():
        jsonschema.validate(update.payload, schema, jsonschema.Draft202012Validator)


def test_the_schema_and_the_openapi_description_are_public(settings: Any) -> None:
    printed = (settings.BASE_DIR / "docs" / "liaison-update.schema.json").read_bytes()
    response = Client().get("/api/v1/liaison/schema/update.v1.json")
    assert response.content == printed
    assert response.headers["content-type"] == "application/schema+json"
    assert Client().get("/api/v1/liaison/schema/update.v9.json").status_code == 404
    paths = Client().get("/api/v1/liaison/openapi.json").json()["paths"]
    assert set(paths) == {UPDATES, ACK}


def test_one_request_numbers_a_page_and_not_the_whole_backlog(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(numbering, "BATCH", 2)
    monkeypatch.setattr(reading, "PAGE", 3)
    channel = System().channel
    for _ in range(9):
        factories.referred_case(channel.agency)
    found: list[int] = []
    while page := reading.read(channel.pk, after=found[-1] if found else 0):
        channel.refresh_from_db()
        assert channel.numbered_seq <= len(found) + 3 + 2
        found += [seq for seq, _payload in page]
    assert found == list(range(1, 10))
