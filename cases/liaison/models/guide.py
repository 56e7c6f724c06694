"""The agencies to which a brand discloses its products, where it has chosen agencies."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from alliance.lib import clock
from alliance.lib.history import tracked
from cases.liaison.models.agency import Agency
from members.models import BrandGuide, Product, User


class ChosenAgency(models.Model):
    """An agency that a brand has chosen, by whom and when."""

    agency = models.ForeignKey(Agency, models.CASCADE, related_name="+", verbose_name=_("agency"))
    chosen_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("chosen by")
    )
    chosen_at = models.DateTimeField(_("chosen on"), default=clock.now)

    class Meta:
        abstract = True


@tracked()
class GuideAgency(ChosenAgency):
    """An agency that sees the products of a brand that follow its guide."""

    guide = models.ForeignKey(
        BrandGuide, models.CASCADE, related_name="agencies", db_index=False, verbose_name=_("guide")
    )

    class Meta:
        verbose_name = _("agency that sees a brand guide")
        verbose_name_plural = _("agencies that see brand guides")
        constraints = [
            models.UniqueConstraint(fields=("guide", "agency"), name="agency_once_per_guide"),
        ]

    def __str__(self) -> str:
        return f"{self.guide} · {self.agency}"


@tracked()
class ProductAgency(ChosenAgency):
    """An agency that sees a product."""

    product = models.ForeignKey(
        Product, models.CASCADE, related_name="agencies", db_index=False, verbose_name=_("product")
    )

    class Meta:
        verbose_name = _("agency that sees a product")
        verbose_name_plural = _("agencies that see products")
        constraints = [
            models.UniqueConstraint(fields=("product", "agency"), name="agency_once_per_product"),
        ]

    def __str__(self) -> str:
        return f"{self.product} · {self.agency}"
