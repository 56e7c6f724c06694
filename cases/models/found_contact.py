"""Contacts of sellers that a worker has read in evidence pictures, and the queue of pictures to read."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib import clock, leased
from alliance.lib.leased import LeasedRow
from cases.models.evidence import Evidence
from cases.models.seller import SellerIdentifier
from members.models import User


class PictureReading(LeasedRow):
    """Whether the text of an evidence picture has been read. A worker reads the preview, never the file itself."""

    class State(models.TextChoices):
        WAITING = leased.WAITING, _("Waiting for a worker")
        READ = "read", pgettext_lazy("picture", "Read")
        IMPOSSIBLE = leased.IMPOSSIBLE, pgettext_lazy("picture", "Not possible")

    evidence = models.OneToOneField(
        Evidence, models.CASCADE, primary_key=True, related_name="reading", verbose_name=_("file")
    )
    state = models.CharField(
        _("status"), max_length=10, choices=State.choices, default=State.WAITING
    )

    class Meta:
        verbose_name = _("reading of a picture")
        verbose_name_plural = _("readings of pictures")
        indexes = [
            models.Index(fields=("due_at",), name="reading_waiting", condition=Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return str(self.evidence_id)


class FoundContact(models.Model):
    """A suggestion: what may be an identifier of the seller, as read in a picture.

    Nothing uses it until a person confirms it. Then its kind and value are added to the draft's
    :class:`StatedIdentifier` rows, or to the seller of a submitted case (:mod:`cases.services.found_contacts`).
    ``value`` is normalised; ``text`` is the line in which it was read. A decision does not change, so the row is its
    record and has no history.
    """

    Kind = SellerIdentifier.Kind

    class State(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("found contact", "Suggested")
        CONFIRMED = "confirmed", pgettext_lazy("found contact", "Confirmed")
        REJECTED = "rejected", pgettext_lazy("found contact", "Not the seller’s")

    evidence = models.ForeignKey(
        Evidence, models.CASCADE, related_name="found_contacts", verbose_name=_("file")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    value = models.CharField(_("value"), max_length=200)
    text = models.CharField(_("text in the picture"), max_length=300)
    # Of the model that read the line, from 0 to 1.
    confidence = models.FloatField(_("confidence"))
    state = models.CharField(
        _("status"), max_length=10, choices=State.choices, default=State.PROPOSED
    )
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided on"), null=True, blank=True)
    found_at = models.DateTimeField(_("found on"), default=clock.now)

    class Meta:
        verbose_name = _("contact found in a picture")
        verbose_name_plural = _("contacts found in pictures")
        constraints = [
            models.UniqueConstraint(
                fields=("evidence", "kind", "value"), name="contact_found_once_per_picture"
            ),
            models.CheckConstraint(
                condition=Q(confidence__gte=0, confidence__lte=1), name="found_contact_confidence"
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_by=None, decided_at=None)
                | (~Q(state="proposed") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="found_contact_decided_by_a_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.value}"
