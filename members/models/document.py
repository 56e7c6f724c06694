"""Documents that prove something about a member, such as the certificate of a right or the authorisation of an agent."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.core.files.storage import Storage
from django.db import models
from django.utils.translation import gettext_lazy as _

from alliance.lib import clock
from alliance.lib.history import tracked
from alliance.lib.private_files import private_storage
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
class Document(models.Model):
    """A stored document. It is hashed on upload, and its type comes from its contents, not from its name.

    The row that a document belongs to refers to it, and decides who may read it (:mod:`members.visibility`). A row
    that replaces or loses its document deletes it (:mod:`members.services.documents`).
    """

    class Kind(models.TextChoices):
        CERTIFICATE = "certificate", _("Certificate")
        AUTHORISATION = "authorisation", _("Authorisation")
        PICTURE = "picture", _("Picture of a product")
        REGISTRATION = "registration", _("Registration document")
        MANDATE = "mandate", _("Proof of authority")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=15, choices=Kind.choices)
    file = models.FileField(_("file"), storage=document_storage, upload_to=document_path)
    original_name = models.CharField(_("file name"), max_length=200)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    # Empty for a document of an applicant, who has no account.
    uploaded_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("uploaded by")
    )
    uploaded_at = models.DateTimeField(_("uploaded on"), default=clock.now)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ("-uploaded_at",)
        indexes = [models.Index(fields=("sha256",), name="document_hash")]

    def __str__(self) -> str:
        return self.original_name

    @property
    def is_picture(self) -> bool:
        return self.content_type.startswith("image/")
