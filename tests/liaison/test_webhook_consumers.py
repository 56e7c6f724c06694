"""The requests of a real worker, verified by independent libraries."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_structured
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from django.conf import settings
from django.utils import timezone
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from cases.liaison.models import Channel, Update
from cases.services.channels import setup
from tests import factories
from tests.liaison.receiver import Call, Receiver
from tests.liaison.updates import change
from tests.processes import wait_for, worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker]


def verifies(secret: str, call: Call, body: bytes | None = None) -> bool:
    try:
        Webhook(secret).verify(call.body if body is None else body, call.headers)
    except WebhookVerificationError:
        return False
    return True


def assert_is_the_event_of(call: Call, update: Update) -> None:
    event: Any = from_structured(
        HTTPMessage(headers=call.headers, body=call.body), JSONFormat(), CloudEvent
    )
    assert event.get_id() == call.id == str(update.pk)
    assert event.get_source() == f"{settings.SITE_URL}/liaison/"
    assert event.get_type() == f"org.alliance-portal.liaison.{update.kind}.v1"
    assert event.get_subject() == update.referral.case.reference
    assert event.get_time() == update.created_at
    assert event.get_datacontenttype() == "application/json"
    assert event.get_dataschema().endswith("/api/v1/liaison/schema/update.v1.json")
    assert event.get_data() == update.payload


def test_signatures_before_during_and_after_a_rotation(tmp_path: Path, settings: Any) -> None:
    """They verify with the old secret, with both, then with the new one, and never with another one."""
    settings.WEBHOOK_ALLOW_PRIVATE = True
    moderator, admin = factories.moderator(), factories.admin()
    _other, stranger = factories.webhook("https://liaison.example/in")
    with Receiver() as receiver:
        channel, former = factories.webhook(receiver.url)
        with worker(tmp_path / "worker.log", WEBHOOK_ALLOW_PRIVATE="1"):
            seller = factories.seller(name="义乌 “Ünïcode” & <Söhne>")
            referral = factories.referred_case(channel.agency, against=seller)
            wait_for(lambda: len(receiver.calls) == 1, what="the first update")
            new = setup.rotate_secret(channel=channel, by=admin)
            change(referral.case, moderator)
            wait_for(lambda: len(receiver.calls) == 2, what="the second update")
            Channel.objects.filter(pk=channel.pk).update(
                previous_secret_until=timezone.now() - timedelta(seconds=1)
            )
            change(referral.case, moderator)
            wait_for(lambda: len(receiver.calls) == 3, what="the third update")
    valid = [[verifies(secret, call) for secret in (former, new)] for call in receiver.calls]
    assert valid == [[True, False], [True, True], [False, True]]
    updates = Update.objects.select_related("referral__case").order_by("sequence")
    for call, update in zip(receiver.calls, updates, strict=True):
        assert_is_the_event_of(call, update)
        assert not verifies(stranger, call)
        assert not any(verifies(s, call, call.body + b" ") for s in (former, new))
    assert seller.name.encode() in receiver.calls[0].body
