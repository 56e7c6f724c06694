"""The channels by which updates reach agencies and members."""

from __future__ import annotations

from typing import ClassVar, Literal

from django.conf import settings
from django.db import models
from django.db.models import Case, CharField, F, Q, Value, When
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib import clock, sealing
from alliance.lib.constraints import together
from alliance.lib.history import tracked
from cases.liaison.models.agency import Agency
from members.models import Brand, Member

# The circuit breaker trips at this many consecutive failures.
BREAKER_TRIPS_AT = 5
# The same conditions as Channel.is_tripped and Channel.is_backing_off, for queries.
IS_TRIPPED = Q(failures__gte=BREAKER_TRIPS_AT)
IS_BACKING_OFF = Q(next_attempt_at__gt=Now())
SEALED_FOR = "webhook"
# The same condition as Channel.is_in_use, for queries.
IS_IN_USE = Q(is_active=True) & (Q(agency__is_active=True) | Q(member__status__in=Member.WRITING))

# Members' webhooks have workers of their own, so that a slow receiver of a member delays no agency.
MEMBER_WEBHOOK = "member_webhook"
# The same value as Channel.route, for queries.
ROUTE = Case(
    When(member__isnull=False, then=Value(MEMBER_WEBHOOK)),
    default=F("kind"),
    output_field=CharField(),
)


def without_query(url: str) -> str:
    """Return the URL with “…” in place of its query."""
    address, mark, _query = url.partition("?")
    return address + ("?…" if mark else "")


def _only(kind: str, needs: Q) -> Q:
    """Return the condition that a channel of ``kind`` meets ``needs`` and has no field of another kind."""
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


# A deleted webhook of a member.
_ERASED = Q(
    deleted_at__isnull=False,
    is_active=False,
    member__isnull=False,
    url="",
    secret_sealed="",
    previous_secret_sealed="",
)
# The field of an update that holds its ordering key. Updates with the same key are sent in order.
OrderedBy = Literal["referral", "case"]


class ChannelQuerySet(models.QuerySet["Channel"]):
    def of_agencies(self) -> ChannelQuerySet:
        """Return the channels of agencies, which operators look after."""
        return self.filter(agency__isnull=False)

    def of_members(self) -> ChannelQuerySet:
        """Return the webhooks of members that were not deleted. Their owners look after them."""
        return self.filter(member__isnull=False, deleted_at=None)

    def in_use(self) -> ChannelQuerySet:
        """Return active channels of active agencies and members."""
        return self.filter(IS_IN_USE)

    def ready(self) -> ChannelQuerySet:
        """Return channels that may be sent to now: in use, not paused, and not backing off."""
        return self.in_use().filter(~IS_BACKING_OFF, paused_at=None)


# Progress, written by workers many times a minute. The change history leaves it out.
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
# The change history must not keep secrets.
SECRETS = ("secret_sealed", "previous_secret_sealed", "token_hash")


@tracked(exclude=PROGRESS + SECRETS)
class Channel(models.Model):
    """A channel by which an agency or a member receives updates. One worker at a time sends them, under a lease.

    A member's channel is a webhook with the updates of the member's cases: of all its brands, or of those in
    ``brands``. A deleted one keeps its row for its append-only events, without URL and secrets.

    ``numbered_seq`` is the highest number assigned to a delivery; numbers have no gaps. In a stream,
    ``sent_seq`` is the highest number known to have arrived. The reader of a pull channel has acknowledged
    everything up to ``acknowledged_seq``. ``lease_until`` is when the lease of the worker expires
    (:mod:`cases.liaison.delivery.lease`).

    ``failures`` counts consecutive failures that count against the receiver. From :data:`BREAKER_TRIPS_AT` on
    the circuit breaker is open: nothing is sent until ``next_attempt_at``, then one delivery is sent as a
    probe. A paused channel, and a channel of an inactive agency or a suspended member, collects deliveries and
    sends none. An inactive channel, and one of a former member, does not collect any.
    """

    class Kind(models.TextChoices):
        STREAM = "stream", _("Redis stream")
        WEBHOOK = "webhook", _("Signed webhook")
        EMAIL = "email", pgettext_lazy("kind of channel", "Email")
        PULL = "pull", _("Pull API")

    class Breaker(models.TextChoices):
        CLOSED = "closed", pgettext_lazy("breaker", "normal")
        OPEN = "open", pgettext_lazy("breaker", "tripped")
        HALF_OPEN = "half_open", pgettext_lazy("breaker", "testing")

    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="channels")
    member = models.ForeignKey(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="channels",
        verbose_name=_("member"),
    )
    all_brands = models.BooleanField(_("all brands"), default=True, db_default=True, editable=False)
    deleted_at = models.DateTimeField(_("deleted"), null=True, blank=True, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=80)
    stream_key = models.CharField(
        _("stream"), max_length=120, unique=True, null=True, blank=True, default=None
    )
    url = models.URLField(_("URL"), max_length=500, blank=True, default="")
    email = models.EmailField(_("email address"), blank=True, default="")
    secret_sealed = models.TextField(blank=True, default="", editable=False)
    previous_secret_sealed = models.TextField(blank=True, default="", editable=False)
    previous_secret_until = models.DateTimeField(
        _("previous secret valid until"), null=True, blank=True, editable=False
    )
    token_hash = models.CharField(max_length=64, blank=True, default="", editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    alert_after_minutes = models.PositiveIntegerField(
        _("alert when the oldest update has waited (minutes)"), default=15
    )
    alert_backlog = models.PositiveIntegerField(
        _("alert at this number of waiting updates"), default=1000
    )
    behind_since = models.DateTimeField(_("behind since"), null=True, editable=False)
    alerted_at = models.DateTimeField(null=True, editable=False)
    paused_at = models.DateTimeField(_("paused"), null=True, blank=True, editable=False)
    pause_reason = models.CharField(
        _("reason for the pause"), max_length=300, blank=True, editable=False
    )
    numbered_seq = models.PositiveBigIntegerField(_("numbered up to"), default=0, editable=False)
    sent_seq = models.PositiveBigIntegerField(_("sent up to"), default=0, editable=False)
    acknowledged_seq = models.PositiveBigIntegerField(
        _("acknowledged up to"), db_default=0, editable=False
    )
    lease_token = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    last_success_at = models.DateTimeField(_("last success"), null=True, editable=False)
    last_error = models.CharField(_("last error"), max_length=300, blank=True, editable=False)
    failures = models.PositiveIntegerField(_("consecutive failures"), default=0, editable=False)
    next_attempt_at = models.DateTimeField(_("next attempt"), db_default=Now(), editable=False)

    objects = ChannelQuerySet.as_manager()
    # A URL may contain a key of the receiver, so the change history shows only a part of it.
    history_shows: ClassVar = {"url": without_query}

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
                condition=together("lease_token", "lease_until"),
            ),
            models.CheckConstraint(
                name="channel_kind_and_its_fields_go_together",
                violation_error_message=_("The fields of the channel do not fit its kind."),
                condition=_only("stream", Q(stream_key__isnull=False) & ~Q(stream_key=""))
                | _only("webhook", ~Q(url="") & ~Q(secret_sealed="") & Q(deleted_at=None))
                | _only("webhook", _ERASED)
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
            models.CheckConstraint(
                name="channel_of_an_agency_or_a_member",
                condition=Q(agency__isnull=False, member=None, all_brands=True)
                | Q(agency=None, member__isnull=False, kind="webhook"),
            ),
            models.UniqueConstraint(
                fields=("member", "name"),
                condition=Q(member__isnull=False, deleted_at=None),
                name="channel_name_once_per_member",
            ),
            models.UniqueConstraint(
                fields=("token_hash",),
                condition=~Q(token_hash=""),
                name="channel_token_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recipient} · {self.name}"

    @property
    def recipient(self) -> Agency | Member:
        """The agency or the member that receives the updates."""
        found = self.agency or self.member
        assert found
        return found

    @property
    def language(self) -> str:
        """The language of what people at the recipient read: the agency's, or the portal's for a member."""
        return self.agency.language if self.agency else settings.LANGUAGE_CODE

    @property
    def route(self) -> str:
        """The workers that the channel needs, a key of :data:`cases.liaison.delivery.wake.TASKS`: :data:`ROUTE`."""
        return MEMBER_WEBHOOK if self.member_id else self.kind

    @property
    def ordered_by(self) -> OrderedBy:
        """What keeps its order in this channel: the updates of a referral, or those of a case."""
        return "referral" if self.member_id is None else "case"

    @property
    def is_in_use(self) -> bool:
        """Whether the channel and its agency or member are active."""
        return self.is_active and self.may_be_sent_to

    @property
    def may_be_sent_to(self) -> bool:
        """Whether the agency or the member is active."""
        owner = self.recipient
        return owner.is_active if isinstance(owner, Agency) else owner.may_write

    @property
    def is_paused(self) -> bool:
        """Whether deliveries wait until an operator resumes the channel."""
        return self.paused_at is not None

    @property
    def shown_url(self) -> str:
        """The webhook's URL without its query, which may contain a key of the receiver."""
        return without_query(self.url)

    @property
    def breaker(self) -> Breaker:
        """The current state of the circuit breaker."""
        if not self.is_tripped:
            return self.Breaker.CLOSED
        return self.Breaker.OPEN if self.is_backing_off else self.Breaker.HALF_OPEN

    @property
    def is_tripped(self) -> bool:
        """Whether the circuit breaker is open or half-open: :data:`IS_TRIPPED` of this instance."""
        return self.failures >= BREAKER_TRIPS_AT

    @property
    def is_backing_off(self) -> bool:
        """Whether nothing may be sent before ``next_attempt_at``: :data:`IS_BACKING_OFF` of this instance."""
        return self.next_attempt_at > clock.now()

    def signing_secrets(self) -> list[str]:
        """Return the secrets that webhooks are signed with now: the current one, then the previous.

        Raises :class:`alliance.lib.sealing.CannotOpen` if ``SECRET_KEY`` was changed without a fallback.
        """
        sealed = [self.secret_sealed]
        if self.previous_secret_until and self.previous_secret_until > clock.now():
            sealed.append(self.previous_secret_sealed)
        return [sealing.unseal(one, purpose=SEALED_FOR) for one in sealed]


@tracked()
class ChannelBrand(models.Model):
    """A brand whose cases a member's webhook reports, if it does not report those of all brands."""

    channel = models.ForeignKey(
        Channel, models.CASCADE, related_name="brands", db_index=False, verbose_name=_("channel")
    )
    brand = models.ForeignKey(Brand, models.CASCADE, related_name="+", verbose_name=_("brand"))
    added_at = models.DateTimeField(_("added on"), default=clock.now)

    class Meta:
        verbose_name = _("brand of a webhook")
        verbose_name_plural = _("brands of webhooks")
        constraints = [
            models.UniqueConstraint(fields=("channel", "brand"), name="brand_once_per_channel"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} · {self.brand}"
