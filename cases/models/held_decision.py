"""Decisions that have not taken effect yet: they can be undone, or wait for a second moderator."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib import clock, leased
from alliance.lib.constraints import together
from alliance.lib.leased import LeasedRow
from cases.models.case import HELD, Case
from cases.states import DecisionVerb
from members.models import User


class HeldDecisionQuerySet(models.QuerySet["HeldDecision"]):
    def open(self) -> HeldDecisionQuerySet:
        """Return decisions that have not ended."""
        return self.filter(state__in=HELD)

    def awaiting_second(self) -> HeldDecisionQuerySet:
        """Return decisions that wait for a second moderator."""
        return self.filter(state=HeldDecision.State.SECOND)

    def notices(self) -> HeldDecisionQuerySet:
        """Return ended decisions of which the moderator who made them has to know, until they dismiss the notice."""
        return self.filter(state__in=NOTIFIED, dismissed_at=None)


class HeldDecision(LeasedRow):
    """A decision of a moderator that takes effect at ``due_at``, unless it is undone before.

    ``values`` are the arguments of the service, with primary keys in place of objects. A decision that a
    :class:`ReviewRule` applies to waits for a second moderator first, until ``second_due_at``. ``replaces`` is the decision of a colleague that this
    one overrides. ``message`` says why a decision was refused or sent back. The row is the record of the decision, so it
    has no history.
    """

    class State(models.TextChoices):
        WAITING = leased.WAITING, pgettext_lazy("held decision", "Can be undone")
        SECOND = "second", pgettext_lazy("held decision", "Waiting for a second moderator")
        DONE = "done", pgettext_lazy("held decision", "Took effect")
        UNDONE = "undone", pgettext_lazy("held decision", "Undone")
        REFUSED = "refused", pgettext_lazy("held decision", "No longer possible")
        SENT_BACK = "sent_back", pgettext_lazy("held decision", "Sent back")
        REPLACED = "replaced", pgettext_lazy("held decision", "Decided otherwise")
        IMPOSSIBLE = leased.IMPOSSIBLE, pgettext_lazy("held decision", "Failed")

    case = models.ForeignKey(
        Case, models.CASCADE, related_name="held_decisions", verbose_name=_("case")
    )
    verb = models.CharField(_("decision"), max_length=22, choices=DecisionVerb.choices)
    values = models.JSONField(_("values"), default=dict, blank=True)
    expected_version = models.PositiveIntegerField(_("version of the case"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("decided by"))
    created_at = models.DateTimeField(_("decided on"), default=clock.now)
    state = models.CharField(
        _("status"), max_length=10, choices=State.choices, default=State.WAITING
    )
    message = models.TextField(_("reason"), blank=True)
    ended_at = models.DateTimeField(_("ended on"), null=True, blank=True)
    dismissed_at = models.DateTimeField(_("notice dismissed on"), null=True, blank=True)
    # The name of the rule because of which a second moderator decides, copied: rules change.
    rule_name = models.CharField(_("review rule"), max_length=120, blank=True)
    second_due_at = models.DateTimeField(_("second decision due"), null=True, blank=True)
    second_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("second moderator"),
    )
    second_at = models.DateTimeField(_("second decision on"), null=True, blank=True)
    replaces = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name=_("replaces"),
    )

    objects = HeldDecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("held decision")
        verbose_name_plural = _("held decisions")
        indexes = [
            models.Index(fields=("due_at",), name="held_due", condition=Q(state="waiting")),
            models.Index(
                fields=("second_due_at", "id"), name="held_second", condition=Q(state="second")
            ),
            models.Index(
                fields=("by", "-created_at"),
                name="held_of_person",
                condition=Q(state__in=("waiting", "second"))
                | Q(
                    state__in=("refused", "sent_back", "replaced", "impossible"), dismissed_at=None
                ),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("case",),
                condition=Q(state__in=("waiting", "second")),
                name="one_held_decision_per_case",
            ),
            models.CheckConstraint(
                name="held_decision_second_by_and_at_go_together",
                condition=together("second_by", "second_at"),
            ),
            models.CheckConstraint(
                name="held_decision_second_is_another_person",
                condition=Q(second_by=None) | ~Q(second_by=F("by")),
            ),
            models.CheckConstraint(
                name="held_decision_rule_has_a_deadline",
                condition=Q(rule_name="", second_due_at=None)
                | (~Q(rule_name="") & Q(second_due_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="held_decision_rule_needs_a_second",
                condition=Q(rule_name="")
                | Q(second_by__isnull=False)
                | ~Q(state__in=("waiting", "done")),
            ),
            models.CheckConstraint(
                name="held_decision_waits_for_nobody_twice",
                condition=~Q(state="second") | (Q(second_by=None) & ~Q(rule_name="")),
            ),
            models.CheckConstraint(
                name="held_decision_ends_when_it_is_not_open",
                # A worker gives a row up by its status alone (alliance.lib.leased).
                condition=Q(state__in=("waiting", "second"), ended_at=None)
                | Q(state="impossible")
                | (~Q(state__in=("waiting", "second")) & Q(ended_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.get_verb_display()}"

    @property
    def is_open(self) -> bool:
        """Whether the decision has not ended, so that the case cannot be worked on."""
        return self.state in HELD

    @property
    def awaits_second(self) -> bool:
        """Whether the decision waits for a second moderator."""
        return self.state == self.State.SECOND

    @property
    def text(self) -> str:
        """What the moderator wrote with the decision, or ""."""
        return str(self.values.get("facts") or self.values.get("note") or "")

    @property
    def seconds_left(self) -> int:
        """The seconds until the decision takes effect, at least 0."""
        left: timedelta = self.due_at - clock.now()
        return max(0, round(left.total_seconds()))


# How a decision can end without taking effect, by no wish of the moderator who made it.
NOTIFIED = (
    HeldDecision.State.REFUSED,
    HeldDecision.State.SENT_BACK,
    HeldDecision.State.REPLACED,
    HeldDecision.State.IMPOSSIBLE,
)
