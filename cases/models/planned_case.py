"""The cases that a sheet of listings becomes."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.models.case import Case
from cases.models.seller import Marketplace
from members.models import ImportJob

# The references in ``filed_in``.
MOST_NAMED = 5


class PlannedCase(models.Model):
    """Listings of a sheet that are filed together: one shop on one marketplace, up to the limits of a case.

    The check of the sheet writes these rows in the order of the sheet, and a worker files them one by one. ``rows`` are
    the numbers of the sheet's rows that are filed. ``filed_already`` counts listings that are left out because the open
    cases in ``filed_in`` have them. ``values`` are the prices multiplied by the units sold, by currency, as texts.
    """

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("planned case", "To be filed")
        FILED = "filed", pgettext_lazy("planned case", "Filed")
        LEFT_OUT = "left_out", pgettext_lazy("planned case", "Filed already")
        REFUSED = "refused", pgettext_lazy("planned case", "Cannot be filed")

    job = models.ForeignKey(
        ImportJob,
        models.CASCADE,
        related_name="planned_cases",
        db_index=False,
        verbose_name=_("import"),
    )
    number = models.PositiveIntegerField(_("number"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    marketplace = models.ForeignKey(
        Marketplace, models.PROTECT, related_name="+", verbose_name=_("marketplace")
    )
    shop = models.CharField(_("seller ID"), max_length=120)
    shop_name = models.CharField(_("shop name"), max_length=200)
    shop_url = models.CharField(_("shop URL"), max_length=1000, blank=True)
    rows = ArrayField(models.PositiveIntegerField(), verbose_name=_("rows"), default=list)
    filed_already = models.PositiveIntegerField(_("filed already"), default=0)
    filed_in = ArrayField(models.CharField(max_length=14), default=list, blank=True)
    values = models.JSONField(_("value"), default=dict, blank=True)
    problem = models.TextField(_("problem"), blank=True)
    case = models.OneToOneField(
        Case,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="planned",
        verbose_name=_("case"),
    )

    class Meta:
        verbose_name = _("case of a sheet")
        verbose_name_plural = _("cases of sheets")
        ordering = ("job", "number")
        constraints = [
            models.UniqueConstraint(fields=("job", "number"), name="planned_case_once_per_number"),
            models.CheckConstraint(
                name="planned_case_filed_has_its_case",
                condition=Q(state="filed", case__isnull=False)
                | ~Q(state="filed") & Q(case__isnull=True),
            ),
            models.CheckConstraint(
                name="planned_case_refused_with_a_reason",
                condition=Q(state="refused") & ~Q(problem="") | ~Q(state="refused") & Q(problem=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.shop_name}"

    @property
    def listing_count(self) -> int:
        return len(self.rows)
