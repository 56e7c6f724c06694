"""Imports of sheets: an upload that was checked, and its progress."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.core.files.storage import Storage
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib import clock
from alliance.lib.constraints import together
from alliance.lib.history import tracked
from alliance.lib.private_files import private_storage
from members.models.organisation import Member
from members.models.people import User

# The folder in the private storage, beside the folders of the evidence and the documents.
FOLDER = "imports"


def import_storage() -> Storage:
    """Return the private storage. The migrations refer to this function."""
    return private_storage()


def import_path(row: ImportJob | ImportAttachment, filename: str) -> str:
    """Return the name in the storage. It contains nothing from the uploader."""
    identifier = str(row.pk)
    return f"{FOLDER}/{identifier[:2]}/{identifier}"


# What a worker writes with each slice of rows. The history has the rest.
PROGRESS = ("position", "attempts", "created", "changed", "unchanged", "failed")


@tracked(exclude=(*PROGRESS, "notes", "options"))
class ImportJob(models.Model):
    """A sheet that a person uploaded for a member.

    ``kind`` is the name of a kind in :mod:`members.imports.registry`, and ``options`` are what the kind's form said
    about the whole sheet. The numbers that begin with ``will`` are those of the check before the import; they are 0
    until it has finished. ``position`` is the number of rows that were imported or left out so far; a worker stores it
    in the same transaction as the rows. During the check it is the number of rows that were checked. ``notes`` are
    remarks of the check for the uploader.
    """

    class State(models.TextChoices):
        CHECKING = "checking", pgettext_lazy("import", "Being checked")
        CHECKED = "checked", pgettext_lazy("import", "Waiting for your confirmation")
        RUNNING = "running", pgettext_lazy("import", "Running")
        DONE = "done", pgettext_lazy("import", "Done")
        FAILED = "failed", pgettext_lazy("import", "Failed")
        CANCELLED = "cancelled", pgettext_lazy("import", "Cancelled")

    class Failure(models.TextChoices):
        """Why an import stopped."""

        FILE = "file", _("The uploaded file cannot be read any more. Upload it again.")
        ROLE = "role", _("The person who confirmed the import may no longer change this.")
        ERROR = (
            "error",
            _(
                "An error of the portal stopped the import. Upload the sheet again; if it fails again, contact us."
            ),
        )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.ForeignKey(
        Member, models.CASCADE, related_name="imports", db_index=False, verbose_name=_("member")
    )
    kind = models.CharField(_("kind"), max_length=30)
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    uploaded_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("uploaded by")
    )
    uploaded_at = models.DateTimeField(_("uploaded on"), default=clock.now)
    # The language of the messages in the error sheet.
    language = models.CharField(max_length=10, default="en")
    file = models.FileField(
        _("file"), storage=import_storage, upload_to=import_path, blank=True, default=""
    )
    original_name = models.CharField(_("file name"), max_length=200)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    options = models.JSONField(default=dict, blank=True)
    notes = ArrayField(models.CharField(max_length=500), default=list, blank=True)
    row_count = models.PositiveIntegerField(_("rows"))
    will_create = models.PositiveIntegerField(_("to be created"), default=0)
    will_change = models.PositiveIntegerField(_("to be changed"), default=0)
    will_keep = models.PositiveIntegerField(_("unchanged by the check"), default=0)
    will_fail = models.PositiveIntegerField(_("with errors by the check"), default=0)
    confirmed_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("confirmed by"),
    )
    confirmed_at = models.DateTimeField(_("confirmed on"), null=True, blank=True)
    position = models.PositiveIntegerField(_("rows done"), default=0)
    # Runs since the last slice that succeeded.
    attempts = models.PositiveSmallIntegerField(pgettext_lazy("import", "attempts"), default=0)
    created = models.PositiveIntegerField(_("created"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    failed = models.PositiveIntegerField(_("with errors"), default=0)
    finished_at = models.DateTimeField(_("finished on"), null=True, blank=True)
    failure = models.CharField(
        _("reason for the failure"), max_length=10, choices=Failure.choices, blank=True
    )

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ("-uploaded_at", "-id")
        indexes = [
            models.Index(fields=("member", "-uploaded_at", "-id"), name="import_of_member"),
            models.Index(
                fields=("confirmed_at", "uploaded_at"),
                name="import_running",
                condition=Q(state__in=("checking", "running")),
            ),
            models.Index(fields=("uploaded_at",), name="import_with_file", condition=~Q(file="")),
        ]
        constraints = [
            models.CheckConstraint(
                name="import_confirmed_by_and_at_go_together",
                condition=together("confirmed_by", "confirmed_at"),
            ),
            models.CheckConstraint(
                name="import_state_has_its_dates",
                condition=Q(state__in=("checking", "checked"), confirmed_at=None, finished_at=None)
                | Q(state="running", confirmed_at__isnull=False, finished_at=None)
                | Q(state="done", confirmed_at__isnull=False, finished_at__isnull=False)
                | Q(state__in=("failed", "cancelled"), finished_at__isnull=False),
            ),
            models.CheckConstraint(
                name="import_failed_with_a_reason",
                condition=Q(state="failed") & ~Q(failure="") | ~Q(state="failed") & Q(failure=""),
            ),
            models.CheckConstraint(
                name="import_rows_add_up",
                condition=Q(state="checking")
                | Q(position=F("created") + F("changed") + F("unchanged") + F("failed")),
            ),
            models.CheckConstraint(
                name="import_checked_rows_add_up",
                condition=Q(state="checking")
                | Q(state__in=("failed", "cancelled"), confirmed_at=None)
                | Q(
                    row_count=F("will_create") + F("will_change") + F("will_keep") + F("will_fail")
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.original_name

    @property
    def valid_rows(self) -> int:
        """The rows without errors by the check."""
        return self.row_count - self.will_fail

    @property
    def version(self) -> str:
        """Changes when the sheet is uploaded again. The page that asks for the confirmation has it."""
        return self.uploaded_at.isoformat()

    @property
    def is_active(self) -> bool:
        """Whether a worker is checking or importing the rows, or is about to."""
        return self.state in (self.State.CHECKING, self.State.RUNNING)

    @property
    def was_checked(self) -> bool:
        """Whether the check has finished."""
        return self.row_count == (
            self.will_create + self.will_change + self.will_keep + self.will_fail
        )


class ImportAttachment(models.Model):
    """A file that belongs to a sheet, such as pictures. ``role`` is a word of the kind. Deleted with the sheet's file."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    job = models.ForeignKey(
        ImportJob, models.CASCADE, related_name="attachments", verbose_name=_("import")
    )
    role = models.CharField(max_length=20)
    file = models.FileField(_("file"), storage=import_storage, upload_to=import_path)
    original_name = models.CharField(_("file name"), max_length=200)
    content_type = models.CharField(_("content type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)

    class Meta:
        verbose_name = _("attachment of an import")
        verbose_name_plural = _("attachments of imports")
        ordering = ("role", "original_name", "id")

    def __str__(self) -> str:
        return self.original_name


class ImportProblem(models.Model):
    """What is wrong with a row of an import, in the language of the uploader. Deleted with the file."""

    job = models.ForeignKey(
        ImportJob, models.CASCADE, related_name="problems", db_index=False, verbose_name=_("import")
    )
    row = models.PositiveIntegerField(_("row"))
    message = models.TextField(_("message"), max_length=2000)

    class Meta:
        verbose_name = _("problem of an import")
        verbose_name_plural = _("problems of imports")
        ordering = ("row",)
        constraints = [
            models.UniqueConstraint(fields=("job", "row"), name="problem_once_per_row"),
        ]

    def __str__(self) -> str:
        return f"{self.row}: {self.message[:80]}"
