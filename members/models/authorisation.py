"""Authorisations of agents to act for a member."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from alliance.lib import clock
from alliance.lib.constraints import together
from alliance.lib.history import tracked
from members.models.document import Document
from members.models.organisation import Member
from members.models.people import Membership, User

# The agent and the owners are reminded this many days before the end.
REMINDER_DAYS = (30, 7)
DAY = timedelta(days=1)


class AuthorisationQuerySet(models.QuerySet["Authorisation"]):
    def in_force(self) -> AuthorisationQuerySet:
        """Return authorisations that were not ended and include today."""
        today = clock.today()
        return self.filter(ended_at=None, valid_from__lte=today, valid_until__gte=today)

    def ending(self, *, within: int) -> AuthorisationQuerySet:
        """Return those in force whose last day is at most ``within`` days away, unless another one continues them."""
        next_one = Authorisation.objects.filter(
            agent=OuterRef("agent"),
            member=OuterRef("member"),
            ended_at=None,
            valid_from__lte=OuterRef("valid_until") + DAY,
            valid_until__gt=OuterRef("valid_until"),
        )
        latest = clock.today() + within * DAY
        return self.in_force().filter(~Exists(next_one), valid_until__lte=latest)

    def of_agents(self) -> AuthorisationQuerySet:
        """Return those of people who still are agents of the member, which may use the portal."""
        roles = Membership.objects.filter(
            user=OuterRef("agent"),
            member=OuterRef("member"),
            is_agent=True,
            user__is_active=True,
            member__status__in=(Member.Status.ACTIVE, Member.Status.SUSPENDED),
        )
        return self.filter(Exists(roles))


@tracked()
class Authorisation(models.Model):
    """A member's authorisation of an agent for a period, with its signed document.

    An agent has access on the days that at least one authorisation includes; a renewal is another row. The row stays
    when the authorisation ends and when the agent loses the role.
    """

    member = models.ForeignKey(Member, models.CASCADE, related_name="authorisations")
    # Empty until the invited person accepts the invitation.
    agent = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="authorisations",
        verbose_name=_("agent"),
    )
    # Both are empty for roles of agents from before documents were kept.
    document = models.OneToOneField(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="authorisation",
        verbose_name=_("document"),
    )
    recorded_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("recorded by"),
    )
    recorded_at = models.DateTimeField(_("recorded on"), default=clock.now)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"))
    ended_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ended by")
    )
    ended_at = models.DateTimeField(_("ended on"), null=True, blank=True)
    # The last of REMINDER_DAYS of which the agent and the owners were reminded.
    reminded_days = models.PositiveSmallIntegerField(null=True, editable=False)

    objects = AuthorisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("authorisation")
        verbose_name_plural = _("authorisations")
        ordering = ("-valid_until", "-pk")
        indexes = [
            # For every query that asks for the roles of an agent.
            models.Index(
                fields=("agent", "member", "valid_until"),
                name="authorisation_not_ended",
                condition=Q(ended_at=None),
            ),
            models.Index(
                fields=("valid_until",), name="authorisation_due", condition=Q(ended_at=None)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="authorisation_ends_after_it_starts",
                condition=Q(valid_until__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="authorisation_ended_by_and_at_go_together",
                condition=together("ended_by", "ended_at"),
            ),
            models.CheckConstraint(
                name="authorisation_has_its_document",
                condition=together("document", "recorded_by"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agent or '–'} · {self.member} ({self.valid_from} – {self.valid_until})"

    @property
    def state(self) -> str:
        """``"ended"`` (at once, by an owner), ``"expired"``, ``"future"`` or ``"in_force"``."""
        today = clock.today()
        if self.ended_at:
            return "ended"
        if self.valid_until < today:
            return "expired"
        return "future" if self.valid_from > today else "in_force"
