"""Previews of evidence pictures, and their perceptual hashes. Both are made by a worker and can be made again."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.files.storage import Storage
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliance.lib import leased
from alliance.lib.leased import LeasedRow
from alliance.lib.private_files import preview_storage
from cases.models.evidence import Evidence


def storage() -> Storage:
    """Return the private storage of previews. The migrations refer to this function."""
    return preview_storage()


def image_path(preview: Preview, filename: str) -> str:
    """Return the name of the preview in the storage."""
    identifier = str(preview.evidence_id)
    return f"{identifier[:2]}/{identifier}.webp"


def thumbnail_path(preview: Preview, filename: str) -> str:
    """Return the name of the thumbnail in the storage."""
    identifier = str(preview.evidence_id)
    return f"{identifier[:2]}/{identifier}.small.webp"


class Preview(LeasedRow):
    """The preview and the thumbnail of an evidence picture, without its metadata, and its perceptual hash.

    ``pdq`` is the PDQ hash in hexadecimal, ``forms`` are the hashes of the eight turned and mirrored pictures, and
    ``bands`` are the sixteen parts of ``pdq``, each with its number in the high bits (:mod:`alliance.lib.similar`).
    They are empty for a picture without enough features.
    """

    class State(models.TextChoices):
        WAITING = leased.WAITING, _("Waiting for a worker")
        MADE = "made", _("Made")
        IMPOSSIBLE = leased.IMPOSSIBLE, _("Not possible")

    evidence = models.OneToOneField(
        Evidence, models.CASCADE, primary_key=True, related_name="preview", verbose_name=_("file")
    )
    state = models.CharField(
        _("status"), max_length=10, choices=State.choices, default=State.WAITING
    )
    image = models.FileField(_("preview"), storage=storage, upload_to=image_path, blank=True)
    thumbnail = models.FileField(
        _("thumbnail"), storage=storage, upload_to=thumbnail_path, blank=True
    )
    width = models.PositiveIntegerField(_("width"), default=0)
    height = models.PositiveIntegerField(_("height"), default=0)
    pdq = models.CharField(_("PDQ hash"), max_length=64, blank=True)
    forms = ArrayField(
        models.CharField(max_length=64),
        verbose_name=_("PDQ hashes of the eight forms"),
        default=list,
        blank=True,
    )
    bands = ArrayField(
        models.IntegerField(), verbose_name=_("bands of the PDQ hash"), default=list, blank=True
    )

    class Meta:
        verbose_name = _("preview")
        verbose_name_plural = _("previews")
        indexes = [
            models.Index(fields=("due_at",), name="preview_waiting", condition=Q(state="waiting")),
            GinIndex(fields=("bands",), name="preview_bands"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="made") & ~Q(image="") & ~Q(thumbnail="") & Q(width__gt=0)
                | ~Q(state="made") & Q(image="", thumbnail="", width=0),
                name="preview_made_has_files",
            ),
            models.CheckConstraint(
                condition=Q(pdq="", forms__len=0, bands__len=0)
                | ~Q(pdq="") & Q(forms__len=8, bands__len=16),
                name="preview_hash_has_forms_and_bands",
            ),
        ]

    def __str__(self) -> str:
        return str(self.evidence_id)
