"""Facts about listings that hide what they sell."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from alliance.lib.history import tracked
from cases.models.case import Case


@tracked()
class HiddenLink(models.Model):
    """Says that the listings of a case show a harmless product and sell an infringing one on request.

    The three statements are complete once the case is submitted.
    """

    MAX_LENGTH = 2000
    STATEMENTS = ("advertised_in", "how_to_order", "what_arrives")

    case = models.OneToOneField(Case, models.CASCADE, related_name="hidden_link")
    advertised_in = models.TextField(_("where it is advertised"), max_length=MAX_LENGTH, blank=True)
    how_to_order = models.TextField(_("how to order"), max_length=MAX_LENGTH, blank=True)
    what_arrives = models.TextField(_("what arrives"), max_length=MAX_LENGTH, blank=True)

    class Meta:
        verbose_name = _("hidden link")
        verbose_name_plural = _("hidden links")

    def __str__(self) -> str:
        return str(self.case)

    @property
    def is_complete(self) -> bool:
        """Whether all statements are made."""
        return all(getattr(self, name) for name in self.STATEMENTS)
