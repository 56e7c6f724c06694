"""Throughput of one channel, compared with a theoretical bound and with a Celery task per update.

The serial bound is computed from the two necessary operations, each at its fastest: plain ``XADD`` in
pipelines, and numbering and recording in SQL with two transactions a batch. A relay that does one after the
other without any overhead reaches 1/(1/XADD + 1/SQL).
"""

from __future__ import annotations

import time
from pathlib import Path

from django.db import connection, transaction

from alliance.lib import redis as connections
from benchmarks.delivery import naive, programs, scenario
from cases.liaison.delivery import numbering
from cases.liaison.delivery.stream import relay
from cases.liaison.models import Channel, Delivery


def relay_and_bound(count: int, rounds: int) -> dict[str, float]:
    """Send ``count`` updates in each round. Return rates per second and the share of the bound.

    Relay and bounds alternate, so that other load affects all equally.
    """
    setup = scenario.make(channels=1, cases=1)
    channel = setup.channels[0]
    relay.drain(channel.pk)
    spent = {"relay": 0.0, "xadd": 0.0, "sql": 0.0}
    for _ in range(rounds):
        scenario.backlog(channel, count)
        spent["sql"] += claim_and_mark(channel.pk, count)
        spent["xadd"] += plain_xadd(channel.pk, count)
        scenario.backlog(channel, count)
        _reset_stream(channel)
        spent["relay"] += _timed_drain(channel.pk, count)
    rate = {name: count * rounds / seconds for name, seconds in spent.items()}
    bound = 1 / (1 / rate["xadd"] + 1 / rate["sql"])
    return {**rate, "bound": bound, "share": rate["relay"] / bound}


def _timed_drain(channel_id: int, count: int) -> float:
    started = time.perf_counter()
    sent = relay.drain(channel_id)
    seconds = time.perf_counter() - started
    if sent != count:
        raise RuntimeError(f"{sent} of {count} were sent")
    return seconds


def _reset_stream(channel: Channel) -> None:
    """Reset the stream to an entry at ``sent_seq``, because the SQL of the bound appended nothing."""
    channel.refresh_from_db()
    streams = connections.liaison()
    streams.delete(channel.stream_key)
    if channel.sent_seq:
        streams.xadd(channel.stream_key, {"update": "{}"}, id=f"{channel.sent_seq}-0")


def plain_xadd(channel_id: int, count: int) -> float:
    """Append the same payloads, already encoded, in pipelines of the relay's batch size. Return seconds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT u.payload::text FROM liaison_update AS u JOIN liaison_delivery AS d"
            " ON d.update_id = u.id WHERE d.channel_id = %s ORDER BY d.seq DESC LIMIT %s",
            [channel_id, count],
        )
        payloads = [row[0] for row in cursor.fetchall()]
    streams = connections.liaison()
    streams.delete("bound")
    started = time.perf_counter()
    for at in range(0, count, numbering.BATCH):
        pipeline = streams.pipeline(transaction=False)
        for payload in payloads[at : at + numbering.BATCH]:
            pipeline.xadd("bound", {"update": payload})
        pipeline.execute()
    seconds = time.perf_counter() - started
    streams.delete("bound")
    return seconds


def claim_and_mark(channel_id: int, count: int) -> float:
    """Number and record ``count`` deliveries in batches of the relay's size. Return seconds."""
    started = time.perf_counter()
    for _ in range(0, count, numbering.BATCH):
        for statements in (_NUMBER, _RECORD):
            with transaction.atomic(), connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement, {"channel": channel_id, "batch": numbering.BATCH})
    seconds = time.perf_counter() - started
    if Delivery.objects.filter(channel_id=channel_id, sent_at=None).exists():
        raise RuntimeError("the bound has left unsent deliveries")
    return seconds


_NUMBER = (
    "SELECT 1 FROM liaison_channel WHERE id = %(channel)s FOR NO KEY UPDATE",
    """
    UPDATE liaison_delivery AS delivery SET seq = numbered_seq + place
      FROM liaison_channel AS channel,
           unnest(ARRAY(SELECT id FROM liaison_delivery
                         WHERE channel_id = %(channel)s AND seq IS NULL
                         ORDER BY id LIMIT %(batch)s)) WITH ORDINALITY AS chosen (id, place)
     WHERE delivery.id = chosen.id AND channel.id = %(channel)s
    """,
    "UPDATE liaison_channel SET numbered_seq = numbered_seq + %(batch)s WHERE id = %(channel)s",
)
_RECORD = (
    """
    UPDATE liaison_delivery SET sent_at = now()
     WHERE channel_id = %(channel)s AND sent_at IS NULL
       AND seq <= (SELECT numbered_seq FROM liaison_channel WHERE id = %(channel)s)
    """,
    "UPDATE liaison_channel SET sent_seq = numbered_seq WHERE id = %(channel)s",
)


def relay_and_naive(folder: Path, count: int, naive_count: int) -> dict[str, float]:
    """Return updates per second through a worker: by the relay, and by a Celery task for each.

    Measured from the first to the last arrival in the stream, without the time to queue the tasks.
    """
    queues, concurrency = programs.WORKER
    setup = scenario.make(channels=1, cases=1)
    channel = setup.channels[0]
    relay.drain(channel.pk)
    scenario.backlog(channel, count)
    reader = programs.Reader([channel.stream_key or ""])
    with programs.worker(folder, queues=queues, concurrency=concurrency):
        _wait_until_sent(channel)
    by_relay = _rate(reader)
    connections.liaison().delete(channel.stream_key)
    scenario.backlog(channel, naive_count)
    reader = programs.Reader([channel.stream_key or ""])
    unsent = Delivery.objects.filter(channel=channel, sent_at=None).order_by("pk")
    for delivery_id in unsent.values_list("pk", flat=True):
        naive.send_update.apply_async([delivery_id], queue=naive.QUEUE)
    # The portal's own sweep must not do the naive tasks' work.
    Channel.objects.filter(pk=channel.pk).update(is_active=False)
    with programs.worker(
        folder, queues=naive.QUEUE, concurrency=concurrency, application="benchmarks.delivery.naive"
    ):
        _wait_until_sent(channel)
    by_task = _rate(reader)
    return {"relay": by_relay, "task": by_task, "times": by_relay / by_task}


def _wait_until_sent(channel: Channel, seconds: float = 120.0) -> None:
    until = time.monotonic() + seconds
    while Delivery.objects.filter(channel=channel, sent_at=None).exists():
        if time.monotonic() > until:
            raise RuntimeError("the updates are not sent")
        time.sleep(0.1)


def _rate(reader: programs.Reader) -> float:
    times = sorted(reader.arrivals().values())
    return (len(times) - 1) / ((times[-1] - times[0]) / 1e9)
