"""The outbox: updates are committed with the change, and each agency gets its own."""

from __future__ import annotations

import signal
import time
from typing import Any

import pytest
from django.db import transaction

from alliance.lib import clock, wakeup
from alliance.lib import redis as connections
from alliance.lib.refusals import Refusal
from cases.liaison import outbox
from cases.liaison.delivery import wake
from cases.liaison.disclosure import Recipient
from cases.liaison.models import Delivery, Referral, Update
from cases.models import Case, CaseEvent
from cases.models.event import EventKind
from cases.services import referral as referrals
from tests import factories
from tests.liaison.updates import change
from tests.processes import RedisServer

pytestmark = pytest.mark.django_db


def test_an_update_and_its_deliveries_are_written_with_the_change() -> None:
    referral = factories.referred_case()
    update = Update.objects.get(referral=referral)
    assert (update.kind, update.sequence) == ("referral_offered", 1)
    assert update.payload["case"]["listings"] == list(
        referral.case.listings.values_list("url", flat=True)
    )
    assert Delivery.objects.filter(update=update, seq=None, sent_at=None).count() == 1


def test_a_refused_change_leaves_no_update() -> None:
    referral = factories.referred_case()
    moderator = factories.moderator()

    @transaction.atomic
    def change_and_be_refused() -> None:
        change(referral.case, moderator)
        referrals.withdraw(referral=referral, by=moderator, note="")

    with pytest.raises(Refusal):
        change_and_be_refused()
    assert Update.objects.filter(referral=referral).count() == 1


def test_every_channel_of_the_agency_gets_a_delivery() -> None:
    referral = factories.referred_case(factories.agency(channels=3))
    assert Delivery.objects.filter(update__referral=referral).count() == 3


def test_an_update_for_one_agency_leaves_no_gap_for_another() -> None:
    first = factories.referred_case()
    second = factories.referred_case(case=first.case)
    moderator = factories.moderator()
    referrals.withdraw(referral=second, by=moderator, note="Taken over by the other unit.")
    change(first.case, moderator)
    told = Update.objects.filter(referral=first).order_by("sequence")
    assert [u.sequence for u in told] == [1, 2]
    assert not any(second.agency.name in str(u.payload) for u in told)


def test_a_withdrawal_is_the_last_update() -> None:
    referral = factories.referred_case()
    moderator = factories.moderator()
    referrals.withdraw(referral=referral, by=moderator, note="A mistake.")
    change(referral.case, moderator)
    kinds = (
        Update.objects.filter(referral=referral).order_by("sequence").values_list("kind", flat=True)
    )
    assert list(kinds) == ["referral_offered", "referral_withdrawn"]


def test_the_payload_contains_no_person_and_no_evidence() -> None:
    referral = factories.referred_case()
    payload = str(Update.objects.get(referral=referral).payload)
    assert referral.referred_by.email not in payload
    assert referral.referred_by.name not in payload
    assert referral.case.evidence.get().original_name not in payload


def test_a_frozen_broker_delays_no_change(own_redis: RedisServer, settings: Any) -> None:
    """It accepts connections and never responds."""
    settings.REDIS_URL = own_redis.url
    assert own_redis.process is not None
    own_redis.process.popen.send_signal(signal.SIGSTOP)
    started = time.monotonic()
    for channel_id in range(1, 50):
        wake.wake(channel_id)
    handed_over = time.monotonic()
    wakeup.BACKGROUND.flush()
    done = time.monotonic()
    own_redis.process.popen.send_signal(signal.SIGCONT)
    assert handed_over - started < connections.SHORT_TIMEOUT_SECONDS, (
        "who changes a case waits for none"
    )
    assert done - started < wakeup.PAUSE_AFTER_FAILURE_SECONDS, (
        "the others wait for one timeout only"
    )


def test_an_unreachable_broker_delays_no_change(settings: Any) -> None:
    """Nothing listens on port 1. The first wake-up fails, and the next ones are not tried."""
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    started = time.monotonic()
    for channel_id in range(1, 200):
        wake.wake(channel_id)
    wakeup.BACKGROUND.flush()
    assert time.monotonic() - started < wakeup.PAUSE_AFTER_FAILURE_SECONDS


@pytest.mark.parametrize("agencies", [1, 3])
def test_an_update_takes_two_statements(agencies: int, django_assert_num_queries: Any) -> None:
    referral = factories.referred_case()
    for _ in range(agencies - 1):
        factories.referred_case(case=referral.case)
    case = Case.objects.get(pk=referral.case_id)
    event = CaseEvent(
        case=case, sequence=case.version, kind=EventKind.LISTINGS_REMOVED, at=clock.now()
    )
    with django_assert_num_queries(2):
        written = outbox.record(case=case, event=event)
    assert len(written) == agencies
    stored = {update.pk: update for update in Update.objects.filter(pk__in=[u.pk for u in written])}
    for update in written:
        assert stored[update.pk].payload == update.payload
        assert update.sequence == Referral.objects.get(pk=update.referral_id).update_sequence
    assert Delivery.objects.filter(update__in=written).count() == agencies


def test_recipients_from_sql_and_from_models_are_equal() -> None:
    referral = factories.referred_case()
    event = CaseEvent(case=referral.case, kind=EventKind.LISTINGS_REMOVED, at=clock.now())
    [read] = outbox._recipients(referral.case, event)
    referral.refresh_from_db()
    assert read == Recipient.of(referral)
