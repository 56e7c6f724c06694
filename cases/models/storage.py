"""How much of the evidence store each member uses, and which drafts' files are due for disposal."""

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
    """The evidence that a member has stored. Services change ``used_bytes`` under the row's lock."""

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
        verbose_name = _("storage of a member")
        verbose_name_plural = _("storage of members")

    def __str__(self) -> str:
        return str(self.member)


class DiscardedDraft(models.Model):
    """A draft that was discarded. Its files are disposed of some days later: ``services.disposal``."""

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="+")
    discarded_at = models.DateTimeField(_("discarded"), default=clock.now)
    disposed_at = models.DateTimeField(_("files disposed of"), null=True, blank=True)

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
