"""The chain of custody of each evidence file: entries that are linked by their hashes.

The hash of an entry is the SHA-256, in lower-case hexadecimal, of its *canonical form*: a JSON object (RFC 8259) in
UTF-8 with exactly these members, sorted by name, without white space, and without escapes other than those that JSON
requires:

==============  =======================================================================
``action``      the action's value, for example ``"received"``
``actor``       the user's id as a number, or ``null`` for the portal itself
``actor_label`` the user's name at that time
``at``          the time in UTC with microseconds, ``"2026-05-04T09:30:00.000000Z"``
``case``        the reference of the case
``evidence``    the file's UUID in lower case with hyphens
``position``    the entry's number in the chain; the first is 1
``previous``    the hash of the entry before it, or ``""`` for the first
``sha256``      the SHA-256 of the file
``version``     1, the version of this form
==============  =======================================================================
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliance.lib import clock

VERSION = 1


class CustodyChain(models.Model):
    """The length and the last hash of a file's chain.

    Its row is locked while an entry is added, so that concurrent entries follow each other. It shows the removal of
    the last entries, which no other entry contradicts. It outlives the file.
    """

    evidence_id = models.UUIDField(_("evidence"), primary_key=True)
    case_reference = models.CharField(_("case"), max_length=14)
    length = models.PositiveIntegerField(_("entries"), default=0)
    head = models.CharField(_("last hash"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("chain of custody")
        verbose_name_plural = _("chains of custody")
        indexes = [models.Index(fields=("case_reference",), name="custody_chain_of_case")]
        constraints = [
            models.CheckConstraint(
                condition=Q(length=0, head="") | Q(length__gt=0) & ~Q(head=""),
                name="custody_chain_has_head",
            )
        ]
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.case_reference} · {self.evidence_id}"


class CustodyEntry(models.Model):
    """An entry in the chain of custody of an evidence file. Append-only; it outlives the file."""

    class Action(models.TextChoices):
        RECEIVED = "received", _("Received and hashed")
        VIEWED = "viewed", _("Preview viewed")
        READ = "read", _("Accessed")
        REMOVED = "removed", _("Removed from the draft")
        DISPOSED = "disposed", _("Disposed of with the discarded draft")

    # The actions after which the file no longer exists.
    FINAL = (Action.REMOVED, Action.DISPOSED)

    evidence_id = models.UUIDField(_("evidence"))
    case_reference = models.CharField(_("case"), max_length=14)
    position = models.PositiveIntegerField(_("number"))
    action = models.CharField(_("action"), max_length=10, choices=Action.choices)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    actor_id = models.BigIntegerField(_("user ID"), null=True)
    actor_label = models.CharField(_("person"), max_length=300)
    at = models.DateTimeField(_("time"), default=clock.now)
    previous_hash = models.CharField(_("hash of the previous entry"), max_length=64, blank=True)
    hash = models.CharField(_("hash of this entry"), max_length=64)

    class Meta:
        verbose_name = _("custody entry")
        verbose_name_plural = _("custody entries")
        ordering = ("at", "id")
        indexes = [models.Index(fields=("case_reference", "id"), name="custody_of_case")]
        constraints = [
            models.UniqueConstraint(
                fields=("evidence_id", "position"), name="custody_position_once"
            ),
            models.CheckConstraint(
                condition=Q(position=1, previous_hash="")
                | Q(position__gt=1) & ~Q(previous_hash=""),
                name="custody_entry_follows_another",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()} · {self.actor_label}"

    @property
    def canonical_form(self) -> bytes:
        """The bytes that are hashed. The module's docstring defines them."""
        facts = {
            "action": str(self.action),
            "actor": self.actor_id,
            "actor_label": self.actor_label,
            "at": self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "case": self.case_reference,
            "evidence": str(self.evidence_id),
            "position": self.position,
            "previous": self.previous_hash,
            "sha256": self.sha256,
            "version": VERSION,
        }
        form = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return form.encode()

    @property
    def is_intact(self) -> bool:
        """Whether the facts match :attr:`hash`."""
        return self.hash == self.computed_hash()

    def computed_hash(self) -> str:
        """Return the hash of the canonical form, which :attr:`hash` must equal."""
        return hashlib.sha256(self.canonical_form).hexdigest()
