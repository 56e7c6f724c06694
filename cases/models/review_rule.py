"""Rules that say which decisions need a second moderator."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliance.lib.history import tracked
from cases.states import DecisionVerb, Violation

# Two weeks. A case that waits longer is not decided at all.
MAX_HOURS = 336


@tracked()
class ReviewRule(models.Model):
    """A decision that meets all conditions of an active rule waits for a second moderator.

    A condition that is empty or not set is not checked. The first rule that applies, by ``rank``, sets the deadline of the
    second decision. ``active_strikes`` counts the strikes that the seller would have after the decision: the number at
    which marketplaces close a shop.
    """

    name = models.CharField(_("name"), max_length=120)
    rank = models.PositiveSmallIntegerField(
        _("rank"), default=100, help_text=_("The rule with the lowest number applies first.")
    )
    verbs = ArrayField(
        models.CharField(max_length=22, choices=DecisionVerb.choices),
        verbose_name=_("decisions"),
        default=list,
        blank=True,
    )
    violations = ArrayField(
        models.CharField(max_length=12, choices=Violation.choices),
        verbose_name=_("violations"),
        default=list,
        blank=True,
    )
    more_than_listings = models.PositiveSmallIntegerField(
        _("more listings to remove than"), null=True, blank=True
    )
    active_strikes = models.PositiveSmallIntegerField(
        _("active strikes of the seller, at least"), null=True, blank=True
    )
    authorised_seller = models.BooleanField(_("authorised seller of the member"), default=False)
    referral_abroad = models.BooleanField(_("referral abroad"), default=False)
    hours = models.PositiveSmallIntegerField(
        _("hours for the second decision"),
        default=24,
        validators=(MinValueValidator(1), MaxValueValidator(MAX_HOURS)),
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("review rule")
        verbose_name_plural = _("review rules")
        ordering = ("rank", "id")
        constraints = [
            models.CheckConstraint(
                name="review_rule_hours_are_bounded",
                condition=Q(hours__gte=1, hours__lte=MAX_HOURS),
                violation_error_message=_("Enter between 1 and 336 hours."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
