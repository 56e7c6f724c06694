"""Examples that test the rules of marketplaces, and what watch lists say about marketplaces."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from alliance.lib.history import tracked
from cases.models.seller import Marketplace

EXAMPLES_PER_MARKETPLACE = 50
EXAMPLES = 500


@tracked()
class MarketplaceExample(models.Model):
    """A URL and what the rules must recognise in it.

    Rules are saved only if all examples are as expected (:mod:`cases.queries.examples`). ``item`` and ``shop`` are not
    compared if they are empty.
    """

    class Expected(models.TextChoices):
        ITEM = "item", _("Listing")
        SHOP = "shop", _("Page of a shop")
        LIVE = "live", _("Live stream")
        VIDEO = "video", _("Video")
        AD = "ad", _("Advertisement")
        SHORT = "short", _("Short link")
        PAGE = "page", _("Other page")
        REFUSED = "refused", _("Not accepted")

    marketplace = models.ForeignKey(
        Marketplace, models.CASCADE, related_name="examples", verbose_name=_("marketplace")
    )
    url = models.CharField(_("URL"), max_length=2000)
    expected = models.CharField(_("expected"), max_length=10, choices=Expected.choices)
    item = models.CharField(_("item number"), max_length=200, blank=True)
    shop = models.CharField(_("shop ID"), max_length=200, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("example")
        verbose_name_plural = _("examples")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=("marketplace", "url"),
                name="example_once_per_marketplace",
                violation_error_message=_("The marketplace already has an example with this URL."),
            ),
        ]

    def __str__(self) -> str:
        return self.url


@tracked()
class WatchList(models.Model):
    """A list of marketplaces that a public body publishes at intervals."""

    name = models.CharField(_("name"), max_length=150, unique=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=150, blank=True)
    url = models.URLField(_("web page"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("watch list")
        verbose_name_plural = _("watch lists")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name_in(get_language() or "")

    def name_in(self, language: str) -> str:
        """Return the name for a language code."""
        return self.name_zh if self.name_zh and language.startswith("zh") else self.name


@tracked()
class WatchListEntry(models.Model):
    """What one edition of a watch list says about a marketplace. It is public, except for ``note``."""

    class Change(models.TextChoices):
        LISTED = "listed", _("Listed")
        REMOVED = "removed", _("Removed from the list")

    marketplace = models.ForeignKey(
        Marketplace,
        models.PROTECT,
        related_name="watch_list_entries",
        verbose_name=_("marketplace"),
    )
    watch_list = models.ForeignKey(
        WatchList, models.PROTECT, related_name="entries", verbose_name=_("watch list")
    )
    year = models.PositiveSmallIntegerField(_("year"), validators=[MinValueValidator(1990)])
    change = models.CharField(
        _("change"), max_length=10, choices=Change.choices, default=Change.LISTED
    )
    source_url = models.URLField(_("source"), max_length=1000)
    note = models.CharField(
        _("note"), max_length=300, blank=True, help_text=_("For admins. Not published.")
    )

    class Meta:
        verbose_name = _("watch list entry")
        verbose_name_plural = _("watch list entries")
        ordering = ("marketplace__name", "-year", "watch_list__name")
        constraints = [
            models.UniqueConstraint(
                fields=("marketplace", "watch_list", "year"),
                name="watch_list_entry_once_per_year",
                violation_error_message=_(
                    "The marketplace already has an entry of this list and year."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.marketplace}: {self.watch_list} {self.year}"
