"""The outbox and the queues it is pushed to. Writers: ``liaison.outbox`` and ``liaison.relay`` only."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib import clock, sealing
from alliance.lib.history import tracked
from cases.liaison.models.agency import Agency

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

    def ready(self) -> ChannelQuerySet:
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
                violation_error_message=_("The fields of the channel do not fit its kind."),
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
