"""How moderators work together on a case: tags, watchers, links to other cases. Members and agencies never see these."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib import clock
from alliance.lib.history import tracked
from cases.models.case import Case
from members.models import User


@tracked()
class Tag(models.Model):
    """A word by which moderators group cases."""

    class Tone(models.TextChoices):
        NEUTRAL = "neutral", pgettext_lazy("tone of a tag", "Grey")
        INFO = "info", pgettext_lazy("tone of a tag", "Blue")
        SUCCESS = "success", pgettext_lazy("tone of a tag", "Green")
        WARNING = "warning", pgettext_lazy("tone of a tag", "Yellow")
        DANGER = "danger", pgettext_lazy("tone of a tag", "Red")

    name = models.CharField(pgettext_lazy("tag", "name"), max_length=40)
    tone = models.CharField(
        pgettext_lazy("tag", "colour"), max_length=10, choices=Tone.choices, default=Tone.NEUTRAL
    )

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="tag_name_once_in_any_case",
                violation_error_message=_("There is already a tag with this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class CaseTag(models.Model):
    """A tag on a case."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="tagged", verbose_name=_("case"))
    tag = models.ForeignKey(Tag, models.PROTECT, related_name="uses", verbose_name=_("tag"))
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("added by"))
    added_at = models.DateTimeField(_("added on"), default=clock.now)

    class Meta:
        verbose_name = _("tag of a case")
        verbose_name_plural = _("tags of cases")
        ordering = ("case", "pk")
        constraints = [
            models.UniqueConstraint(fields=("case", "tag"), name="tag_once_per_case"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} · {self.tag_id}"


@tracked()
class Watch(models.Model):
    """A moderator who is notified of what other people do on a case."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="watches", verbose_name=_("case"))
    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("moderator"))
    added_at = models.DateTimeField(_("since"), default=clock.now)

    class Meta:
        verbose_name = _("watcher of a case")
        verbose_name_plural = _("watchers of cases")
        ordering = ("case", "pk")
        constraints = [
            models.UniqueConstraint(fields=("case", "user"), name="watcher_once_per_case"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} · {self.user_id}"


@tracked()
class CaseLink(models.Model):
    """Two cases that a moderator has linked, with the reason. The one with the smaller key is ``first``."""

    first = models.ForeignKey(Case, models.CASCADE, related_name="links_to", verbose_name=_("case"))
    second = models.ForeignKey(
        Case, models.CASCADE, related_name="links_from", verbose_name=_("other case")
    )
    note = models.CharField(_("note"), max_length=200)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("added by"))
    added_at = models.DateTimeField(_("added on"), default=clock.now)

    class Meta:
        verbose_name = _("link between cases")
        verbose_name_plural = _("links between cases")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=("first", "second"), name="cases_linked_once"),
            models.CheckConstraint(
                name="linked_cases_are_in_order", condition=Q(first__lt=F("second"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} – {self.second_id}"
