"""Rebuilds of the canonical keys of listings, and the duplicates that they find."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.listing import Listing


class KeyRebuild(models.Model):
    """A rebuild of the keys of all listings after the marketplaces' rules have changed.

    ``rules`` is the fingerprint of the rules. ``last_listing`` is the cursor: a worker that dies loses at most
    one batch, and the next worker continues from there.
    """

    rules = models.CharField(_("rules"), max_length=64)
    started_at = models.DateTimeField(_("started on"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished on"), null=True, blank=True)
    is_superseded = models.BooleanField(_("superseded"), default=False)
    last_listing = models.BigIntegerField(_("last listing"), default=0)
    checked = models.PositiveBigIntegerField(_("listings checked"), default=0)
    changed = models.PositiveBigIntegerField(_("keys changed"), default=0)
    merged = models.PositiveBigIntegerField(_("merged in drafts"), default=0)
    clashes = models.PositiveBigIntegerField(_("clashes"), default=0)

    class Meta:
        verbose_name = _("rebuild of listing keys")
        verbose_name_plural = _("rebuilds of listing keys")
        constraints = [
            models.UniqueConstraint(
                fields=("is_superseded",),
                condition=Q(finished_at=None, is_superseded=False),
                name="one_key_rebuild_at_a_time",
            ),
            models.CheckConstraint(
                name="superseded_key_rebuild_is_not_finished",
                condition=Q(is_superseded=False) | Q(finished_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class KeyClash(models.Model):
    """Two listings that a rebuild found to be the same. Both are kept.

    ``other`` has the key. ``listing`` gets a separate key if both are in one case, and is no longer open if they
    are in two.
    """

    class Kind(models.TextChoices):
        SAME_CASE = "same_case", _("Twice in one case")
        TWO_CASES = "two_cases", _("In two open cases of the brand")

    rebuild = models.ForeignKey(KeyRebuild, models.CASCADE, related_name="found")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    listing = models.ForeignKey(
        Listing, models.CASCADE, related_name="+", verbose_name=_("listing")
    )
    other = models.ForeignKey(Listing, models.CASCADE, related_name="+", verbose_name=_("same as"))

    class Meta:
        verbose_name = _("clash of listing keys")
        verbose_name_plural = _("clashes of listing keys")
        constraints = [
            models.UniqueConstraint(
                fields=("rebuild", "listing"), name="clash_once_per_rebuild_and_listing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.listing_id} = {self.other_id}"
