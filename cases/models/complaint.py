"""What a complaint states, besides the right and the seller."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from cases.states import ListingPart, Violation
from members.models.organisation import NICE_CLASSES


class Complaint(models.Model):
    """Base class of cases and of the templates of complaints. ``STATED`` are the names of its columns."""

    STATED: ClassVar = (
        "violation",
        "jurisdiction",
        "goods_class",
        "infringement_in",
        "explanation",
    )

    violation = models.CharField(_("violation type"), max_length=12, choices=Violation.choices)
    jurisdiction = CountryField(verbose_name=_("place of infringement"))
    goods_class = models.PositiveSmallIntegerField(
        _("class of goods (Nice)"), null=True, blank=True, validators=NICE_CLASSES
    )
    infringement_in = ArrayField(
        models.CharField(max_length=10, choices=ListingPart.choices),
        verbose_name=_("where the infringement is"),
        default=list,
        db_default=[],
        blank=True,
    )
    explanation = models.TextField(_("explanation"), blank=True, max_length=5000)

    class Meta:
        abstract = True
