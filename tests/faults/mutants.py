"""Wrong relays. Each replaces the real one in a worker, and the harness must detect it.

They are as independent of the real relay as possible, so that changes to it do not affect them.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from alliance.lib import redis as connections
from cases.liaison.delivery import numbering, sweep, wake
from cases.liaison.delivery.crash_points import reached
from cases.liaison.delivery.push import sending
from cases.liaison.delivery.stream import relay
from cases.liaison.models import Channel, Delivery


def textbook() -> None:
    """The textbook outbox: lock some rows, plain ``XADD``, mark them as sent, commit."""

    def drain(channel_id: int) -> int:
        sent = 0
        while count := _send(channel_id):
            sent += count
        return sent

    @transaction.atomic
    def _send(channel_id: int) -> int:
        rows = list(_unsent(channel_id))
        for row in rows:
            _add(channel_id, row)
        if rows:
            reached("appended")
        _mark(rows)
        return len(rows)

    _replace(relay, "drain", drain)
    _replace(sweep, "probe", list)


def marks_first() -> None:
    """Marks deliveries as sent before they are sent, in streams, webhooks and e-mail."""

    def drain(channel_id: int) -> int:
        sent = 0
        while rows := _marked(channel_id):
            reached("before_append")
            for row in rows:
                _add(channel_id, row)
            sent += len(rows)
        return sent

    @transaction.atomic
    def _marked(channel_id: int) -> list[Delivery]:
        rows = list(_unsent(channel_id))
        _mark(rows)
        return rows

    real_job = sending._job

    def job(row: Delivery) -> Any:
        Delivery.objects.filter(pk=row.pk).update(sent_at=Now())
        return real_job(row)

    _replace(relay, "drain", drain)
    _replace(sweep, "probe", list)
    _replace(sending, "_job", job)


def clears_late() -> None:
    """Clears the wake-up flag after draining, so that changes committed in between wake no worker."""
    real_drain, real_clear = relay.drain, wake.clear

    def drain(channel_id: int) -> int:
        sent = real_drain(channel_id)
        real_clear(channel_id)
        return sent

    _replace(wake, "clear", lambda _channel_id: None)
    _replace(relay, "drain", drain)


def cursor() -> None:
    """Finds new rows by an id above the last one, although ids commit out of order."""
    seen = """id > (SELECT coalesce(max(id), 0) FROM liaison_delivery
                       WHERE channel_id = %(channel)s AND seq IS NOT NULL)"""
    for module, name in ((numbering, "ASSIGN"), (relay, "_NUMBER_AND_READ")):
        sql = getattr(module, name)
        assert sql.count("seq IS NULL") == 1, f"{name} finds new rows in another way now"
        setattr(module, name, sql.replace("seq IS NULL", seen))


def no_rewind() -> None:
    """Does not refill a stream that lost entries, because it ignores the stream's last ID."""
    real = relay._advance
    signature = inspect.signature(real)
    assert {"batch", "last"} <= signature.parameters.keys()

    def advance(*arguments: Any, **named: Any) -> Any:
        bound = signature.bind(*arguments, **named)
        bound.arguments["last"] = max(bound.arguments["last"], bound.arguments["batch"].sent_seq)
        return real(*bound.args, **bound.kwargs)

    _replace(relay, "_advance", advance)
    _replace(sweep, "probe", list)


ALL: dict[str, Callable[[], None]] = {
    "textbook": textbook,
    "marks_first": marks_first,
    "clears_late": clears_late,
    "cursor": cursor,
    "no_rewind": no_rewind,
}


def _replace(module: Any, name: str, function: Callable[..., Any]) -> None:
    """Replace a function, which must exist: otherwise the mutant would change nothing."""
    assert callable(getattr(module, name)), f"{module.__name__} has no {name} any more"
    setattr(module, name, function)


def _unsent(channel_id: int) -> Any:
    rows = Delivery.objects.filter(channel_id=channel_id, sent_at=None)
    rows = rows.select_for_update(skip_locked=True, of=("self",)).select_related("update")
    return rows.order_by("id")[:100]


def _add(channel_id: int, row: Delivery) -> None:
    key = Channel.objects.values_list("stream_key", flat=True).get(pk=channel_id)
    connections.liaison().xadd(key or "", {"update": json.dumps(row.update.payload)})


def _mark(rows: list[Delivery]) -> None:
    for row in rows:
        Delivery.objects.filter(pk=row.pk).update(seq=row.pk, sent_at=Now())
