"""What the relay replaces: a Celery task for each update. An application of its own for the worker.

    celery -A benchmarks.delivery.naive worker

The task does what a careful author would write, and what the relay does for each update as well: read
it, append it, note that it was sent. Order, and a kill between the two last steps, are not its concern.
"""

from __future__ import annotations

from alliance.celery import app

QUEUE = "default"


@app.task(name="benchmarks.send_update", ignore_result=True)
def send_update(delivery_id: int) -> None:
    """Append one update to its channel's stream and note it as sent."""
    from django.db.models.functions import Now

    from alliance.lib import redis as connections
    from cases.liaison.delivery.stream import append
    from cases.liaison.models import Delivery

    delivery = Delivery.objects.select_related("update", "channel").get(pk=delivery_id)
    fields = {"update": append.encoded(delivery.update.payload)}
    connections.liaison().xadd(delivery.channel.stream_key, fields)
    Delivery.objects.filter(pk=delivery_id).update(seq=delivery_id, sent_at=Now())
