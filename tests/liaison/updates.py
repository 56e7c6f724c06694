"""Helpers to change a referred case and to read an agency's stream."""

from __future__ import annotations

import json
from typing import Any

from django.db import transaction

from alliance.lib import redis as connections
from cases.liaison.models import Channel, Delivery, Referral, Update
from cases.models import Case
from cases.models.event import Audience, EventKind
from cases.services import core
from members.models import User


@transaction.atomic
def change(case: Case, by: User) -> None:
    """Commit one step of the case that creates an update."""
    core.record(
        core.lock(case),
        EventKind.LISTINGS_REMOVED,
        by=by,
        role=Audience.MODERATOR,
        audience=core.MEMBER_AND_LIAISON,
    )


def stream_of(referral: Referral) -> Channel:
    """Return the only channel of the referral's agency."""
    return Channel.objects.get(agency=referral.agency)


def read_stream(channel: Channel) -> list[tuple[int, dict[str, Any]]]:
    """Return sequence and payload of every entry, in the stream's order."""
    entries = connections.liaison().xrange(channel.stream_key)
    return [(int(i.decode().split("-")[0]), json.loads(f[b"update"])) for i, f in entries]


def assert_whole(channel: Channel) -> None:
    """Assert that every committed update is in the stream once, in the order of its case, and recorded as sent."""
    entries = read_stream(channel)
    expected = Update.objects.filter(deliveries__channel=channel)
    assert [seq for seq, _ in entries] == list(range(1, expected.count() + 1))
    assert {body["id"] for _, body in entries} == {
        str(pk) for pk in expected.values_list("pk", flat=True)
    }
    by_referral: dict[str, list[int]] = {}
    for _, body in entries:
        by_referral.setdefault(body["referral"]["reference"], []).append(body["sequence"])
    for sequences in by_referral.values():
        assert sequences == list(range(1, len(sequences) + 1))
    channel.refresh_from_db()
    assert channel.sent_seq == channel.numbered_seq == len(entries)
    assert not Delivery.objects.filter(channel=channel, sent_at=None).exists()


def is_whole(channel: Channel) -> bool:
    """Return whether :func:`assert_whole` would pass."""
    try:
        assert_whole(channel)
    except AssertionError:
        return False
    return True
