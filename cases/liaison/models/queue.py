"""The outbox and the queues it is pushed to. Writers: ``liaison.outbox`` and ``liaison.relay`` only."""

from __future__ import annotations

import uuid

import pgtrigger
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib import clock, sealing
from alliance.lib.history import tracked

from .agency import Agency
from .referral import Referral

# From so many failures in a row on, a lane's breaker is open.
BREAKER_OPENS_AT = 5
SEALED_FOR = "webhook"


def _only(kind: str, needs: Q) -> Q:
    """A channel of ``kind`` has what it ``needs`` and nothing that belongs to another kind."""
    empty = {
        "stream": Q(stream_key=None),
        "webhook": Q(url="", secret_sealed="", previous_secret_sealed=""),
        "email": Q(email=""),
        "pull": Q(token_hash=""),
    }
    condition = Q(kind=kind) & needs
    for other, nothing in empty.items():
        if other != kind:
            condition &= nothing
    return condition


class ChannelQuerySet(models.QuerySet["Channel"]):
    def in_use(self) -> ChannelQuerySet:
        """Channels that are in use, and their agencies as well."""
        return self.filter(is_active=True, agency__is_active=True)

    def rested(self) -> ChannelQuerySet:
        """Channels that may be sent to now: in use, not paused, and not resting after a failure."""
        return self.in_use().filter(paused_at=None, next_attempt_at__lte=Now())


# How far a lane came: written by workers many times a minute, and no decision of anybody's.
PROGRESS = (
    "numbered_seq",
    "sent_seq",
    "acknowledged_seq",
    "lease_token",
    "lease_until",
    "last_success_at",
    "last_error",
    "failures",
    "next_attempt_at",
    "behind_since",
    "alerted_at",
)
# Kept in the row alone: an old secret in the history would still be one.
SECRETS = ("secret_sealed", "previous_secret_sealed", "token_hash")


@tracked(exclude=PROGRESS + SECRETS)
class Channel(models.Model):
    """A queue by which an agency receives updates; relayed by one worker at a time, its *lane*.

    ``numbered_seq`` is the highest number given to a delivery, without gaps. In a stream ``sent_seq`` is
    the highest known to have arrived. A pull channel has acknowledged all that it was handed out up to
    ``acknowledged_seq``. ``lease_until`` keeps other workers off while one drains the lane.
    It is only a courtesy: the stream itself refuses what is there already, and a webhook's receiver knows
    it by its id, so a late worker does no harm.

    ``failures`` counts failures in a row that speak against the other side as a whole; from
    :data:`BREAKER_OPENS_AT` on the lane's breaker is open: it rests until ``next_attempt_at``, then one
    delivery is tried as a probe. A paused channel collects deliveries and sends none, and so does one of an
    agency that is not in use; an inactive one does not even collect.
    """

    class Kind(models.TextChoices):
        STREAM = "stream", _("Redis stream")
        WEBHOOK = "webhook", _("Signed webhook")
        EMAIL = "email", _("E-mail")
        PULL = "pull", _("Pull API")

    class Breaker(models.TextChoices):
        CLOSED = "closed", pgettext_lazy("breaker", "closed")
        OPEN = "open", pgettext_lazy("breaker", "open")
        HALF_OPEN = "half_open", pgettext_lazy("breaker", "half open")

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="channels")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=80)
    stream_key = models.CharField(
        _("stream"), max_length=120, unique=True, null=True, blank=True, default=None
    )
    url = models.URLField(_("address"), max_length=500, blank=True, default="")
    email = models.EmailField(_("e-mail address"), blank=True, default="")
    secret_sealed = models.TextField(blank=True, default="", editable=False)
    previous_secret_sealed = models.TextField(blank=True, default="", editable=False)
    previous_secret_until = models.DateTimeField(
        _("previous secret valid until"), null=True, blank=True, editable=False
    )
    token_hash = models.CharField(max_length=64, blank=True, default="", editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    alert_after_minutes = models.PositiveIntegerField(
        _("alert when the oldest update waits (minutes)"), default=15
    )
    alert_backlog = models.PositiveIntegerField(
        _("alert from so many waiting updates"), default=1000
    )
    behind_since = models.DateTimeField(_("behind since"), null=True, editable=False)
    alerted_at = models.DateTimeField(null=True, editable=False)
    paused_at = models.DateTimeField(_("paused"), null=True, blank=True, editable=False)
    pause_reason = models.CharField(_("why paused"), max_length=300, blank=True, editable=False)
    numbered_seq = models.PositiveBigIntegerField(_("numbered up to"), default=0, editable=False)
    sent_seq = models.PositiveBigIntegerField(_("sent up to"), default=0, editable=False)
    acknowledged_seq = models.PositiveBigIntegerField(
        _("acknowledged up to"), db_default=0, editable=False
    )
    lease_token = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    last_success_at = models.DateTimeField(_("last success"), null=True, editable=False)
    last_error = models.CharField(_("last error"), max_length=300, blank=True, editable=False)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)
    next_attempt_at = models.DateTimeField(_("next attempt"), db_default=Now(), editable=False)

    objects = ChannelQuerySet.as_manager()

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        ordering = ("agency", "name")
        constraints = [
            models.CheckConstraint(
                name="channel_sends_only_what_is_numbered",
                condition=Q(sent_seq__lte=F("numbered_seq")),
            ),
            models.CheckConstraint(
                name="channel_lease_token_and_time_go_together",
                condition=Q(lease_token=None, lease_until=None)
                | Q(lease_token__isnull=False, lease_until__isnull=False),
            ),
            models.CheckConstraint(
                name="channel_kind_and_its_fields_go_together",
                condition=_only("stream", Q(stream_key__isnull=False) & ~Q(stream_key=""))
                | _only("webhook", ~Q(url="") & ~Q(secret_sealed=""))
                | _only("email", ~Q(email=""))
                | _only("pull", ~Q(token_hash="")),
            ),
            models.CheckConstraint(
                name="channel_previous_secret_and_time_go_together",
                condition=Q(previous_secret_sealed="", previous_secret_until=None)
                | (~Q(previous_secret_sealed="") & Q(previous_secret_until__isnull=False)),
            ),
            models.CheckConstraint(
                name="channel_paused_with_a_reason",
                condition=Q(paused_at=None, pause_reason="")
                | (Q(paused_at__isnull=False) & ~Q(pause_reason="")),
            ),
            models.UniqueConstraint(
                fields=("token_hash",),
                condition=~Q(token_hash=""),
                name="channel_token_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency} · {self.name}"

    @property
    def is_in_use(self) -> bool:
        """Whether anything is sent at all: neither the channel nor its agency was given up."""
        return self.is_active and self.agency.is_active

    @property
    def is_paused(self) -> bool:
        """Whether deliveries wait until somebody resumes the channel."""
        return self.paused_at is not None

    @property
    def shown_url(self) -> str:
        """The webhook's address without the values of its query: a key of the other side's may be in it."""
        address, mark, _query = self.url.partition("?")
        return address + ("?…" if mark else "")

    @property
    def breaker(self) -> Breaker:
        """The state of the lane's breaker at this moment."""
        if self.failures < BREAKER_OPENS_AT:
            return self.Breaker.CLOSED
        resting = self.next_attempt_at > clock.now()
        return self.Breaker.OPEN if resting else self.Breaker.HALF_OPEN

    def signing_secrets(self) -> list[str]:
        """Return the secrets that webhooks are signed with now: the current one, then the previous.

        Raises :class:`alliance.lib.sealing.CannotOpen` after ``SECRET_KEY`` was changed without a fallback.
        """
        sealed = [self.secret_sealed]
        if self.previous_secret_until and self.previous_secret_until > clock.now():
            sealed.append(self.previous_secret_sealed)
        return [sealing.unseal(one, purpose=SEALED_FOR) for one in sealed]


class Update(models.Model):
    """One update of one case for one agency: frozen when the change was committed.

    Append-only: a trigger refuses update and delete, so that what is sent again is what was sent.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.ForeignKey(Referral, models.PROTECT, related_name="updates")
    sequence = models.PositiveIntegerField(_("number within the referral"))
    kind = models.CharField(_("what"), max_length=30)
    case_version = models.PositiveIntegerField(_("version of the case"))
    payload = models.JSONField(_("content"))
    created_at = models.DateTimeField(_("created"), default=clock.now)

    class Meta:
        verbose_name = _("update")
        verbose_name_plural = _("updates")
        constraints = [
            models.UniqueConstraint(fields=("referral", "sequence"), name="update_sequence_once"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.sequence}"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def waiting(self) -> DeliveryQuerySet:
        """What has not been sent, parked deliveries included."""
        return self.filter(sent_at=None)

    def dead(self) -> DeliveryQuerySet:
        """What was given up; the later deliveries of the same case wait behind it."""
        return self.filter(sent_at=None, dead_at__isnull=False)

    def timely(self) -> DeliveryQuerySet:
        """What is due by its time alone: it may wait behind another of its case."""
        return self.filter(sent_at=None, dead_at=None, next_attempt_at__lte=Now())

    def heads(self) -> DeliveryQuerySet:
        """The first unsent delivery of each case, unless it was given up.

        Within a case numbers have the order of its updates: only those before it are looked at.
        """
        earlier = self.model._default_manager.filter(
            channel=OuterRef("channel"),
            update__referral=OuterRef("update__referral"),
            update__sequence__lt=OuterRef("update__sequence"),
            sent_at=None,
            seq__lt=OuterRef("seq"),
        )
        return self.filter(~Exists(earlier), seq__isnull=False, sent_at=None, dead_at=None)

    def due(self) -> DeliveryQuerySet:
        """What a webhook or e-mail lane may send now: the first unsent of each case, if it is its time.

        Nothing from the number on that a replay has not come to yet: an earlier one of the case may follow.
        """
        held = Resend.objects.filter(
            channel=OuterRef("channel"), finished_at=None, next_seq__lte=OuterRef("seq")
        )
        return self.heads().filter(~Exists(held), next_attempt_at__lte=Now())


class Delivery(models.Model):
    """An update on its way through a channel.

    The row waits as long as ``sent_at`` is empty. ``seq`` is the channel's number for it, given by
    the relay; rows without one are found by that, never by an id cursor: ids commit out of order.
    ``due_again_at`` is when it was ordered again after it had been sent; one that never was waits from the
    moment its update was made.
    Sent and acknowledged are two facts: ``acknowledged_at`` is what the agency's system said itself.
    ``refused_since`` is when the other side, being there, first answered this delivery with an error.
    ``put_aside`` says that ``next_attempt_at`` is no time of its own: it waits behind another of its case.
    """

    update = models.ForeignKey(Update, models.PROTECT, related_name="deliveries")
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="deliveries")
    seq = models.PositiveBigIntegerField(_("number in the channel"), null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    due_again_at = models.DateTimeField(_("ordered again"), null=True, editable=False)
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), db_default=Now())
    put_aside = models.BooleanField(_("put aside"), db_default=False, editable=False)
    refused_since = models.DateTimeField(_("refused since"), null=True, editable=False)
    dead_at = models.DateTimeField(_("given up"), null=True)
    dead_reason = models.CharField(_("why given up"), max_length=300, blank=True, default="")

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes = [
            models.Index(
                fields=("channel", "id"), name="delivery_unnumbered", condition=Q(seq=None)
            ),
            models.Index(
                fields=("channel", "seq"), name="delivery_unsent", condition=Q(sent_at=None)
            ),
            models.Index(
                fields=("channel", "next_attempt_at"),
                name="delivery_due",
                condition=Q(sent_at=None, dead_at=None),
            ),
            models.Index(
                fields=("channel", "dead_at"),
                name="delivery_dead",
                condition=Q(sent_at=None, dead_at__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=("update", "channel"), name="delivery_once_per_channel"),
            models.UniqueConstraint(fields=("channel", "seq"), name="delivery_number_once"),
            models.CheckConstraint(
                name="delivery_sent_has_a_number",
                condition=Q(sent_at=None) | Q(seq__isnull=False),
            ),
            models.CheckConstraint(
                name="delivery_dead_with_a_reason_and_not_sent",
                condition=Q(dead_at=None, dead_reason="")
                | (Q(dead_at__isnull=False, sent_at=None) & ~Q(dead_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel_id}/{self.seq}"


class Resend(models.Model):
    """An order to send again: all of a channel from a number on, or what had been given up by then.

    Carried out by the lane's workers in slices (``liaison.resend``): each slice and how far it went are one
    transaction. ``next_seq`` is the first number that is still to be put back, ``next_dead_at`` where
    the next slice of the given-up begins; ``done`` is how many are due again. Until a replay has passed a
    number nothing from there on is sent, so that each case keeps its order. A channel has one open at most.
    """

    class What(models.TextChoices):
        REPLAY = "replay", _("From a number")
        DEAD = "dead", _("What was given up")

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="resends")
    what = models.CharField(_("what"), max_length=10, choices=What.choices)
    from_seq = models.PositiveBigIntegerField(_("from number"), null=True)
    last_seq = models.PositiveBigIntegerField(_("up to number"), null=True)
    next_seq = models.PositiveBigIntegerField(_("next number"), null=True)
    next_dead_at = models.DateTimeField(null=True, editable=False)
    asked_at = models.DateTimeField(_("asked for"), db_default=Now())
    actor_id = models.BigIntegerField(_("user number"), null=True, blank=True)
    actor_label = models.CharField(_("who"), max_length=300, blank=True)
    done = models.PositiveBigIntegerField(_("due again"), default=0)
    finished_at = models.DateTimeField(_("finished"), null=True)
    is_stopped = models.BooleanField(_("stopped"), default=False)

    class Meta:
        verbose_name = _("order to send again")
        verbose_name_plural = _("orders to send again")
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=("channel",), condition=Q(finished_at=None), name="resend_one_at_a_time"
            ),
            models.CheckConstraint(
                name="resend_from_a_number_or_of_the_dead",
                condition=Q(
                    what="replay",
                    from_seq__isnull=False,
                    last_seq__isnull=False,
                    next_seq__isnull=False,
                )
                | Q(what="dead", from_seq=None, last_seq=None, next_seq=None),
            ),
            models.CheckConstraint(
                name="resend_stopped_is_finished",
                condition=Q(is_stopped=False) | Q(finished_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel_id} · {self.get_what_display()}"

    @property
    def total(self) -> int | None:
        """How many it is for; ``None`` for what was given up, which nobody counts."""
        if self.from_seq is None or self.last_seq is None:
            return None
        return self.last_seq - self.from_seq + 1
