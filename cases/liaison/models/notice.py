"""Queued emails to officers and operators."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliance.lib.queued_mail import QueuedMail
from cases.liaison.models.channel import Channel
from cases.liaison.models.referral import Referral


class Notice(QueuedMail):
    """One queued email. ``key`` is its idempotency key: it identifies the event and the recipient."""

    class Kind(models.TextChoices):
        OVERDUE = "overdue", _("A step is overdue")
        BEHIND = "behind", _("A channel is behind")
        CAUGHT_UP = "caught_up", _("A channel has caught up")
        REFERRED = "referred", _("A case was referred to your agency")
        LOW_SPACE = "low_space", _("The evidence store is low on space")

    key = models.CharField(_("about"), max_length=160, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    to = models.EmailField(_("to"))
    language = models.CharField(max_length=10, default=settings.LANGUAGE_CODE)
    referral = models.ForeignKey(Referral, models.CASCADE, null=True, related_name="+")
    channel = models.ForeignKey(Channel, models.CASCADE, null=True, related_name="+")
    data = models.JSONField(_("data"), default=dict, blank=True)

    class Meta(QueuedMail.Meta):
        abstract = False
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = [
            models.Index(
                fields=("next_attempt_at",),
                name="notice_waiting",
                condition=Q(sent_at=None, failed_at=None),
            ),
            models.Index(fields=("to", "id"), name="notice_recipient"),
            # For the deletion of old rows in cases.background.retention.
            models.Index(
                fields=("created_at", "id"),
                name="notice_age",
                condition=Q(sent_at__isnull=False) | Q(failed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.key
