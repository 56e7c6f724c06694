"""Documents that prove something about a member, such as the certificate of a right or the authorisation of an agent."""

from __future__ import annotations

from datetime import datetime

from django.core.files.storage import Storage
from django.db import models
from django.utils.translation import gettext_lazy as _

from alliance.lib.history import tracked
from alliance.lib.private_files import private_storage
from alliance.lib.stored_files import StoredFile
from members.models.people import User

# The folder in the private storage, beside the folders of the evidence.
FOLDER = "documents"


def document_storage() -> Storage:
    """Return the private storage. The migrations refer to this function."""
    return private_storage()


def document_path(document: Document, filename: str) -> str:
    """Return the name in the storage. It contains nothing from the uploader."""
    identifier = str(document.pk)
    return f"{FOLDER}/{identifier[:2]}/{identifier}"


class DocumentQuerySet(models.QuerySet["Document"]):
    def unused(self, *, before: datetime) -> DocumentQuerySet:
        """Return documents from before ``before`` that no row refers to."""
        return self.filter(
            uploaded_at__lt=before,
            right=None,
            authorisation=None,
            product_picture=None,
            registers=None,
            authorises=None,
        )


@tracked()
class Document(StoredFile):
    """A stored document.

    The row that a document belongs to refers to it, and decides who may read it (:mod:`members.visibility`). A row
    that replaces or loses its document deletes it (:mod:`members.services.documents`).
    """

    class Kind(models.TextChoices):
        CERTIFICATE = "certificate", _("Certificate")
        AUTHORISATION = "authorisation", _("Authorisation")
        PICTURE = "picture", _("Picture of a product")
        REGISTRATION = "registration", _("Registration document")
        MANDATE = "mandate", _("Proof of authority")

    kind = models.CharField(_("kind"), max_length=15, choices=Kind.choices)
    file = models.FileField(_("file"), storage=document_storage, upload_to=document_path)
    # Empty for a document of an applicant, who has no account.
    uploaded_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("uploaded by")
    )

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ("-uploaded_at",)
        indexes = [models.Index(fields=("sha256",), name="document_hash")]
