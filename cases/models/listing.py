"""The listings of a case."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib.history import tracked
from cases.marketplaces import catalogue
from cases.models.case import Case
from cases.models.seller import Marketplace
from members.models import Brand


@tracked(inserts=False)
class Listing(models.Model):
    """One offer of a seller, with its URL as given and its canonical key.

    ``variant`` is the SKU, or a seller's offer on a common page, if the URL has it. It is not part of the key.

    Services set ``is_open`` while the case is open and the listing is not left up. A brand has at most one open
    listing for each key.
    """

    class Status(models.TextChoices):
        LIVE = "live", _("Live")
        REMOVAL_REQUESTED = "removal_requested", _("Removal requested")
        REMOVED = "removed", _("Removed")
        LEFT_UP = "left_up", _("Left up")

    class Outcome(models.TextChoices):
        UNDECIDED = "", _("Undecided")
        REMOVE = "remove", pgettext_lazy("listing", "Remove")
        LEAVE_UP = "leave_up", _("Leave up")

    # What the brand states of a listing.
    DETAILS = ("title", "price", "currency", "units_sold", "seen_on")

    case = models.ForeignKey(Case, models.CASCADE, related_name="listings")
    brand = models.ForeignKey(Brand, models.PROTECT, related_name="+")
    marketplace = models.ForeignKey(Marketplace, models.PROTECT, related_name="+")
    position = models.PositiveIntegerField(_("number"))
    url = models.URLField(pgettext_lazy("listing", "URL"), max_length=2000)
    canonical_key = models.CharField(_("canonical key"), max_length=500)
    variant = models.CharField(
        pgettext_lazy("listing", "variant"),
        max_length=200,
        blank=True,
        db_default="",
    )
    title = models.CharField(pgettext_lazy("listing", "title"), max_length=300, blank=True)
    price = models.DecimalField(_("price"), max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    units_sold = models.PositiveIntegerField(_("units sold"), null=True, blank=True)
    seen_on = models.DateField(_("seen on"), null=True, blank=True)
    status = models.CharField(
        _("status"), max_length=20, choices=Status.choices, default=Status.LIVE
    )
    outcome = models.CharField(
        _("outcome"), max_length=10, choices=Outcome.choices, default=Outcome.UNDECIDED, blank=True
    )
    is_open = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("listing")
        verbose_name_plural = _("listings")
        ordering = ("case", "position")
        indexes = [models.Index(fields=("canonical_key",), name="listing_key")]
        constraints = [
            models.UniqueConstraint(fields=("case", "canonical_key"), name="listing_once_per_case"),
            models.UniqueConstraint(
                fields=("brand", "canonical_key"),
                condition=Q(is_open=True),
                name="listing_one_open_case_per_brand",
            ),
            models.CheckConstraint(
                name="listing_price_and_currency_go_together",
                condition=Q(price=None, currency="") | (Q(price__isnull=False) & ~Q(currency="")),
            ),
        ]

    def __str__(self) -> str:
        return self.url

    @property
    def opens_elsewhere(self) -> bool:
        """Whether the URL is a short link, which does not contain its target."""
        try:
            return catalogue.read(self.url).opens_elsewhere
        except ValidationError:
            return False

    @property
    def is_priced(self) -> bool:
        """Whether the price or the units sold are known."""
        return self.price is not None or self.units_sold is not None
