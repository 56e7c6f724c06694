"""The timeline of a case."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from alliance.lib import clock
from cases.models.case import Case


class Audience(models.TextChoices):
    """Who may read an event. Moderators read all of them."""

    MEMBER = "member", _("Member")
    MODERATOR = "moderator", _("Moderators")
    LIAISON = "liaison", _("Law enforcement")


class EventKind(models.TextChoices):
    """What happened, in words that every audience of the event may read."""

    SUBMITTED = "submitted", _("Case submitted")
    CLAIMED = "claimed", _("Review started")
    RELEASED = "released", _("Handed back to the queue")
    INFORMATION_REQUESTED = "information_requested", _("Information requested")
    MEMBER_REMINDED = "member_reminded", _("Reminder: your answer is awaited")
    ANSWERED = "answered", _("Information provided")
    EVIDENCE_ADDED = "evidence_added", _("Evidence added")
    LISTINGS_DESCRIBED = "listings_described", _("Prices and sales stated")
    UPHELD = "upheld", _("Complaint upheld")
    REJECTED = "rejected", _("Complaint rejected")
    LISTINGS_REMOVED = "listings_removed", _("Listings removed")
    COUNTER_NOTICED = "counter_noticed", _("Seller objected")
    COUNTER_NOTICE_ANSWERED = "counter_notice_answered", _("Counter-notice answered")
    UPHELD_AGAIN = "upheld_again", _("Objection refused; the removal stands")
    REINSTATED = "reinstated", _("Objection accepted; listings reinstated")
    CLOSED = "closed", _("Case closed")
    WITHDRAWN = "withdrawn", _("Withdrawn by the member")
    PRIORITY_CHANGED = "priority_changed", _("Priority changed")
    STRIKE_ISSUED = "strike_issued", _("Strike issued to the seller")
    COMMENTED = "commented", _("Internal note")
    REFERRED = "referred", _("Referred to law enforcement")
    REFERRAL_OFFERED = "referral_offered", _("Offered to the agency")
    REFERRAL_ACKNOWLEDGED = "referral_acknowledged", _("Acknowledged by the agency")
    REFERRAL_ACCEPTED = "referral_accepted", _("Accepted by the agency")
    REFERRAL_DECLINED = "referral_declined", _("Declined by the agency")
    REFERRAL_INVESTIGATING = "referral_investigating", _("Investigation opened")
    REFERRAL_CONCLUDED = "referral_concluded", _("Investigation concluded")
    REFERRAL_WITHDRAWN = "referral_withdrawn", _("Referral withdrawn")
    AGENCY_REMINDED = "agency_reminded", _("Agency reminded of what is overdue")
    OPERATION_REPORTED = "operation_reported", _("Operation reported")
    OPERATION_VERIFIED = "operation_verified", _("Operation verified")
    OPERATION_RETRACTED = "operation_retracted", _("Operation retracted")


class CaseEvent(models.Model):
    """One step in a case's life. Append-only: a trigger refuses update and delete.

    ``sequence`` counts within the case. The actor is copied as text, so that the record outlives the
    account. ``referral_id`` (no foreign key, for the same reason) narrows law enforcement's view to
    one agency. ``data`` holds facts of the kind, never secrets.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="events")
    sequence = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("what"), max_length=30, choices=EventKind.choices)
    audience = ArrayField(
        models.CharField(max_length=10, choices=Audience.choices), verbose_name=_("audience")
    )
    note = models.TextField(_("note"), blank=True)
    data = models.JSONField(_("data"), default=dict, blank=True)
    referral_id = models.BigIntegerField(_("referral"), null=True, blank=True)
    actor_id = models.BigIntegerField(_("user number"), null=True, blank=True)
    actor_role = models.CharField(_("acting as"), max_length=10, choices=Audience.choices)
    actor_label = models.CharField(_("who"), max_length=300)
    at = models.DateTimeField(_("when"), default=clock.now)

    class Meta:
        verbose_name = _("case event")
        verbose_name_plural = _("case events")
        ordering = ("case", "sequence")
        constraints = [
            models.UniqueConstraint(fields=("case", "sequence"), name="event_sequence_per_case"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.get_kind_display()}"
