"""The timeline of a case."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib import clock
from cases.models.case import Case


class Audience(models.TextChoices):
    """Who may see an event. Moderators see all events."""

    MEMBER = "member", _("Member")
    MODERATOR = "moderator", _("Moderators")
    LIAISON = "liaison", _("Law enforcement")


class EventKind(models.TextChoices):
    """The kind of an event. Every audience of the event sees its label."""

    SUBMITTED = "submitted", _("Case submitted")
    CLAIMED = "claimed", _("Review started")
    ASSIGNED = "assigned", _("Assigned to a moderator")
    RELEASED = "released", _("Released to the queue")
    INFORMATION_REQUESTED = "information_requested", pgettext_lazy("event", "Information requested")
    MEMBER_REMINDED = "member_reminded", _("Reminder: reply needed")
    ANSWERED = "answered", _("Information provided")
    EVIDENCE_ADDED = "evidence_added", _("Evidence added")
    LISTINGS_DESCRIBED = "listings_described", _("Prices and sales updated")
    UPHELD = "upheld", _("Complaint upheld")
    REJECTED = "rejected", _("Complaint rejected")
    REOPENED = "reopened", _("Reopened by late evidence")
    LISTINGS_REMOVED = "listings_removed", pgettext_lazy("event", "Listings removed")
    COUNTER_NOTICED = "counter_noticed", _("Counter-notice received")
    COUNTER_NOTICE_ANSWERED = "counter_notice_answered", _("Counter-notice answered")
    UPHELD_AGAIN = "upheld_again", _("Counter-notice rejected; listings stay removed")
    REINSTATED = "reinstated", _("Counter-notice accepted; listings reinstated")
    CLOSED = "closed", _("Case closed")
    WITHDRAWN = "withdrawn", _("Withdrawn by the member")
    DECISION_CONFIRMED = "decision_confirmed", _("Confirmed by a second moderator")
    DECISION_SENT_BACK = "decision_sent_back", _("Sent back by a second moderator")
    PRIORITY_CHANGED = "priority_changed", _("Priority changed")
    STRIKE_ISSUED = "strike_issued", _("Strike added to the seller")
    IDENTIFIER_ADDED = "identifier_added", _("Identifier added to the seller")
    COMMENTED = "commented", _("Internal note")
    REFERRED = "referred", _("Referred to law enforcement")
    REFERRAL_OFFERED = "referral_offered", _("Referred to the agency")
    REFERRAL_ACKNOWLEDGED = "referral_acknowledged", _("Acknowledged by the agency")
    REFERRAL_ACCEPTED = "referral_accepted", _("Accepted by the agency")
    REFERRAL_DECLINED = "referral_declined", _("Declined by the agency")
    REFERRAL_INVESTIGATING = "referral_investigating", _("Investigation opened")
    REFERRAL_CONCLUDED = "referral_concluded", _("Investigation concluded")
    REFERRAL_WITHDRAWN = "referral_withdrawn", _("Referral withdrawn")
    AGENCY_REMINDED = "agency_reminded", _("Agency reminded of an overdue step")
    OPERATION_REPORTED = "operation_reported", _("Operation reported")
    OPERATION_VERIFIED = "operation_verified", _("Operation verified")
    OPERATION_RETRACTED = "operation_retracted", _("Operation report retracted")


class CaseEvent(models.Model):
    """An entry on the timeline of a case. Append-only: a trigger rejects updates and deletions.

    ``sequence`` counts within the case. The actor is copied as text, so that the entry outlives the account.
    ``referral_id`` limits the entry to one agency; it is not a foreign key for the same reason. ``data`` holds
    facts that depend on the kind, never secrets.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="events")
    sequence = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("event"), max_length=30, choices=EventKind.choices)
    audience = ArrayField(
        models.CharField(max_length=10, choices=Audience.choices), verbose_name=_("audience")
    )
    note = models.TextField(_("note"), blank=True)
    data = models.JSONField(_("data"), default=dict, blank=True)
    referral_id = models.BigIntegerField(_("referral"), null=True, blank=True)
    actor_id = models.BigIntegerField(_("user ID"), null=True, blank=True)
    actor_role = models.CharField(_("role"), max_length=10, choices=Audience.choices)
    actor_label = models.CharField(_("person"), max_length=300)
    at = models.DateTimeField(_("time"), default=clock.now)

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
