"""The storage that members use for evidence, and the discarded drafts whose files are due for disposal."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliance.lib import clock
from alliance.lib.history import tracked
from cases.models.case import Case
from members.models import Member


@tracked(exclude=("used_bytes",))
class StorageUse(models.Model):
    """The size of the evidence and the files of test purchases of a member. Services change ``used_bytes`` under the row lock."""

    member = models.OneToOneField(
        Member, models.CASCADE, primary_key=True, related_name="+", verbose_name=_("member")
    )
    used_bytes = models.PositiveBigIntegerField(_("used, in bytes"), default=0, editable=False)
    quota_mb = models.PositiveIntegerField(
        _("quota in MB"),
        null=True,
        blank=True,
        help_text=_("Leave empty for the quota that applies to every member."),
    )

    class Meta:
        verbose_name = _("member storage")
        verbose_name_plural = _("member storage")

    def __str__(self) -> str:
        return str(self.member)


class DiscardedDraft(models.Model):
    """A discarded draft. :mod:`cases.services.disposal` disposes of its files some days later."""

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="+")
    discarded_at = models.DateTimeField(_("discarded on"), default=clock.now)
    disposed_at = models.DateTimeField(_("files deleted on"), null=True, blank=True)

    class Meta:
        verbose_name = _("discarded draft")
        verbose_name_plural = _("discarded drafts")
        indexes = [
            models.Index(
                fields=("discarded_at",), name="discarded_waiting", condition=Q(disposed_at=None)
            ),
        ]

    def __str__(self) -> str:
        return str(self.case)
