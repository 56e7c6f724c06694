"""The naive alternative to the relay: a Celery task for each update. The module is the Celery application of its worker.

    celery -A benchmarks.delivery.naive worker

The task reads the update, appends it, and records that it was sent. It does not keep the order, and it does
not survive a kill between the last two steps.
"""

from __future__ import annotations

from alliance.celery import app

QUEUE = "default"


@app.task(name="benchmarks.send_update", ignore_result=True)
def send_update(delivery_id: int) -> None:
    """Append one update to its channel's stream and mark it as sent."""
    from django.db.models.functions import Now

    from alliance.lib import redis as connections
    from cases.liaison.delivery.stream import append
    from cases.liaison.models import Delivery

    delivery = Delivery.objects.select_related("update", "channel").get(pk=delivery_id)
    fields = {"update": append.encoded(delivery.update.payload)}
    connections.liaison().xadd(delivery.channel.stream_key, fields)
    Delivery.objects.filter(pk=delivery_id).update(seq=delivery_id, sent_at=Now())
