"""Bulk actions: one verb for many cases, with the result of each case."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib import clock
from alliance.lib.history import tracked
from cases.models.case import Case
from members.models import User


@tracked()
class BulkJob(models.Model):
    """A verb that a moderator applies to many cases.

    ``verb`` is the name of a verb in :mod:`cases.bulk.registry`, and ``values`` are its arguments as keys, codes and
    texts. Every case is checked before the moderator confirms, so the page says what cannot be done, and why.
    """

    class State(models.TextChoices):
        CHECKING = "checking", pgettext_lazy("bulk action", "Being checked")
        CHECKED = "checked", pgettext_lazy("bulk action", "Waiting for your confirmation")
        RUNNING = "running", pgettext_lazy("bulk action", "Running")
        DONE = "done", pgettext_lazy("bulk action", "Done")
        STOPPED = "stopped", pgettext_lazy("bulk action", "Stopped")
        UNDOING = "undoing", pgettext_lazy("bulk action", "Being undone")
        UNDONE = "undone", pgettext_lazy("bulk action", "Undone")

    # States in which a worker has something to do.
    ACTIVE = (State.CHECKING, State.RUNNING, State.UNDOING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(
        User, models.PROTECT, related_name="+", db_index=False, verbose_name=_("moderator")
    )
    verb = models.CharField(_("action"), max_length=30)
    values = models.JSONField(_("values"), default=dict, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    # The language of the messages of the rows.
    language = models.CharField(max_length=10, default="en")
    # The list from which the cases were chosen, as a query string.
    back = models.CharField(max_length=2000, blank=True)
    row_count = models.PositiveIntegerField(_("cases"))
    # More cases matched the filter than a bulk action takes.
    was_capped = models.BooleanField(_("more cases matched"), default=False)
    created_at = models.DateTimeField(_("created on"), default=clock.now)
    confirmed_at = models.DateTimeField(_("confirmed on"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished on"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone on"), null=True, blank=True)

    class Meta:
        verbose_name = _("bulk action")
        verbose_name_plural = _("bulk actions")
        ordering = ("-created_at", "-id")
        indexes = [
            models.Index(fields=("person", "-created_at", "-id"), name="bulk_of_person"),
            models.Index(
                fields=("created_at",),
                name="bulk_active",
                condition=Q(state__in=("checking", "running", "undoing")),
            ),
            models.Index(fields=("created_at", "id"), name="bulk_age"),
        ]
        constraints = [
            models.CheckConstraint(
                name="bulk_state_has_its_dates",
                condition=Q(state__in=("checking", "checked"), confirmed_at=None, finished_at=None)
                | Q(state="running", confirmed_at__isnull=False, finished_at=None)
                | Q(
                    state__in=("done", "stopped", "undoing"),
                    confirmed_at__isnull=False,
                    finished_at__isnull=False,
                )
                | Q(
                    state="undone",
                    confirmed_at__isnull=False,
                    finished_at__isnull=False,
                    undone_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="bulk_undone_at_only_if_undone",
                condition=Q(undone_at=None) | Q(state="undone"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} · {self.row_count}"

    @property
    def is_active(self) -> bool:
        """Whether a worker is at it, or is about to be."""
        return self.state in self.ACTIVE


class BulkRow(models.Model):
    """One case of a bulk action, and its result.

    A worker writes the result in the transaction of the verb, so a row has its effect once. ``version_after`` is the
    case's version after the verb, and ``before`` what the verb replaced: a case that has not changed since can be undone.
    """

    class State(models.TextChoices):
        UNCHECKED = "unchecked", pgettext_lazy("result of a bulk action", "Not checked yet")
        READY = "ready", pgettext_lazy("result of a bulk action", "Can be done")
        IMPOSSIBLE = "impossible", pgettext_lazy("result of a bulk action", "Left out")
        DONE = "done", pgettext_lazy("result of a bulk action", "Done")
        REFUSED = "refused", pgettext_lazy("result of a bulk action", "Not done")
        UNDONE = "undone", pgettext_lazy("result of a bulk action", "Undone")
        KEPT = "kept", pgettext_lazy("result of a bulk action", "Not undone")

    job = models.ForeignKey(
        BulkJob,
        models.CASCADE,
        related_name="rows",
        db_index=False,
        verbose_name=_("bulk action"),
    )
    position = models.PositiveSmallIntegerField(_("position"))
    case = models.ForeignKey(Case, models.CASCADE, related_name="+", verbose_name=_("case"))
    expected_version = models.PositiveIntegerField(_("version when chosen"))
    state = models.CharField(
        _("result"), max_length=10, choices=State.choices, default=State.UNCHECKED
    )
    message = models.CharField(_("message"), max_length=1000, blank=True)
    version_after = models.PositiveIntegerField(_("version afterwards"), null=True, blank=True)
    before = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("case of a bulk action")
        verbose_name_plural = _("cases of bulk actions")
        ordering = ("position",)
        indexes = [
            models.Index(fields=("job", "state", "position"), name="bulk_row_by_state"),
        ]
        constraints = [
            models.UniqueConstraint(fields=("job", "position"), name="bulk_position_once_per_job"),
            models.UniqueConstraint(fields=("job", "case"), name="bulk_case_once_per_job"),
            models.CheckConstraint(
                name="bulk_row_done_has_its_version",
                condition=Q(state__in=("done", "undone", "kept"), version_after__isnull=False)
                | Q(state__in=("unchecked", "ready", "impossible", "refused"), version_after=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.state}"
