"""Queued email to people about their roles at members."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliance.lib.queued_mail import QueuedMail
from members.models.invitation import Invitation
from members.models.organisation import Member


class MemberNotice(QueuedMail):
    """One queued email. ``key`` is its idempotency key."""

    class Kind(models.TextChoices):
        INVITED = "invited", _("You are invited")
        INVITATION_ACCEPTED = "invitation_accepted", _("Your invitation was accepted")
        ROLE_CHANGED = "role_changed", _("Your role has changed")
        ROLE_ENDED = "role_ended", _("Your access has ended")

    key = models.CharField(_("about"), max_length=160, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    to = models.EmailField(_("to"))
    language = models.CharField(max_length=10, default=settings.LANGUAGE_CODE)
    member = models.ForeignKey(Member, models.CASCADE, related_name="+")
    invitation = models.ForeignKey(Invitation, models.CASCADE, null=True, related_name="+")
    data = models.JSONField(_("data"), default=dict, blank=True)

    class Meta(QueuedMail.Meta):
        abstract = False
        verbose_name = _("notice about a role")
        verbose_name_plural = _("notices about roles")
        indexes = [
            models.Index(
                fields=("next_attempt_at",),
                name="member_notice_waiting",
                condition=Q(sent_at=None, failed_at=None),
            ),
            models.Index(
                fields=("created_at", "id"),
                name="member_notice_age",
                condition=Q(sent_at__isnull=False) | Q(failed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.key
