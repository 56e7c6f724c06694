"""The columns of rows that have a file in the private storage."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from alliance.lib import clock, recordings


class StoredFile(models.Model):
    """Base class of stored files. A file is hashed on upload; its type comes from its contents, not from its name.

    Subclasses have the column ``file`` with its storage, and say who uploaded it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    original_name = models.CharField(_("file name"), max_length=200)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    uploaded_at = models.DateTimeField(_("uploaded on"), default=clock.now)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.original_name

    @property
    def is_picture(self) -> bool:
        """Whether browsers may show the file as a picture."""
        return self.content_type.startswith("image/")

    @property
    def icon(self) -> str:
        """The icon for a file without a thumbnail."""
        if self.content_type in recordings.VIDEOS:
            return "film"
        if self.content_type in recordings.CAPTURES:
            return "globe"
        return "file-image" if self.is_picture else "file"
