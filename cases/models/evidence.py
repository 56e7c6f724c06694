"""Evidence files."""

from __future__ import annotations

from django.core.files.storage import Storage
from django.db import models
from django.utils.translation import gettext_lazy as _

from alliance.lib import private_files
from alliance.lib.history import tracked
from alliance.lib.stored_files import StoredFile
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
class Evidence(StoredFile):
    """An evidence file."""

    class Kind(models.TextChoices):
        SCREENSHOT = "screenshot", _("Screenshot")
        TEST_PURCHASE = "test_purchase", _("Test purchase")
        COMPARISON = "comparison", _("Comparison with the genuine article")
        DOCUMENT = "document", _("Document")

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
    # What the person who uploads a screenshot or a capture states about it.
    shows_url = models.URLField(_("URL shown"), max_length=2000, blank=True)
    captured_at = models.DateTimeField(_("taken on"), null=True, blank=True)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ("uploaded_at",)
        indexes = [models.Index(fields=("sha256",), name="evidence_hash")]
        constraints = [
            models.UniqueConstraint(fields=("case", "sha256"), name="evidence_once_per_case"),
        ]
