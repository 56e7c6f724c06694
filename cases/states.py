"""The life of a case as data: statuses, transitions, whose turn it is. Nothing here touches a database.

``docs/states.md`` is generated from this file by ``manage.py states``.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """Where a case stands."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    IN_REVIEW = "in_review", _("In review")
    INFORMATION_REQUESTED = "information_requested", _("Information requested")
    UPHELD = "upheld", _("Upheld")
    REJECTED = "rejected", _("Rejected")
    REMOVED = "removed", _("Listings removed")
    COUNTER_NOTICED = "counter_noticed", _("Counter-noticed")
    REINSTATED = "reinstated", _("Reinstated")
    CLOSED = "closed", _("Closed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Outcome(models.TextChoices):
    """What the standing decision on a case says. Empty as long as nothing is decided."""

    UPHELD = "upheld", _("Upheld")
    REJECTED = "rejected", _("Rejected")
    REINSTATED = "reinstated", _("Reinstated")


class Role(models.TextChoices):
    """Who moves a case. What a person may do at all is the business of ``permissions``."""

    FILER = "filer", _("Brand staff who may file")
    MODERATOR = "moderator", _("Moderator")
    ASSIGNEE = "assignee", _("The moderator who holds the case")


@dataclass(frozen=True)
class Transition:
    """One verb: from which statuses, to which one, moved by whom."""

    sources: frozenset[Status]
    target: Status
    by: Role


def _transition(*sources: Status, to: Status, by: Role) -> Transition:
    return Transition(frozenset(sources), to, by)


S, R = Status, Role
DECIDABLE = (S.SUBMITTED, S.IN_REVIEW, S.INFORMATION_REQUESTED)

TRANSITIONS: dict[str, Transition] = {
    "submit": _transition(S.DRAFT, to=S.SUBMITTED, by=R.FILER),
    # From "in review" too: a colleague's lease may have run out.
    "claim": _transition(S.SUBMITTED, S.IN_REVIEW, to=S.IN_REVIEW, by=R.MODERATOR),
    "release": _transition(S.IN_REVIEW, to=S.SUBMITTED, by=R.ASSIGNEE),
    "request_information": _transition(S.IN_REVIEW, to=S.INFORMATION_REQUESTED, by=R.ASSIGNEE),
    "answer": _transition(S.INFORMATION_REQUESTED, to=S.SUBMITTED, by=R.FILER),
    "uphold": _transition(S.IN_REVIEW, to=S.UPHELD, by=R.ASSIGNEE),
    "reject": _transition(S.IN_REVIEW, to=S.REJECTED, by=R.ASSIGNEE),
    # When the member's time to answer is over.
    "reject_unanswered": _transition(S.INFORMATION_REQUESTED, to=S.REJECTED, by=R.MODERATOR),
    "record_removal": _transition(S.UPHELD, to=S.REMOVED, by=R.MODERATOR),
    "record_counter_notice": _transition(S.REMOVED, to=S.COUNTER_NOTICED, by=R.MODERATOR),
    "uphold_again": _transition(S.COUNTER_NOTICED, to=S.REMOVED, by=R.MODERATOR),
    "reinstate": _transition(S.COUNTER_NOTICED, to=S.REINSTATED, by=R.MODERATOR),
    "close": _transition(S.REMOVED, S.REINSTATED, to=S.CLOSED, by=R.MODERATOR),
    "withdraw": _transition(S.DRAFT, *DECIDABLE, to=S.WITHDRAWN, by=R.FILER),
}

# Whose move is next; a status that is not here waits for nobody.
OWNERS: dict[Status, Role] = {
    S.DRAFT: R.FILER,
    S.SUBMITTED: R.MODERATOR,
    S.IN_REVIEW: R.ASSIGNEE,
    S.INFORMATION_REQUESTED: R.FILER,
    S.UPHELD: R.MODERATOR,
    S.REMOVED: R.MODERATOR,
    S.COUNTER_NOTICED: R.MODERATOR,
    S.REINSTATED: R.MODERATOR,
}

# While a case is in one of these, its listings may not be filed again under the same brand.
OPEN = frozenset(
    {
        S.SUBMITTED,
        S.IN_REVIEW,
        S.INFORMATION_REQUESTED,
        S.UPHELD,
        S.REMOVED,
        S.COUNTER_NOTICED,
    }
)
UNDECIDED = frozenset({S.DRAFT, *DECIDABLE})

# The outcomes that a case can have in each status. In a status that is not here the outcome is empty.
# The status does not say how a closed case ended: only the outcome does.
OUTCOMES: dict[Status, tuple[Outcome, ...]] = {
    S.UPHELD: (Outcome.UPHELD,),
    S.REJECTED: (Outcome.REJECTED,),
    S.REMOVED: (Outcome.UPHELD,),
    S.COUNTER_NOTICED: (Outcome.UPHELD,),
    S.REINSTATED: (Outcome.REINSTATED,),
    S.CLOSED: (Outcome.UPHELD, Outcome.REINSTATED),
}


class ReferralStatus(models.TextChoices):
    """Where a referral to an agency stands. Beside the case's status, never part of it."""

    OFFERED = "offered", _("Offered")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    INVESTIGATING = "investigating", _("Investigating")
    CONCLUDED = "concluded", _("Concluded")
    WITHDRAWN = "withdrawn", _("Withdrawn")


RS = ReferralStatus

REFERRAL_TRANSITIONS: dict[str, tuple[frozenset[ReferralStatus], ReferralStatus]] = {
    "acknowledge": (frozenset({RS.OFFERED}), RS.ACKNOWLEDGED),
    "accept": (frozenset({RS.OFFERED, RS.ACKNOWLEDGED}), RS.ACCEPTED),
    "decline": (frozenset({RS.OFFERED, RS.ACKNOWLEDGED}), RS.DECLINED),
    "investigate": (frozenset({RS.ACCEPTED}), RS.INVESTIGATING),
    "conclude": (frozenset({RS.ACCEPTED, RS.INVESTIGATING}), RS.CONCLUDED),
    "withdraw": (
        frozenset({RS.OFFERED, RS.ACKNOWLEDGED, RS.ACCEPTED, RS.INVESTIGATING}),
        RS.WITHDRAWN,
    ),
}

# Agencies whose referral stands here are told of every update of the case.
REFERRAL_LIVE = frozenset(
    {RS.OFFERED, RS.ACKNOWLEDGED, RS.ACCEPTED, RS.INVESTIGATING, RS.CONCLUDED}
)
# Referrals that are over: the agency does not have the case, and it may be offered again.
REFERRAL_OVER = (RS.WITHDRAWN, RS.DECLINED)
# While a referral stands here its agency owes an answer; in any other state nothing is waited for.
REFERRAL_AWAITED = (RS.OFFERED, RS.ACKNOWLEDGED)
# While a referral stands here its agency has the case and has not concluded it.
REFERRAL_IN_HAND = (RS.ACKNOWLEDGED, RS.ACCEPTED, RS.INVESTIGATING)
# An agency reports operations in these.
REFERRAL_REPORTABLE = (RS.ACCEPTED, RS.INVESTIGATING, RS.CONCLUDED)
REFERRAL_UNFINISHED = (*REFERRAL_AWAITED, RS.ACCEPTED, RS.INVESTIGATING)


class OperationStatus(models.TextChoices):
    """How far the figures of an operation are to be trusted. Only verified ones are published."""

    REPORTED = "reported", _("Reported")
    VERIFIED = "verified", _("Verified")
    RETRACTED = "retracted", _("Retracted")


def allowed(verb: str, status: str) -> bool:
    """Say whether a case in ``status`` can make the transition ``verb``."""
    return status in TRANSITIONS[verb].sources


class Violation(models.TextChoices):
    """What the seller is said to have done."""

    COUNTERFEIT = "counterfeit", _("Counterfeit goods")
    TRADEMARK = "trademark", _("Trademark infringement")
    COPYRIGHT = "copyright", _("Copyright infringement")
    DESIGN = "design", _("Design infringement")
    PATENT = "patent", _("Patent infringement")
    ADVERTISING = "advertising", _("Illegal advertising")


class Priority(models.IntegerChoices):
    """How soon a case is looked at; the due time follows from it."""

    LOW = 1, _("Low")
    NORMAL = 2, _("Normal")
    HIGH = 3, _("High")
    URGENT = 4, _("Urgent")
