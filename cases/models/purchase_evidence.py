"""The files of test purchases, and the cases that test purchases support."""

from __future__ import annotations

from django.core.files.storage import Storage
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib import clock
from alliance.lib.history import tracked
from alliance.lib.private_files import private_storage
from alliance.lib.stored_files import StoredFile
from cases.models.case import Case
from cases.models.test_purchase import TestPurchase
from members.models import User

# The folder in the private storage, beside the folders of the evidence.
FOLDER = "purchases"


def purchase_storage() -> Storage:
    """Return the private storage. The migrations refer to this function."""
    return private_storage()


def purchase_path(file: TestPurchaseFile, filename: str) -> str:
    """Return the name in the storage. It contains nothing from the uploader."""
    identifier = str(file.pk)
    return f"{FOLDER}/{identifier[:2]}/{identifier}"


@tracked()
class TestPurchaseFile(StoredFile):
    """A file about a test purchase."""

    __test__ = False

    class Kind(models.TextChoices):
        ORDER = "order", pgettext_lazy("test purchase file", "Listing and order")
        PARCEL = "parcel", pgettext_lazy("test purchase file", "Parcel")
        UNBOXING = "unboxing", pgettext_lazy("test purchase file", "Unboxing")
        EXAMINATION = "examination", pgettext_lazy("test purchase file", "Examination report")

    purchase = models.ForeignKey(
        TestPurchase, models.PROTECT, related_name="files", verbose_name=_("test purchase")
    )
    kind = models.CharField(_("kind"), max_length=11, choices=Kind.choices)
    file = models.FileField(_("file"), storage=purchase_storage, upload_to=purchase_path)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("file of a test purchase")
        verbose_name_plural = _("files of test purchases")
        ordering = ("uploaded_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=("purchase", "sha256"), name="purchase_file_once_per_purchase"
            ),
        ]


@tracked()
class PurchaseInCase(models.Model):
    """A test purchase that supports a case. Moderators of the case see the purchase through it."""

    purchase = models.ForeignKey(
        TestPurchase, models.PROTECT, related_name="in_cases", verbose_name=_("test purchase")
    )
    case = models.ForeignKey(
        Case, models.PROTECT, related_name="test_purchases", verbose_name=_("case")
    )
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("added by"))
    added_at = models.DateTimeField(_("added on"), default=clock.now)

    class Meta:
        verbose_name = _("test purchase in a case")
        verbose_name_plural = _("test purchases in cases")
        ordering = ("added_at", "id")
        constraints = [
            models.UniqueConstraint(fields=("purchase", "case"), name="purchase_once_per_case"),
        ]

    def __str__(self) -> str:
        return f"{self.purchase} · {self.case}"
