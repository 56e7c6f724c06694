"""Identifiers of a seller, as the member states them in a case."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from alliance.lib.history import tracked
from cases.models.case import Case
from cases.models.seller import SellerIdentifier


@tracked()
class StatedIdentifier(models.Model):
    """An identifier of the seller that a case states.

    Other members do not see those of a draft. When the case is submitted, it becomes a :class:`SellerIdentifier`, and
    this row keeps its source.
    """

    Kind = SellerIdentifier.Kind

    case = models.ForeignKey(
        Case, models.CASCADE, related_name="stated_identifiers", verbose_name=_("case")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    value = models.CharField(_("value"), max_length=200)

    class Meta:
        verbose_name = _("identifier stated in a case")
        verbose_name_plural = _("identifiers stated in cases")
        constraints = [
            models.UniqueConstraint(fields=("case", "kind", "value"), name="stated_once_per_case"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.value}"
