"""Services of channels: create, rotate, pause, resume and resend; each action is recorded."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.utils import translation

from alliance.lib import clock
from alliance.lib.refusals import Conflict, NotAllowed, Refusal
from cases.liaison.delivery.push import email, recording, sending
from cases.liaison.delivery.push.outcome import Job
from cases.liaison.models import Channel, ChannelEvent, Delivery
from cases.models.event import EventKind
from cases.services.channels import operating, resending, setup
from tests import factories
from tests.liaison.receiver import Receiver, status
from tests.liaison.updates import change

pytestmark = pytest.mark.django_db(transaction=True)
URL = "https://liaison.example/updates"


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "webhook", "url": URL},
        {"kind": "webhook", "secret_sealed": "x"},
        {"kind": "webhook", "url": URL, "secret_sealed": "x", "stream_key": "a"},
        {"kind": "stream"},
        {"kind": "stream", "stream_key": ""},
        {"kind": "stream", "stream_key": "a", "email": "desk@police.example"},
        {"kind": "email"},
        {"kind": "pull"},
        {"kind": "stream", "stream_key": "a", "pause_reason": "x"},
        {"kind": "stream", "stream_key": "a", "previous_secret_sealed": "x"},
    ],
)
def test_a_channel_has_the_fields_of_its_kind_and_no_others(wrong: dict[str, str]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Channel.objects.create(agency=factories.agency(channels=0), name="x", **wrong)
    with pytest.raises(ValidationError):
        Channel(agency=factories.agency(channels=0), name="x", **wrong).full_clean()


@pytest.mark.parametrize(
    ("kind", "fields", "prefix"),
    [
        ("stream", {}, ""),
        ("webhook", {"url": URL}, "whsec_"),
        ("email", {"email": "desk@police.example"}, ""),
        ("pull", {}, "apl_"),
    ],
)
def test_each_kind_can_be_created_and_returns_its_secret_once(
    kind: str, fields: dict[str, str], prefix: str
) -> None:
    agency = factories.agency(channels=0)
    channel, shown = setup.create(
        agency=agency, by=factories.admin(), kind=kind, name="New", **fields
    )
    assert channel.kind == kind
    assert shown.startswith(prefix)
    assert bool(shown) == bool(prefix)
    kept = str(Channel.objects.filter(pk=channel.pk).values()) + str(channel.history.values())
    assert not shown or shown not in kept
    assert ChannelEvent.objects.get().kind == "created"


def test_an_invalid_channel_is_refused() -> None:
    agency, by = factories.agency(channels=0), factories.admin()
    for url in ("http://liaison.example/", "https://a:b@liaison.example/", "nonsense", ""):
        with pytest.raises(Refusal, match="https"):
            setup.create(agency=agency, by=by, kind="webhook", name="x", url=url)
    with pytest.raises(Refusal, match="email"):
        setup.create(agency=agency, by=by, kind="email", name="x")
    setup.create(agency=agency, by=by, kind="stream", name="x", stream_key="one")
    with pytest.raises(Conflict):
        setup.create(agency=agency, by=by, kind="stream", name="y", stream_key="one")
    assert Channel.objects.count() == 1


def test_only_moderators_and_admins_operate_channels() -> None:
    channel, _ = factories.webhook(URL)
    strangers = [
        factories.user(),
        factories.officer(channel.agency),
        factories.filer(factories.member()),
    ]
    for stranger in strangers:
        acts: list[Any] = [
            lambda by: setup.create(
                agency=channel.agency, by=by, kind="webhook", name="x", url=URL
            ),
            lambda by: setup.rotate_secret(channel=channel, by=by),
            lambda by: operating.pause(channel=channel, by=by, reason="x"),
            lambda by: operating.resume(channel=channel, by=by),
            lambda by: resending.resend_dead_letters(channel=channel, by=by),
            lambda by: resending.resend_selected(channel=channel, by=by, ids=[1]),
            lambda by: resending.replay(channel=channel, by=by, from_seq=1),
            lambda by: resending.stop_resend(channel=channel, by=by),
        ]
        for act in acts:
            with pytest.raises(NotAllowed):
                act(stranger)
    assert ChannelEvent.objects.count() == 1


def test_only_admins_rotate_secrets() -> None:
    channel, secret = factories.webhook(URL)
    pull, _ = setup.create(agency=channel.agency, by=factories.admin(), kind="pull", name="x")
    moderator = factories.moderator()
    acts: list[Any] = [
        lambda: setup.create(
            agency=channel.agency, by=moderator, kind="webhook", name="x", url=URL
        ),
        lambda: setup.rotate_secret(channel=channel, by=moderator),
        lambda: setup.rotate_token(channel=pull, by=moderator),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            act()
    channel.refresh_from_db()
    assert channel.signing_secrets() == [secret]
    operating.pause(channel=channel, by=moderator, reason="x")
    assert resending.resend_dead_letters(channel=channel, by=moderator) is None
    assert ChannelEvent.objects.filter(actor_id=moderator.pk).count() == 1


def test_pausing_collects_and_resuming_sends(settings: Any) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = True
    moderator = factories.moderator()
    with Receiver() as receiver:
        channel, _ = factories.webhook(receiver.url)
        with pytest.raises(Refusal, match="reason"):
            operating.pause(channel=channel, by=moderator, reason=" ")
        operating.pause(channel=channel, by=moderator, reason="Maintenance at the agency.")
        operating.pause(channel=channel, by=moderator, reason="Again.")
        factories.referred_case(channel.agency)
        assert sending.drain(channel.pk) == 0
        assert Delivery.objects.count() == 1
        operating.resume(channel=channel, by=moderator)
        operating.resume(channel=channel, by=moderator)
        assert sending.drain(channel.pk) == 1
    kinds = list(ChannelEvent.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["created", "paused", "resumed"]
    assert ChannelEvent.objects.get(kind="paused").data == {"reason": "Maintenance at the agency."}


def test_resending_keeps_ids_and_order(settings: Any) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = True
    moderator = factories.moderator()
    with Receiver() as receiver:
        channel, _ = factories.webhook(receiver.url)
        referral = factories.referred_case(channel.agency)
        for _ in range(4):
            change(referral.case, moderator)
        sending.drain(channel.pk)
        assert resending.replay(channel=channel, by=moderator, from_seq=3).done == 3
        sending.drain(channel.pk)
        ids = [call.id for call in receiver.calls]
        assert ids[5:] == ids[2:5]
        one = Delivery.objects.get(seq=2)
        resending.resend_one(delivery=one, by=moderator)
        sending.drain(channel.pk)
        assert [call.id for call in receiver.calls][8:] == ids[1:2]
    assert list(
        ChannelEvent.objects.exclude(kind="created").order_by("pk").values_list("kind", "data")
    ) == [
        ("replayed", {"from_seq": 3, "count": 3}),
        ("resent", {"seq": 2, "update": str(one.update_id)}),
    ]


def test_a_stream_is_not_resent() -> None:
    channel = factories.channel()
    with pytest.raises(Refusal, match="Redis stream"):
        resending.replay(channel=channel, by=factories.moderator(), from_seq=1)


# --- E-mail ----------------------------------------------------------------------------------


def email_channel() -> Channel:
    channel, _ = setup.create(
        agency=factories.agency(channels=0),
        by=factories.admin(),
        kind="email",
        name="Desk",
        email="desk@police.example",
    )
    return channel


def test_an_e_mail_contains_a_reference_and_a_link_only() -> None:
    channel = email_channel()
    referral = factories.referred_case(channel.agency)
    assert sending.drain(channel.pk) == 1
    message = mail.outbox[0]
    assert message.to == ["desk@police.example"]
    text = message.subject + message.body
    assert referral.reference in text
    assert f"/liaison/{referral.reference}/" in message.body
    case = referral.case
    assert case.seller is not None
    for secret in (case.seller.name, case.brand.name, case.member.name, referral.note):
        assert secret not in text
    assert sending.drain(channel.pk) == 0
    assert len(mail.outbox) == 1


def test_e_mails_are_in_the_agencys_language() -> None:
    channel = email_channel()
    channel.agency.language = "zh-hans"
    channel.agency.save()
    factories.referred_case(channel.agency)
    with translation.override("en"):
        assert sending.drain(channel.pk) == 1
    with translation.override("zh-hans"):
        step = str(EventKind.REFERRAL_OFFERED.label)
    assert step != EventKind.REFERRAL_OFFERED.label
    [sent] = mail.outbox
    assert step in sent.subject
    assert step in sent.body


def test_an_unreachable_mail_server_is_retried(settings: Any) -> None:
    channel = email_channel()
    referral = factories.referred_case(channel.agency)
    change(referral.case, factories.moderator())
    good, settings.EMAIL_BACKEND = (
        settings.EMAIL_BACKEND,
        "django.core.mail.backends.smtp.EmailBackend",
    )
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert sending.drain(channel.pk) == 0
    channel.refresh_from_db()
    assert (channel.failures, channel.last_error) == (1, "ConnectionRefusedError")
    settings.EMAIL_BACKEND = good
    operating.pause(channel=channel, by=factories.moderator(), reason="Mail server.")
    operating.resume(channel=channel, by=factories.moderator())
    assert sending.drain(channel.pk) == 2


def test_an_update_that_cannot_be_composed_fails_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    channel = email_channel()
    broken = factories.referred_case(channel.agency)
    whole = factories.referred_case(channel.agency)
    compose = email.compose

    def fails_for_one(job: Job, address: str, language: str) -> EmailMessage:
        if job.ordering_key == broken.pk:
            raise KeyError("link")
        return compose(job, address, language)

    monkeypatch.setattr(email, "compose", fails_for_one)
    assert sending.drain(channel.pk) == 1
    assert whole.reference in mail.outbox[0].subject
    waiting = Delivery.objects.get(update__referral=broken)
    assert (waiting.attempts, waiting.attempt_log.get().error) == (1, "KeyError")
    channel.refresh_from_db()
    assert channel.failures == 0, "it does not count against the mail server"
    Delivery.objects.filter(pk=waiting.pk).update(
        attempts=recording.DEAD_AFTER_ATTEMPTS - 1, next_attempt_at=clock.now()
    )
    assert sending.drain(channel.pk) == 0
    waiting.refresh_from_db()
    assert waiting.dead_at is not None
    assert waiting.dead_reason == "KeyError"


def test_responses_are_stored_without_control_characters(settings: Any) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = True
    with Receiver(answer=status(500, ("\x07<b>ü中" * 400).encode())) as receiver:
        channel, _ = factories.webhook(receiver.url)
        factories.referred_case(channel.agency)
        sending.drain(channel.pk)
    attempt = Delivery.objects.get().attempt_log.get()
    assert len(attempt.excerpt) <= 500
    assert attempt.excerpt.startswith("<b>ü中 <b>")
