"""Queued emails to officers and operators."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from alliance.lib.mail.queued import FINISHED, WAITING, AddressedMail
from cases.liaison.models.channel import Channel
from cases.liaison.models.referral import Referral


class Notice(AddressedMail):
    """A queued email about a referral, a channel or the evidence store."""

    class Kind(models.TextChoices):
        OVERDUE = "overdue", _("A step is overdue")
        BEHIND = "behind", _("A channel is behind")
        CAUGHT_UP = "caught_up", _("A channel has caught up")
        REFERRED = "referred", _("A case was referred to your agency")
        LOW_SPACE = "low_space", _("The evidence store is low on space")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    referral = models.ForeignKey(Referral, models.CASCADE, null=True, related_name="+")
    channel = models.ForeignKey(Channel, models.CASCADE, null=True, related_name="+")

    class Meta(AddressedMail.Meta):
        abstract = False
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = [
            models.Index(
                fields=("next_attempt_at",),
                name="notice_waiting",
                condition=WAITING,
            ),
            models.Index(fields=("to", "id"), name="notice_recipient"),
            # For the deletion of old rows in cases.background.retention.
            models.Index(
                fields=("created_at", "id"),
                name="notice_age",
                condition=FINISHED,
            ),
        ]
