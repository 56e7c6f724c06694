"""Rules that propose an agency for a case. Only a moderator refers a case."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from alliance.lib.history import tracked
from cases.liaison.models.agency import Agency
from cases.states import Violation


@tracked()
class ReferralRule(models.Model):
    """Proposes ``agency`` for a case that meets all conditions. An empty field sets no condition.

    ``places`` are ISO 3166 codes that match the case's jurisdiction or the seller's country.
    ``minimum_value`` is the value in CNY of the goods offered, ``minimum_points`` the seller's current strike
    points, ``minimum_members`` the number of members with cases against the seller or linked shops.
    """

    name = models.CharField(_("name"), max_length=120)
    agency = models.ForeignKey(Agency, models.CASCADE, related_name="rules")
    rank = models.PositiveSmallIntegerField(
        _("rank"), default=100, help_text=_("The proposal with the lowest number comes first.")
    )
    violations = ArrayField(
        models.CharField(max_length=12, choices=Violation.choices),
        verbose_name=_("violations"),
        default=list,
        blank=True,
    )
    places = ArrayField(
        models.CharField(max_length=2),
        verbose_name=_("countries or regions"),
        default=list,
        blank=True,
    )
    minimum_value = models.DecimalField(
        _("minimum value of goods (CNY)"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    minimum_points = models.PositiveSmallIntegerField(
        _("strike points, at least"), null=True, blank=True
    )
    minimum_members = models.PositiveSmallIntegerField(
        _("members concerned, at least"), null=True, blank=True
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("referral rule")
        verbose_name_plural = _("referral rules")
        ordering = ("rank", "id")

    def __str__(self) -> str:
        return self.name
