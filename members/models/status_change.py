"""Suspensions, reinstatements and departures of members."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from alliance.lib import clock
from alliance.lib.history import tracked
from members.models.organisation import Member
from members.models.people import User


@tracked()
class StatusChange(models.Model):
    """A change of a member's status by a moderator or an admin, with the reason that the member reads."""

    class Kind(models.TextChoices):
        SUSPENDED = "suspended", _("Membership suspended")
        REINSTATED = "reinstated", _("Membership reinstated")
        LEFT = "left", _("Membership ended")

    member = models.ForeignKey(Member, models.CASCADE, related_name="status_changes")
    kind = models.CharField(_("change"), max_length=12, choices=Kind.choices)
    reason = models.TextField(_("reason"), max_length=2000)
    day = models.DateField(_("effective from"), default=clock.today)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made on"), default=clock.now)

    class Meta:
        verbose_name = _("change of a member’s status")
        verbose_name_plural = _("changes of members’ status")
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                name="status_change_has_a_reason", condition=~models.Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} · {self.get_kind_display()}"
