"""Evidence files."""

from __future__ import annotations

import uuid

from django.core.files.storage import Storage
from django.db import models
from django.utils.translation import gettext_lazy as _

from alliance.lib import clock, private_files, recordings
from alliance.lib.history import tracked
from cases.models.case import Case
from cases.models.decision import CounterNotice
from members.models import User


def evidence_storage() -> Storage:
    """Return the private storage of evidence. The migrations refer to this function."""
    return private_files.evidence_storage()


def evidence_path(evidence: Evidence, filename: str) -> str:
    """Return the name in the storage. It contains nothing from the uploader."""
    identifier = str(evidence.pk)
    return f"{identifier[:2]}/{identifier}"


@tracked()
class Evidence(models.Model):
    """An evidence file. It is hashed on upload; its type comes from its contents, not from its name."""

    class Kind(models.TextChoices):
        SCREENSHOT = "screenshot", _("Screenshot")
        TEST_PURCHASE = "test_purchase", _("Test purchase")
        COMPARISON = "comparison", _("Comparison with the genuine article")
        DOCUMENT = "document", _("Document")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="evidence")
    # Set if the file belongs to the member's answer to this counter-notice, empty for the complaint.
    counter_notice = models.ForeignKey(
        CounterNotice,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="evidence",
        verbose_name=_("counter-notice"),
    )
    kind = models.CharField(_("kind"), max_length=15, choices=Kind.choices, default=Kind.SCREENSHOT)
    file = models.FileField(_("file"), storage=evidence_storage, upload_to=evidence_path)
    original_name = models.CharField(_("file name"), max_length=200)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    # What the person who uploads a screenshot or a capture states about it.
    shows_url = models.URLField(_("URL shown"), max_length=2000, blank=True)
    captured_at = models.DateTimeField(_("taken on"), null=True, blank=True)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded on"), default=clock.now)

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ("uploaded_at",)
        indexes = [models.Index(fields=("sha256",), name="evidence_hash")]
        constraints = [
            models.UniqueConstraint(fields=("case", "sha256"), name="evidence_once_per_case"),
        ]

    def __str__(self) -> str:
        return self.original_name

    @property
    def icon(self) -> str:
        """The icon for a file without a thumbnail."""
        if self.content_type in recordings.VIDEOS:
            return "film"
        if self.content_type in recordings.CAPTURES:
            return "globe"
        return "file-image" if self.content_type.startswith("image/") else "file"
