"""Deadlines of a referral: due times, completed steps and overdue steps."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.liaison.delivery.pull import reading
from cases.liaison.delivery.stream import relay
from cases.liaison.due import FIELDS
from cases.liaison.models import (
    Agency,
    Channel,
    Delivery,
    DueStep,
    Escalation,
    Notice,
    Referral,
)
from cases.models import Case
from cases.services import escalations
from cases.services import referral as referrals
from cases.states import Priority
from tests import factories
from tests.concurrency import run_concurrently
from tests.personas import Personas

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
STEPS = tuple(FIELDS)


def refer(agency: Agency, priority: int = Priority.NORMAL) -> Referral:
    """Refer a case with this priority."""
    case = factories.upheld_case()
    Case.objects.filter(pk=case.pk).update(priority=priority)
    return factories.referred_case(agency, case=case)


def fresh(referral: Referral) -> Referral:
    return Referral.objects.get(pk=referral.pk)


def make_late(referral: Referral, *steps: str, by: timedelta = HOUR) -> None:
    """Move the due times of ``steps`` into the past."""
    late = timezone.now() - by
    Referral.objects.filter(pk=referral.pk).update(**{FIELDS[DueStep(s)][0]: late for s in steps})


def raised(referral: Referral) -> set[str]:
    """Return the overdue steps of ``referral``."""
    open_ones = Escalation.objects.open().filter(referral=referral)
    return set(open_ones.values_list("step", flat=True))


@pytest.fixture
def agency() -> Agency:
    """An agency with a second contact who reads English."""
    return factories.agency(
        name="Harbour Police",
        second_contact_name="Una Second",
        second_contact_email="una@harbour.example",
        language="en",
    )


# --- Due times ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("priority", "hours"),
    [
        (Priority.LOW, (24, 48, 240)),
        (Priority.NORMAL, (12, 24, 120)),
        (Priority.HIGH, (6, 12, 60)),
        (Priority.URGENT, (3, 6, 30)),
    ],
)
def test_due_times_follow_from_the_priority(
    agency: Agency, priority: int, hours: tuple[int, int, int]
) -> None:
    made = refer(agency, priority)
    assert made.deliver_by == made.referred_at + timedelta(minutes=15)
    due = (made.read_by, made.acknowledge_by, made.accept_by)
    assert due == tuple(made.referred_at + timedelta(hours=h) for h in hours)


@pytest.mark.parametrize("priority", Priority)
def test_due_times_of_the_agency_take_precedence(agency: Agency, priority: int) -> None:
    factories.due_times(
        agency,
        priority=Priority.HIGH,
        deliver_minutes=5,
        read_hours=1,
        acknowledge_hours=2,
        accept_hours=7,
    )
    made = refer(agency, priority)
    agreed = (
        made.deliver_by == made.referred_at + timedelta(minutes=5),
        made.read_by == made.referred_at + timedelta(hours=1),
        made.acknowledge_by == made.referred_at + timedelta(hours=2),
        made.accept_by == made.referred_at + timedelta(hours=7),
    )
    assert set(agreed) == {priority == Priority.HIGH}
    other = refer(factories.agency(), Priority.HIGH)
    assert other.acknowledge_by == other.referred_at + timedelta(hours=12)


# --- Delivered ---------------------------------------------------------------------------------


def test_delivered_is_when_the_first_channel_sent_the_offer(agency: Agency) -> None:
    slow, _secret = factories.webhook("https://slow.example/in", agency)
    made = refer(agency)
    escalations.sweep()
    assert fresh(made).delivered_at is None
    stream = agency.channels.get(kind="stream")
    relay.drain(stream.pk)
    escalations.sweep()
    sent = Delivery.objects.get(channel=stream, update__referral=made).sent_at
    assert fresh(made).delivered_at == sent
    Delivery.objects.filter(channel=slow).update(seq=1, sent_at=timezone.now())
    escalations.sweep()
    assert fresh(made).delivered_at == sent


def test_delivered_is_when_the_agencys_system_fetched_it(agency: Agency) -> None:
    puller = Channel.objects.create(agency=agency, kind="pull", name="Pull", token_hash="x" * 64)
    made = refer(agency)
    reading.read(puller.pk, after=0)
    escalations.sweep()
    fetched = Delivery.objects.get(channel=puller).sent_at
    assert fetched is not None
    assert fresh(made).delivered_at == fetched


def test_an_update_that_is_not_fetched_is_not_delivered() -> None:
    agency = factories.agency(channels=0)
    Channel.objects.create(agency=agency, kind="pull", name="Pull", token_hash="y" * 64)
    made = refer(agency)
    make_late(made, "delivered")
    escalations.sweep()
    assert (fresh(made).delivered_at, raised(made)) == (None, {"delivered"})


@pytest.mark.parametrize("kind", ["none", "inactive"])
def test_without_a_channel_the_referral_is_delivered_at_once(kind: str) -> None:
    agency = factories.agency(channels=0)
    if kind == "inactive":
        factories.channel(agency, is_active=False)
    made = refer(agency)
    make_late(made, "delivered")
    escalations.sweep()
    assert fresh(made).delivered_at == made.referred_at
    assert raised(made) == set()


def test_opening_the_page_delivers_the_referral(personas: Personas) -> None:
    made = refer(personas.agency)
    referrals.record_read(referral=made, by=personas.officer)
    opened = fresh(made)
    assert opened.read_at is not None
    assert opened.delivered_at == opened.read_at
    relay.drain(personas.agency.channels.get().pk)
    escalations.sweep()
    referrals.record_read(referral=made, by=personas.officer)
    assert fresh(made).delivered_at == opened.delivered_at


@pytest.mark.parametrize("verb", ["acknowledge", "accept", "decline"])
def test_an_answer_implies_delivered_and_read(personas: Personas, verb: str) -> None:
    made = refer(personas.agency)
    reason = factories.reason("decline") if verb == "decline" else None
    referrals.answer(referral=made, by=personas.officer, verb=verb, reason=reason)
    found = fresh(made)
    assert found.delivered_at == found.read_at == found.acknowledged_at is not None
    assert (found.answered_at is None) == (verb == "acknowledge")


# --- Overdue -----------------------------------------------------------------------------------


@pytest.mark.parametrize("step", STEPS)
def test_each_step_is_raised_and_notified_once(agency: Agency, step: DueStep) -> None:
    made = refer(agency)
    assert escalations.raise_overdue() == 0
    make_late(made, step)
    assert escalations.raise_overdue() == 1
    assert escalations.raise_overdue() == 0
    escalation = Escalation.objects.get()
    assert (escalation.referral, escalation.step) == (made, step)
    assert escalation.due_at == getattr(fresh(made), FIELDS[step][0])
    notices = [
        (n.to, n.kind, n.language, n.data["step"]) for n in Notice.objects.filter(kind="overdue")
    ]
    assert notices == [("una@harbour.example", "overdue", "en", step)]


def test_a_sent_offer_is_not_overdue(agency: Agency) -> None:
    made = refer(agency)
    make_late(made, "delivered")
    relay.drain(agency.channels.get().pk)
    assert escalations.raise_overdue() == 0


def test_a_recovered_channel_resolves_the_delivery(agency: Agency) -> None:
    made = refer(agency)
    make_late(made, "delivered")
    escalations.sweep()
    assert raised(made) == {"delivered"}
    relay.drain(agency.channels.get().pk)
    escalations.sweep()
    assert raised(made) == set()


@pytest.mark.parametrize("step", ["read", "acknowledged", "accepted"])
def test_a_late_step_is_resolved_when_done(personas: Personas, step: str) -> None:
    made = refer(personas.agency)
    make_late(made, *STEPS)
    escalations.sweep()
    assert raised(made) == set(STEPS)
    if step == "read":
        referrals.record_read(referral=made, by=personas.officer)
        assert raised(made) == {"acknowledged", "accepted"}
    elif step == "acknowledged":
        referrals.answer(referral=made, by=personas.officer, verb="acknowledge")
        assert raised(made) == {"accepted"}
    else:
        referrals.answer(referral=made, by=personas.officer, verb="accept")
        assert raised(made) == set()
    assert escalations.raise_overdue() == 0


def test_a_withdrawn_referral_has_no_overdue_steps(personas: Personas) -> None:
    late, withdrawn = refer(personas.agency), refer(personas.agency)
    make_late(late, *STEPS)
    escalations.sweep()
    for made in (late, withdrawn):
        referrals.withdraw(referral=made, by=personas.moderator, note="Sent in error.")
    make_late(withdrawn, *STEPS)
    escalations.sweep()
    assert raised(late) == raised(withdrawn) == set()
    assert not Escalation.objects.filter(referral=withdrawn).exists()


def test_the_sweep_resolves_changes_made_without_the_services(agency: Agency) -> None:
    made = refer(agency)
    make_late(made, "read", "accepted")
    escalations.sweep()
    Referral.objects.filter(pk=made.pk).update(read_at=timezone.now())
    escalations.sweep()
    assert raised(made) == {"accepted"}
    Referral.objects.filter(pk=made.pk).update(status="concluded")
    escalations.sweep()
    assert raised(made) == set()


@pytest.mark.parametrize("lack", ["address", "service"])
def test_without_a_contact_there_is_no_notice(agency: Agency, lack: str) -> None:
    made = refer(agency)
    make_late(made, "read")
    change = {"second_contact_email": ""} if lack == "address" else {"is_active": False}
    Agency.objects.filter(pk=agency.pk).update(**change)
    assert escalations.raise_overdue() == 1
    assert raised(made) == {"read"}
    assert not Notice.objects.filter(kind="overdue").exists()


def test_a_batch_is_bounded_and_the_next_one_continues(
    agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(escalations, "BATCH", 2)
    for n in range(5):
        make_late(refer(agency), "read", by=timedelta(hours=n + 1))
    assert [escalations.raise_overdue() for _ in range(4)] == [2, 2, 1, 0]
    assert Notice.objects.filter(kind="overdue").count() == 5
    Referral.objects.update(read_at=timezone.now())
    assert [escalations.resolve_completed() for _ in range(4)] == [2, 2, 1, 0]


def test_number_of_queries_of_a_sweep_is_constant(agency: Agency) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            escalations.sweep()
        return len(captured)

    make_late(refer(agency), *STEPS)
    few = cost()
    for _ in range(4):
        make_late(refer(agency), *STEPS)
    assert cost() == few
    assert Escalation.objects.count() == 20


def test_a_failed_sweep_is_rolled_back(agency: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
    make_late(refer(agency), *STEPS)

    def dies(*_: Any) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(escalations, "_notify_second_contacts", dies)
        with pytest.raises(RuntimeError):
            escalations.raise_overdue()
    assert not Escalation.objects.exists()
    escalations.raise_overdue()
    assert (Escalation.objects.count(), Notice.objects.filter(kind="overdue").count()) == (4, 4)


@pytest.mark.django_db(transaction=True)
def test_concurrent_sweeps_raise_and_notify_once() -> None:
    agency = factories.agency(second_contact_email="una@harbour.example")
    for _ in range(6):
        make_late(refer(agency), *STEPS)

    def sweep_often() -> None:
        for _ in range(3):
            escalations.sweep()

    run_concurrently(*[sweep_often] * 4)
    assert Escalation.objects.open().count() == 24
    assert Notice.objects.filter(kind="overdue").count() == 24


@pytest.mark.django_db(transaction=True)
def test_a_step_in_progress_is_not_raised() -> None:
    """The officer's transaction has locked the row. The sweep skips it without waiting."""
    made = refer(factories.agency())
    make_late(made, "acknowledged")
    found: list[int] = []

    def sweep() -> None:
        found.append(escalations.raise_overdue())
        connections.close_all()

    with transaction.atomic():
        Referral.objects.select_for_update(no_key=True).get(pk=made.pk)
        thread = threading.Thread(target=sweep)
        thread.start()
        thread.join()
        Referral.objects.filter(pk=made.pk).update(acknowledged_at=timezone.now())
    assert found == [0]
    assert escalations.raise_overdue() == 0
