"""Other names of a known shop."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from alliance.lib import clock
from alliance.lib.history import tracked
from cases.models.case import Case
from cases.models.seller import Seller


@tracked()
class SellerName(models.Model):
    """A name that a submitted case gave to a shop that already had another one.

    ``Seller.name`` keeps the first name. ``case`` is the first case with this name.
    """

    seller = models.ForeignKey(
        Seller, models.CASCADE, related_name="other_names", verbose_name=_("seller")
    )
    name = models.CharField(_("shop name"), max_length=200)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+", verbose_name=_("case"))
    recorded_at = models.DateTimeField(_("recorded"), default=clock.now)

    class Meta:
        verbose_name = _("other name of a seller")
        verbose_name_plural = _("other names of sellers")
        ordering = ("seller", "-recorded_at")
        constraints = [
            models.UniqueConstraint(fields=("seller", "name"), name="seller_name_once"),
        ]

    def __str__(self) -> str:
        return self.name
