"""Channels other than streams: a failing webhook, an email channel and a pull channel.

Nothing leaves the machine: all host names are reserved, and the webhook is paused.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import OuterRef, Subquery

from alliance.lib import sealing, signing
from cases.demo.world import World
from cases.liaison.delivery.numbering import assign_all_numbers
from cases.liaison.delivery.pull.tokens import new_token, token_hash
from cases.liaison.delivery.push.recording import DEAD_AFTER_ATTEMPTS
from cases.liaison.models import Attempt, Channel, ChannelEvent, ChannelMinute, Delivery, Update
from cases.liaison.models.channel import SEALED_FOR

WEBHOOK = "https://liaison.customs.example/updates"
MAILBOX = "duty.desk@customs.example"
# The number of newest updates that are queued, by kind of channel.
WAITING = {"webhook": 9}
DEAD = 2
PAUSED = (
    "The agency is moving its case system to another data centre and will call when it is back."
)
TOO_NEW = '{"error": "unprocessable", "detail": "kind: not in the list of known steps"}'
BUSY = "<html><head><title>503 Service Temporarily Unavailable</title></head></html>"


def make(world: World) -> None:
    """Create the channels before the first referral, so that all updates are queued for them."""
    Channel.objects.bulk_create(
        [
            Channel(
                agency=world.agencies["rotterdam-border"][1],
                kind=Channel.Kind.WEBHOOK,
                name="Case system",
                url=WEBHOOK,
                secret_sealed=sealing.seal(signing.new_secret(), purpose=SEALED_FOR),
            ),
            Channel(
                agency=world.agencies["busan-false-goods"][1],
                kind=Channel.Kind.EMAIL,
                name="Duty desk",
                email=MAILBOX,
            ),
            Channel(
                agency=world.agencies["gulf-ports"][1],
                kind=Channel.Kind.PULL,
                name="Records system",
                token_hash=token_hash(new_token()),
            ),
        ]
    )


def finish(world: World) -> None:
    """Mark all but the newest updates as delivered, and let the webhook fail."""
    for channel in Channel.objects.exclude(kind=Channel.Kind.STREAM):
        assign_all_numbers(channel.pk)
        channel.refresh_from_db()
        _deliver(world, channel, up_to=max(channel.numbered_seq - WAITING.get(channel.kind, 0), 0))
    _fail(world, Channel.objects.select_related("agency").get(kind=Channel.Kind.WEBHOOK))


def _deliver(world: World, channel: Channel, *, up_to: int) -> None:
    made = Update.objects.filter(pk=OuterRef("update")).values("created_at")
    rows = Delivery.objects.filter(channel=channel, seq__lte=up_to)
    changes = {"sent_at": Subquery(made[:1])}
    if channel.kind == Channel.Kind.PULL:
        rows.update(acknowledged_at=Subquery(made[:1]), **changes)
    else:
        rows.update(attempts=1, **changes)
    last = rows.order_by("-seq").values_list("sent_at", flat=True).first()
    Channel.objects.filter(pk=channel.pk).update(sent_seq=up_to, last_success_at=last)


def _fail(world: World, channel: Channel) -> None:
    """Let the webhook reject some updates and then fail, until an operator pauses it."""
    waiting = Delivery.objects.filter(channel=channel).waiting().order_by("seq")
    heads: dict[int, Delivery] = {}
    for row in waiting.select_related("update"):
        heads.setdefault(row.update.ordering_key, row)
    first, tries = list(heads.values()), []
    for place, row in enumerate(first[:DEAD]):
        row.attempts, row.dead_reason = DEAD_AFTER_ATTEMPTS, "HTTP 422"
        row.dead_at = world.now - timedelta(hours=3, minutes=17 * place)
        row.save()
        tries += [(ago + 17 * place, row, 422, TOO_NEW) for ago in (180, 300)]
    for place, row in enumerate(first[DEAD:]):
        row.attempts = 3
        row.save()
        tries += [(ago + place, row, 503, BUSY) for ago in (29, 38, 52)]
    for ago, row, status, answer in sorted(tries, key=lambda one: -one[0]):
        _record_attempt(world, row, status, answer, world.now - timedelta(minutes=ago))
    paused = world.now - timedelta(minutes=24)
    Channel.objects.filter(pk=channel.pk).update(
        paused_at=paused, pause_reason=PAUSED, failures=4, last_error="HTTP 503"
    )
    admin = world.people["admin"]
    ChannelEvent.objects.create(
        channel=channel,
        kind=ChannelEvent.Kind.PAUSED,
        data={"reason": PAUSED},
        actor_id=admin.pk,
        actor_label=admin.name,
        at=paused,
    )


def _record_attempt(world: World, row: Delivery, status: int, answer: str, at: datetime) -> None:
    Attempt.objects.create(
        channel_id=row.channel_id,
        delivery=row,
        at=at,
        status=status,
        excerpt=answer,
        duration_ms=world.rng.randint(40, 900),
    )
    minute, _new = ChannelMinute.objects.get_or_create(channel_id=row.channel_id, minute=at)
    minute.failed += 1
    minute.save()
