"""Operations of agencies, and the figures published from them."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from alliance.lib import clock, ids
from alliance.lib.constraints import together
from alliance.lib.history import tracked
from cases.liaison.models.agency import Agency
from cases.models.case import Case
from cases.states import OperationStatus
from members.models import User


@tracked()
class Operation(models.Model):
    """A raid, detention, seizure or conviction that an agency reports.

    ``value_cny`` is in yuan, on the basis ``value_basis``. ``premises_closed`` counts the premises closed. The
    figures are published after a moderator who did not refer the case has verified them.
    """

    class Kind(models.TextChoices):
        RAID = "raid", _("Raid")
        SEIZURE = "seizure", _("Seizure")
        DETENTION = "detention", _("Detention")
        CONVICTION = "conviction", _("Conviction")

    class Basis(models.TextChoices):
        GENUINE_RETAIL = "genuine_retail", _("Retail price of the genuine goods")
        ASKING_PRICE = "asking_price", _("Asking price of the counterfeits")
        APPRAISED = "appraised", _("Official appraisal")

    reference = models.CharField(
        _("reference"), max_length=14, unique=True, default=ids.operation_reference, editable=False
    )
    # The idempotency key of the form: a second click on the button finds the first operation.
    form_token = models.UUIDField(unique=True, null=True, blank=True, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="operations")
    cases = models.ManyToManyField(Case, related_name="operations", verbose_name=_("cases"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    held_on = models.DateField(_("date"))
    country = CountryField(verbose_name=_("country or region"))
    place = models.CharField(_("place"), max_length=120, help_text=_("City or district."))
    premises_closed = models.PositiveIntegerField(_("premises closed"), default=0)
    arrests = models.PositiveIntegerField(_("people detained or arrested"), default=0)
    items_seized = models.PositiveIntegerField(_("items seized"), default=0)
    value_cny = models.DecimalField(
        _("value of goods (CNY)"),
        max_digits=14,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(0)],
    )
    value_basis = models.CharField(
        _("basis of the value"), max_length=15, choices=Basis.choices, default=Basis.GENUINE_RETAIL
    )
    summary = models.TextField(_("summary"), blank=True, max_length=5000)
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=OperationStatus.choices,
        default=OperationStatus.REPORTED,
    )
    reported_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    reported_at = models.DateTimeField(_("reported"), default=clock.now)
    verified_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    verified_at = models.DateTimeField(_("verified"), null=True, blank=True)
    retraction_reason = models.TextField(_("reason for retraction"), blank=True, max_length=2000)

    class Meta:
        verbose_name = _("operation")
        verbose_name_plural = _("operations")
        ordering = ("-held_on", "-id")
        indexes = [
            models.Index(fields=("status", "-held_on", "-id"), name="operation_by_status"),
            models.Index(fields=("agency", "-held_on", "-id"), name="operation_of_agency"),
        ]
        constraints = [
            models.CheckConstraint(
                name="operation_verified_by_and_at_go_together",
                condition=together("verified_by", "verified_at"),
            ),
            models.CheckConstraint(
                name="operation_verified_says_by_whom",
                condition=~Q(status="verified") | Q(verified_by__isnull=False),
            ),
            models.CheckConstraint(
                name="operation_value_not_negative", condition=Q(value_cny__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return self.reference


@tracked()
class ImpactSnapshot(models.Model):
    """Published figures: definition, period, figures, and a hash of these and the operations.

    ``figures`` holds ``premises_closed``, ``arrests``, ``items_seized``, ``value_cny`` (string, yuan),
    ``operations``, ``cases_upheld``, ``listings_removed`` and ``by_year``. The public pages show the latest
    snapshot. :class:`CountedOperation` rows say which operations it counts. ``previous_sha256`` is the hash of
    the previous snapshot; it is empty for the first one and for snapshots from before the hash chain.
    ``published_by`` is empty for snapshots that a worker published.
    """

    definition_version = models.PositiveSmallIntegerField(_("definition"), default=1)
    period_from = models.DateField(_("from"))
    period_to = models.DateField(_("to"))
    figures = models.JSONField(_("figures"))
    previous_sha256 = models.CharField(
        _("SHA-256 of the previous one"), max_length=64, blank=True, default=""
    )
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(_("published"), default=clock.now)

    class Meta:
        verbose_name = _("impact snapshot")
        verbose_name_plural = _("impact snapshots")
        ordering = ("-published_at", "-id")
        get_latest_by = ("published_at", "id")
        indexes = [models.Index(fields=("-published_at", "-id"), name="impact_latest")]

    def __str__(self) -> str:
        return f"{self.period_from} – {self.period_to}"

    def references(self) -> list[str]:
        """Return the references of the operations that the snapshot counts, sorted."""
        counted = CountedOperation.objects.in_snapshot(self)
        return sorted(counted.values_list("operation__reference", flat=True))


class CountedOperationQuerySet(models.QuerySet["CountedOperation"]):
    def current(self) -> CountedOperationQuerySet:
        """Return the operations that the latest snapshot counts."""
        return self.filter(until=None)

    def in_snapshot(self, snapshot: ImpactSnapshot) -> CountedOperationQuerySet:
        """Return the operations that ``snapshot`` counts."""
        began = self.filter(since__lte=snapshot.pk)
        return began.filter(Q(until=None) | Q(until__gt=snapshot.pk))


class CountedOperation(models.Model):
    """An operation that snapshots count, from ``since`` up to but not including ``until``.

    One row covers any number of snapshots. Snapshots are published one after the other, so their keys are in
    the order of publication.
    """

    operation = models.ForeignKey(
        Operation, models.PROTECT, related_name="+", verbose_name=_("operation")
    )
    since = models.ForeignKey(
        ImpactSnapshot, models.PROTECT, related_name="+", verbose_name=_("first counted in")
    )
    until = models.ForeignKey(
        ImpactSnapshot,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("no longer counted in"),
    )

    objects = CountedOperationQuerySet.as_manager()

    class Meta:
        verbose_name = _("counted operation")
        verbose_name_plural = _("counted operations")
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=("operation",), condition=Q(until=None), name="operation_counted_once"
            ),
            models.CheckConstraint(
                name="operation_counted_in_order",
                condition=Q(until=None) | Q(until__gt=models.F("since")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.operation_id}: {self.since_id}–{self.until_id or ''}"
