"""The deadlines of a referral's steps, and the steps that are overdue."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliance.lib import clock
from alliance.lib.history import tracked
from cases.liaison.models.agency import Agency
from cases.liaison.models.referral import Referral
from cases.states import Priority


class DueStep(models.TextChoices):
    """The four steps of a referral, each with a deadline."""

    DELIVERED = "delivered", _("Delivered")
    READ = "read", _("Read")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    ACCEPTED = "accepted", _("Accepted or declined")


@tracked()
class DueTimes(models.Model):
    """The deadlines of an agency for cases of one priority, counted from the referral."""

    agency = models.ForeignKey(Agency, models.CASCADE, related_name="due_times")
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority.choices)
    deliver_minutes = models.PositiveIntegerField(_("delivered within (minutes)"), default=15)
    read_hours = models.PositiveIntegerField(_("read within (hours)"))
    acknowledge_hours = models.PositiveIntegerField(_("acknowledged within (hours)"))
    accept_hours = models.PositiveIntegerField(_("accepted or declined within (hours)"))

    class Meta:
        verbose_name = _("deadlines")
        verbose_name_plural = _("deadlines")
        ordering = ("agency", "-priority")
        constraints = [
            models.UniqueConstraint(
                fields=("agency", "priority"), name="due_times_once_per_agency_and_priority"
            ),
            models.CheckConstraint(
                name="due_times_in_their_order",
                violation_error_message=_(
                    "No step can be due before the step that precedes it: read, acknowledge, accept."
                ),
                condition=Q(read_hours__lte=models.F("acknowledge_hours"))
                & Q(acknowledge_hours__lte=models.F("accept_hours")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency} · {self.get_priority_display()}"


class EscalationQuerySet(models.QuerySet["Escalation"]):
    def open(self) -> EscalationQuerySet:
        """Return steps that were overdue at the last sweep."""
        return self.filter(resolved_at=None)

    def one_for_each_referral(self) -> EscalationQuerySet:
        """Return for each referral the open step that was due first."""
        earlier = Escalation.objects.open().filter(
            Q(due_at__lt=models.OuterRef("due_at"))
            | Q(due_at=models.OuterRef("due_at"), pk__lt=models.OuterRef("pk")),
            referral=models.OuterRef("referral"),
        )
        return self.filter(~models.Exists(earlier))


class Escalation(models.Model):
    """An overdue step of a referral. It is resolved when the step is done or no longer needed."""

    referral = models.ForeignKey(Referral, models.CASCADE, related_name="escalations")
    step = models.CharField(_("overdue step"), max_length=12, choices=DueStep.choices)
    due_at = models.DateTimeField(_("due at"))
    raised_at = models.DateTimeField(_("detected"), default=clock.now)
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)

    objects = EscalationQuerySet.as_manager()

    class Meta:
        verbose_name = _("overdue step")
        verbose_name_plural = _("overdue steps")
        ordering = ("due_at", "id")
        indexes = [
            models.Index(
                fields=("due_at", "id"), name="escalation_open", condition=Q(resolved_at=None)
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=("referral", "step"), name="escalation_once_per_step"),
        ]

    def __str__(self) -> str:
        return f"{self.referral} · {self.get_step_display()}"
