"""The clocks of a referral: how soon an agency is to take each step, and what is late."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliance.lib import clock
from alliance.lib.history import tracked
from cases.liaison.models.agency import Agency
from cases.liaison.models.referral import Referral
from cases.states import Priority


class Clock(models.TextChoices):
    """The four facts about a referral that are waited for, each with a time of its own."""

    DELIVERED = "delivered", _("Delivered")
    READ = "read", _("Read")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    ACCEPTED = "accepted", _("Accepted or declined")


@tracked()
class DueTimes(models.Model):
    """How soon an agency takes each step with cases of one priority. Counted from the referral on."""

    agency = models.ForeignKey(Agency, models.CASCADE, related_name="due_times")
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority.choices)
    deliver_minutes = models.PositiveIntegerField(_("delivered within (minutes)"), default=15)
    read_hours = models.PositiveIntegerField(_("read within (hours)"))
    acknowledge_hours = models.PositiveIntegerField(_("acknowledged within (hours)"))
    accept_hours = models.PositiveIntegerField(_("accepted or declined within (hours)"))

    class Meta:
        verbose_name = _("due times")
        verbose_name_plural = _("due times")
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
        """What is overdue now, as far as the last sweep saw."""
        return self.filter(settled_at=None)

    def one_for_each_referral(self) -> EscalationQuerySet:
        """Of the open steps of a referral, the one that was due first."""
        earlier = Escalation.objects.open().filter(
            Q(due_at__lt=models.OuterRef("due_at"))
            | Q(due_at=models.OuterRef("due_at"), pk__lt=models.OuterRef("pk")),
            referral=models.OuterRef("referral"),
        )
        return self.filter(~models.Exists(earlier))


class Escalation(models.Model):
    """One step of one referral that became overdue. Settled when the step was taken, or needless."""

    referral = models.ForeignKey(Referral, models.CASCADE, related_name="escalations")
    step = models.CharField(_("what is late"), max_length=12, choices=Clock.choices)
    due_at = models.DateTimeField(_("was due"))
    raised_at = models.DateTimeField(_("noticed"), default=clock.now)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)

    objects = EscalationQuerySet.as_manager()

    class Meta:
        verbose_name = _("overdue step")
        verbose_name_plural = _("overdue steps")
        ordering = ("due_at", "id")
        indexes = [
            models.Index(
                fields=("due_at", "id"), name="escalation_open", condition=Q(settled_at=None)
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=("referral", "step"), name="escalation_once_per_step"),
        ]

    def __str__(self) -> str:
        return f"{self.referral} · {self.get_step_display()}"
