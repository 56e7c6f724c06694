"""Teams of moderators, and the macros that they keep."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib import clock
from alliance.lib.history import tracked
from cases import letters
from cases.models.decision import Decision, ReasonCode
from members.models import User

# The pages use small letters and punctuation for their own keys, so a macro cannot take one of theirs.
KEY = r"^[A-Z]$"


@tracked()
class Team(models.Model):
    """A team of moderators. A moderator may be in several."""

    name = models.CharField(_("name"), max_length=80)
    moderators = models.ManyToManyField(
        User, through="TeamMember", related_name="teams", verbose_name=_("moderators")
    )

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="team_name_once",
                violation_error_message=_("There is already a team with this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class TeamMember(models.Model):
    """A moderator in a team."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="places", verbose_name=_("team"))
    user = models.ForeignKey(
        User,
        models.CASCADE,
        related_name="team_places",
        verbose_name=_("moderator"),
        limit_choices_to={"is_moderator": True},
    )
    added_at = models.DateTimeField(_("since"), default=clock.now)

    class Meta:
        verbose_name = _("moderator of a team")
        verbose_name_plural = _("moderators of teams")
        ordering = ("team", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("team", "user"),
                name="moderator_once_per_team",
                violation_error_message=_("This moderator is already in the team."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team} · {self.user.name}"


class MacroQuerySet(models.QuerySet["Macro"]):
    def active(self) -> MacroQuerySet:
        """Return the macros that can be used now."""
        return self.filter(is_active=True, reason__is_active=True)


@tracked()
class Macro(models.Model):
    """A prepared step on a case: an action, its reason and its text in the languages of members.

    Without a team it is for every moderator. Choosing one fills in a form and sends nothing.
    """

    class Action(models.TextChoices):
        """The actions of a case's page. Their values are the verbs of ``cases.states.TRANSITIONS``."""

        UPHOLD = "uphold", _("Uphold")
        REJECT = "reject", _("Reject")
        REQUEST = "request_information", _("Request information")

    # The use of the reason codes that fit an action.
    USE: ClassVar[dict[str, str]] = {
        Action.UPHOLD: ReasonCode.Use.UPHOLD,
        Action.REJECT: ReasonCode.Use.REJECT,
        Action.REQUEST: ReasonCode.Use.REQUEST,
    }

    team = models.ForeignKey(
        Team,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="macros",
        verbose_name=_("team"),
        help_text=_("Without a team, every moderator can use the macro."),
    )
    name = models.CharField(pgettext_lazy("macro", "name"), max_length=80)
    key = models.CharField(
        _("key"),
        max_length=1,
        help_text=_("A capital letter. It fills in the form on the page of a case."),
        validators=[RegexValidator(KEY, _("Choose a capital letter from A to Z."))],
    )
    action = models.CharField(_("action"), max_length=20, choices=Action.choices)
    reason = models.ForeignKey(
        ReasonCode, models.PROTECT, related_name="+", verbose_name=_("reason")
    )
    ground = models.CharField(
        _("ground"), max_length=25, choices=Decision.Ground.choices, blank=True
    )
    removes_all = models.BooleanField(
        _("mark all listings for removal"),
        default=False,
        help_text=_("Only for macros that uphold a complaint."),
    )
    text = models.TextField(
        _("text in English"), max_length=2000, blank=True, validators=[letters.check_placeholders]
    )
    text_zh = models.TextField(
        _("text in Chinese"), max_length=2000, blank=True, validators=[letters.check_placeholders]
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("active"), default=True)

    objects = MacroQuerySet.as_manager()

    class Meta:
        verbose_name = _("macro")
        verbose_name_plural = _("macros")
        ordering = ("position", "name", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("team", "key"),
                condition=Q(is_active=True),
                nulls_distinct=False,
                name="macro_key_once_per_team",
                violation_error_message=_("Another macro of the team has this key."),
            ),
            models.CheckConstraint(
                name="macro_key_is_not_one_of_the_pages",
                condition=Q(key__regex=KEY),
                violation_error_message=_("Choose a capital letter from A to Z."),
            ),
            models.CheckConstraint(
                name="macro_has_a_text",
                condition=~Q(text="", text_zh=""),
                violation_error_message=_("Enter the text in at least one language."),
            ),
            models.CheckConstraint(
                name="macro_ground_and_outcome_go_with_uphold",
                condition=Q(action="uphold") & ~Q(ground="")
                | ~Q(action="uphold") & Q(ground="", removes_all=False),
                violation_error_message=_(
                    "A macro that upholds a complaint has a ground. Other macros have neither a ground nor an outcome."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Raise ``ValidationError`` unless the reason is one for the action."""
        if self.reason_id and self.action and self.reason.use != self.USE.get(self.action):
            raise ValidationError({"reason": _("This reason is for another action.")})

    def text_in(self, language: str) -> str:
        """Return the text in ``language``, ``""`` if there is none."""
        return self.text_zh if language.startswith("zh") else self.text
