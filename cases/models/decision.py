"""Decisions, their reason codes, counter-notices and strikes."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from alliance.lib import clock
from alliance.lib.history import tracked
from cases import states
from cases.models.case import Case
from cases.models.seller import Seller
from members.models import User


@tracked()
class ReasonCode(models.Model):
    """A reason code. ``how_to_fix`` explains what to change before filing again."""

    class Use(models.TextChoices):
        UPHOLD = "uphold", _("Uphold")
        REJECT = "reject", _("Reject")
        REQUEST = "request", _("Request information")
        DECLINE = "decline", _("Agency declines")

    code = models.SlugField(_("code"), unique=True)
    use = models.CharField(_("used for"), max_length=10, choices=Use.choices)
    label = models.CharField(_("label"), max_length=120)
    label_zh = models.CharField(_("label in Chinese"), max_length=120)
    how_to_fix = models.TextField(_("how to fix and refile"), blank=True)
    how_to_fix_zh = models.TextField(_("how to fix and refile, in Chinese"), blank=True)
    facts = models.TextField(
        _("standard text"),
        blank=True,
        max_length=5000,
        help_text=_("Proposed as the facts of a decision with this reason. It can be edited."),
    )
    facts_zh = models.TextField(_("standard text in Chinese"), blank=True, max_length=5000)
    can_refile = models.BooleanField(
        _("can be fixed and filed again"),
        default=True,
        help_text=_("Members can file a rejected case again."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("reason code")
        verbose_name_plural = _("reason codes")
        ordering = ("use", "position", "code")

    def __str__(self) -> str:
        return self.label_zh if self._chinese else self.label

    @property
    def fix(self) -> str:
        """How to fix and refile, in the active language."""
        return self.how_to_fix_zh if self._chinese else self.how_to_fix

    def standard_text(self, language: str) -> str:
        """Return the text proposed as the facts of a decision, in the ``language`` of its reader."""
        return self.facts_zh if language.startswith("zh") else self.facts

    @property
    def _chinese(self) -> bool:
        return (get_language() or "").startswith("zh")


@tracked()
class Decision(models.Model):
    """A decision with its statement of reasons, as Art. 17(3) of Regulation (EU) 2022/2065 requires.

    A later decision supersedes an earlier one. A case has at most one current decision.
    """

    Outcome = states.Outcome

    class Ground(models.TextChoices):
        ILLEGAL_CONTENT = "illegal_content", _("Illegal content")
        INCOMPATIBLE_CONTENT = "incompatible_content", _("Incompatible with the terms")

    case = models.ForeignKey(Case, models.CASCADE, related_name="decisions")
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices)
    reason = models.ForeignKey(
        ReasonCode,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("reason"),
    )
    # For an upheld case: the reason why some of its listings are left up.
    left_up_reason = models.ForeignKey(
        ReasonCode,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("reason for listings left up"),
    )
    ground = models.CharField(_("ground"), max_length=25, choices=Ground.choices, blank=True)
    facts = models.TextField(_("facts and circumstances"), max_length=5000, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(_("decided on"), default=clock.now)
    superseded_at = models.DateTimeField(_("superseded on"), null=True, blank=True)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ("case", "decided_at")
        constraints = [
            models.UniqueConstraint(
                fields=("case",),
                condition=Q(superseded_at=None),
                name="one_decision_in_force_per_case",
            ),
        ]

    def __str__(self) -> str:
        return self.get_outcome_display()

    @property
    def left_up_because(self) -> ReasonCode | None:
        """The reason for the listings that are left up. For a rejected case, this is the reason of the decision."""
        return self.reason if self.outcome == self.Outcome.REJECTED else self.left_up_reason


@tracked()
class CounterNotice(models.Model):
    """A counter-notice of the seller, as the marketplace forwarded it, with the member's answer.

    ``answer_due_at`` is the member's deadline to answer. It is empty in rows from before members could answer.
    ``due_at`` is the moderators' deadline to decide.
    """

    class Status(models.TextChoices):
        OPEN = "open", pgettext_lazy("counter-notice", "Open")
        REFUSED = "refused", pgettext_lazy("counter-notice", "Rejected")
        ACCEPTED = "accepted", pgettext_lazy("counter-notice", "Accepted")

    case = models.ForeignKey(Case, models.CASCADE, related_name="counter_notices")
    statement = models.TextField(_("the seller’s statement"), max_length=5000)
    received_at = models.DateTimeField(_("received on"), default=clock.now)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    due_at = models.DateTimeField(_("decision due"))
    answer = models.TextField(_("the member’s answer"), max_length=5000, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(_("answered on"), null=True, blank=True)
    answer_due_at = models.DateTimeField(_("member’s answer due"), null=True, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.OPEN
    )
    resolved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    resolved_at = models.DateTimeField(_("resolved on"), null=True, blank=True)

    class Meta:
        verbose_name = _("counter-notice")
        verbose_name_plural = _("counter-notices")
        ordering = ("case", "received_at")
        constraints = [
            models.UniqueConstraint(
                fields=("case",),
                condition=Q(status="open"),
                name="one_open_counter_notice_per_case",
            ),
            models.CheckConstraint(
                name="counter_notice_resolved_by_and_at_go_together",
                condition=Q(status="open", resolved_by=None, resolved_at=None)
                | (~Q(status="open") & Q(resolved_by__isnull=False, resolved_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="counter_notice_answer_by_and_at_go_together",
                condition=Q(answer="", answered_by=None, answered_at=None)
                | (~Q(answer="") & Q(answered_by__isnull=False, answered_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} · {self.get_status_display()}"

    @property
    def awaits_answer(self) -> bool:
        """Whether the member can still answer. Moderators cannot decide until then."""
        return (
            self.status == self.Status.OPEN
            and self.answered_at is None
            and self.answer_due_at is not None
            and self.answer_due_at > clock.now()
        )


@tracked()
class Strike(models.Model):
    """A strike against a seller for an upheld case. It expires after one year."""

    case = models.OneToOneField(Case, models.CASCADE, related_name="strike")
    seller = models.ForeignKey(Seller, models.PROTECT, related_name="strikes")
    points = models.PositiveSmallIntegerField(_("points"))
    issued_at = models.DateTimeField(_("added on"), default=clock.now)
    expires_at = models.DateTimeField(_("expires on"))
    revoked_at = models.DateTimeField(_("revoked on"), null=True, blank=True)

    class Meta:
        verbose_name = _("strike")
        verbose_name_plural = _("strikes")
        ordering = ("-issued_at",)
        indexes = [
            models.Index(
                fields=("seller", "expires_at"),
                include=("issued_at", "points"),
                name="strike_live",
                condition=Q(revoked_at=None),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="strike_expires_after_issue", condition=Q(expires_at__gt=models.F("issued_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seller_id}: {self.points}"
