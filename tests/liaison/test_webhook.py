"""Webhook channels against a real HTTP server: what is sent, and what each kind of response means."""

from __future__ import annotations

import threading
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_structured
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from django.core.management import CommandError, call_command
from django.db.models.functions import Now
from django.utils import timezone
from standardwebhooks import Webhook

from alliance.lib import http, sealing
from cases.liaison.delivery import lease, numbering, sweep
from cases.liaison.delivery.push import recording, sending
from cases.liaison.models import Attempt, Channel, ChannelEvent, Delivery, Update
from cases.services.channels import operating, resending, setup
from tests import factories
from tests.liaison import receiver as act
from tests.liaison.line import Line
from tests.liaison.receiver import Receiver, status

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _private_addresses(settings: Any) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = True


def seconds_until(moment: Any) -> float:
    return float((moment - timezone.now()).total_seconds())


# --- What is sent ----------------------------------------------------------------------------


def test_every_update_arrives_once_in_order(receiver: Receiver) -> None:
    line = Line(receiver.url, cases=6, changes=5)
    assert sending.drain(line.channel.pk) == 36
    assert len(receiver.calls) == 36
    assert set(receiver.sequences()) == {r.reference for r in line.referrals}
    assert all(found == [1, 2, 3, 4, 5, 6] for found in receiver.sequences().values())
    assert line.waiting() == 0
    assert sending.drain(line.channel.pk) == 0
    line.channel.refresh_from_db()
    assert line.channel.last_success_at
    assert line.channel.lease_until is None


def test_cases_are_sent_concurrently_but_one_at_a_time_each(receiver: Receiver) -> None:
    open_now: dict[str, int] = {}
    overlaps: list[str] = []
    lock = threading.Lock()

    def decide(call: act.Call) -> act.Answer:
        reference = call.data["referral"]["reference"]

        def answer(handler: Any) -> None:
            with lock:
                open_now[reference] = open_now.get(reference, 0) + 1
                if open_now[reference] > 1:
                    overlaps.append(reference)
            threading.Event().wait(0.03)
            with lock:
                open_now[reference] -= 1
            status(200)(handler)

        return answer

    receiver.decide = decide
    line = Line(receiver.url, cases=5, changes=3)
    assert sending.drain(line.channel.pk) == 20
    assert overlaps == []
    assert receiver.most_at_once >= 3


def test_signature_and_event_by_independent_libraries(
    receiver: Receiver,
) -> None:
    line = Line(receiver.url)
    sending.drain(line.channel.pk)
    call = receiver.calls[0]
    Webhook(line.secret).verify(call.body, call.headers)
    message = HTTPMessage(headers=call.headers, body=call.body)
    event = from_structured(message, JSONFormat(), CloudEvent)
    update = Update.objects.get()
    assert event.get_id() == call.id == str(update.pk)
    assert event.get_subject() == line.referrals[0].case.reference
    assert event.get_type() == "org.alliance-portal.liaison.referral_offered.v1"
    assert event.get_time() == update.created_at
    assert event.get_data() == update.payload
    changed = call.body.replace(b"referral", b"referrer", 1)
    with pytest.raises(Exception, match="signature"):
        Webhook(line.secret).verify(changed, call.headers)


def test_both_secrets_sign_during_a_rotation(receiver: Receiver) -> None:
    line = Line(receiver.url)
    new = setup.rotate_secret(channel=line.channel, by=factories.admin())
    sending.drain(line.channel.pk)
    for secret in (line.secret, new):
        Webhook(secret).verify(receiver.calls[0].body, receiver.calls[0].headers)
    Channel.objects.update(previous_secret_until=timezone.now() - timedelta(seconds=1))
    line.change(line.referrals[0])
    sending.drain(line.channel.pk)
    Webhook(new).verify(receiver.calls[1].body, receiver.calls[1].headers)
    with pytest.raises(Exception, match="signature"):
        Webhook(line.secret).verify(receiver.calls[1].body, receiver.calls[1].headers)


def test_the_secret_is_encrypted_and_survives_a_new_key(settings: Any) -> None:
    channel, secret = factories.webhook("https://liaison.example/in")
    assert secret not in str(Channel.objects.filter(pk=channel.pk).values())
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key, long enough to be one, and then some more of it"
    assert channel.signing_secrets() == [secret]
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(sealing.CannotOpen):
        channel.signing_secrets()


def test_secrets_are_resealed_with_the_new_key(settings: Any) -> None:
    channel, secret = factories.webhook("https://liaison.example/in")
    new = setup.rotate_secret(channel=channel, by=factories.admin())
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key, long enough to be one, and then some more of it"
    call_command("reseal_secrets", stdout=StringIO())
    settings.SECRET_KEY_FALLBACKS = []
    channel.refresh_from_db()
    assert channel.signing_secrets() == [new, secret]
    settings.SECRET_KEY = "a third key that nobody kept, long enough to be one as well ...."
    with pytest.raises(CommandError, match="No configured key decrypts"):
        call_command("reseal_secrets", stdout=StringIO())


# --- Responses -------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [200, 201, 202, 204, 226])
def test_any_2xx_is_sent(receiver: Receiver, code: int) -> None:
    receiver.answer = status(code)
    line = Line(receiver.url)
    assert sending.drain(line.channel.pk) == 1
    attempt = Attempt.objects.get()
    assert (attempt.status, attempt.error) == (code, "")


@pytest.mark.parametrize("code", [301, 400, 401, 404, 422])
def test_a_refusal_concerns_the_delivery_only(receiver: Receiver, code: int) -> None:
    receiver.answer = status(code, b"no\x00\x1b[31m thanks")
    line = Line(receiver.url)
    assert sending.drain(line.channel.pk) == 0
    line.channel.refresh_from_db()
    assert line.channel.failures == 0
    assert line.channel.last_error == f"HTTP {code}"
    assert line.first.attempts == 1
    assert 7 < seconds_until(line.first.next_attempt_at) < 13
    assert Attempt.objects.get().excerpt == "no  [31m thanks"


@pytest.mark.parametrize("code", [500, 501, 507])
def test_a_server_error_is_retried_with_the_same_id(receiver: Receiver, code: int) -> None:
    receiver.answer = status(code)
    line = Line(receiver.url)
    assert sending.drain(line.channel.pk) == 0
    receiver.answer = status(200)
    assert line.drain() == 1
    first, second = receiver.calls
    assert first.id == second.id
    assert first.body == second.body
    assert line.channel.failures == 0


@pytest.mark.parametrize("code", [429, 502, 503, 504])
def test_retry_after_delays_the_whole_channel(receiver: Receiver, code: int) -> None:
    receiver.answer = status(code, retry_after="120")
    line = Line(receiver.url, cases=1)
    assert sending.drain(line.channel.pk) == 0
    line.channel.refresh_from_db()
    assert 115 < seconds_until(line.channel.next_attempt_at) <= 120
    other = factories.referred_case(line.channel.agency)
    assert sweep.due_channels() == {}
    assert sending.drain(line.channel.pk) == 0
    assert len(receiver.calls) == 1
    assert other.reference not in receiver.sequences()


def test_retry_after_is_limited_to_an_hour(receiver: Receiver) -> None:
    receiver.answer = status(503, retry_after="999999")
    line = Line(receiver.url)
    sending.drain(line.channel.pk)
    line.channel.refresh_from_db()
    assert 3590 < seconds_until(line.channel.next_attempt_at) <= 3600


def test_410_pauses_the_channel(receiver: Receiver) -> None:
    receiver.answer = status(410)
    line = Line(receiver.url)
    sending.drain(line.channel.pk)
    line.channel.refresh_from_db()
    assert line.channel.is_paused
    assert line.channel.pause_reason == "HTTP 410"
    assert ChannelEvent.objects.filter(kind="paused", actor_id=None).count() == 1
    line.change(line.referrals[0])
    assert line.waiting() == 2
    assert sending.drain(line.channel.pk) == 0
    receiver.answer = status(200)
    operating.resume(channel=line.channel, by=line.moderator)
    assert sending.drain(line.channel.pk) == 2


@pytest.mark.parametrize(
    ("misbehave", "kind"),
    [
        (act.silence(30), "timed_out"),
        (act.reset, "connection_lost"),
        (act.dripping, "too_slow"),
        (act.broken_off, "connection_lost"),
        (act.garbage, "answer_malformed"),
    ],
)
def test_no_response_is_retried(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch, misbehave: act.Answer, kind: str
) -> None:
    monkeypatch.setattr(http, "READ_SECONDS", 0.3)
    monkeypatch.setattr(http, "TOTAL_SECONDS", 0.8)
    receiver.answer = misbehave
    line = Line(receiver.url)
    assert sending.drain(line.channel.pk) == 0
    attempt = Attempt.objects.get()
    assert (attempt.status, attempt.error) == (None, kind)
    assert attempt.duration_ms < 2000
    receiver.answer = status(200)
    assert line.drain() == 1
    assert len({call.id for call in receiver.calls}) == 1


def test_a_refused_connection_is_retried() -> None:
    line = Line("http://127.0.0.1:1/updates")
    sending.drain(line.channel.pk)
    assert Attempt.objects.get().error == "connect_failed"


def test_an_endless_body_is_read_up_to_a_limit(receiver: Receiver) -> None:
    receiver.answer = act.endless
    line = Line(receiver.url)
    assert sending.drain(line.channel.pk) == 1
    attempt = Attempt.objects.get()
    assert attempt.excerpt == "x" * 500
    assert attempt.duration_ms < 5000


def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    with Receiver() as elsewhere:
        receiver.answer = status(307, location=elsewhere.url)
        line = Line(receiver.url)
        assert sending.drain(line.channel.pk) == 0
        assert elsewhere.calls == []
    assert Attempt.objects.get().status == 307


def test_a_private_address_is_refused_when_connecting(receiver: Receiver, settings: Any) -> None:
    line = Line(receiver.url)
    settings.WEBHOOK_ALLOW_PRIVATE = False
    port = receiver.url.split(":")[2].split("/")[0]
    Channel.objects.filter(pk=line.channel.pk).update(url=f"https://localhost:{port}/updates")
    assert sending.drain(line.channel.pk) == 0
    assert receiver.calls == []
    assert Attempt.objects.get().error == "address_refused"


def test_plain_http_is_refused_and_pauses_the_channel(receiver: Receiver, settings: Any) -> None:
    line = Line(receiver.url)
    settings.WEBHOOK_ALLOW_PRIVATE = False
    sending.drain(line.channel.pk)
    line.channel.refresh_from_db()
    assert line.channel.pause_reason == "not_https"
    assert receiver.calls == []


# --- Dead letters and the circuit breaker ----------------------------------------------------


def test_a_case_refused_for_a_day_is_a_dead_letter_and_others_continue(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "DEAD_AFTER_ATTEMPTS", 3)
    line = Line(receiver.url, cases=3, changes=1)
    poison = line.referrals[0].reference
    receiver.decide = lambda call: status(
        422 if call.data["referral"]["reference"] == poison else 200
    )
    for _ in range(4):
        line.drain()
    dead = Delivery.objects.dead().get()
    assert (dead.update.referral.reference, dead.attempts) == (poison, 3)
    assert dead.dead_reason == "HTTP 422"
    assert line.waiting() == 2
    assert {r: s for r, s in receiver.sequences().items() if r != poison} == {
        r.reference: [1, 2] for r in line.referrals[1:]
    }
    assert sweep.due_channels() == {}
    receiver.decide = None
    order = resending.resend_dead_letters(channel=line.channel, by=line.moderator)
    assert order is not None
    assert order.done == 1
    assert sending.drain(line.channel.pk) == 2
    assert receiver.sequences()[poison] == [1, 2]


def test_the_backoff_adds_up_to_about_a_day() -> None:
    waits = [
        min(recording.FIRST_RETRY_SECONDS * 2**n, recording.MAX_RETRY_SECONDS)
        for n in range(recording.DEAD_AFTER_ATTEMPTS - 1)
    ]
    assert 22 < sum(waits) / 3600 < 26


def test_the_breaker_opens_and_one_arrival_closes_it(
    receiver: Receiver,
) -> None:
    receiver.answer = status(500)
    line = Line(receiver.url, cases=6)
    line.drain()
    assert line.channel.failures >= 5
    assert line.channel.breaker == Channel.Breaker.OPEN
    assert seconds_until(line.channel.next_attempt_at) > 3
    calls, attempts = len(receiver.calls), sum_of_attempts(line)
    for _ in range(4):
        line.drain()
    assert len(receiver.calls) == calls + 4, "one probe at a time"
    assert sum_of_attempts(line) == attempts
    assert Attempt.objects.filter(is_probe=True).count() == 4
    probed = [call.id for call in receiver.calls[-4:]]
    assert len(set(probed)) > 1, "probes are of different cases"
    receiver.answer = status(200)
    Channel.objects.update(next_attempt_at=Now())
    Delivery.objects.filter(pk=line.first.pk).update(next_attempt_at=Now())
    assert sending.drain(line.channel.pk) == 6, "all waiting updates are sent at once"
    line.channel.refresh_from_db()
    assert line.channel.breaker == Channel.Breaker.CLOSED


def sum_of_attempts(line: Line) -> int:
    return sum(Delivery.objects.filter(channel=line.channel).values_list("attempts", flat=True))


def test_a_late_worker_changes_nothing(receiver: Receiver) -> None:
    """Its lease expired, and another worker sent and recorded. Its failure must not undo that."""
    line = Line(receiver.url)
    token = lease.acquire(line.channel.pk)
    assert token is not None
    numbering.assign_numbers(line.channel.pk)
    job = sending._job(Delivery.objects.select_related("update").get())
    lease.release(line.channel.pk, token)
    assert sending.drain(line.channel.pk) == 1
    late = recording.Outcome(recording.Verdict.REFUSED, error="timed_out")
    assert not recording.record(line.channel.pk, token, job, late)
    assert line.first.sent_at is not None
    assert line.first.dead_at is None


def test_a_turn_ends_after_its_time_and_wakes_another(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "SLICE_SECONDS", 0.2)
    receiver.answer = lambda handler: (threading.Event().wait(0.1), status(200)(handler))[1]
    line = Line(receiver.url, changes=5)
    assert 0 < sending.drain(line.channel.pk) < 6
    assert sending.has_work(line.channel.pk)
    assert list(sweep.due_channels()) == [line.channel.pk]
