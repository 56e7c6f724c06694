"""The states of cases, referrals, operations and test purchases as data. Nothing here touches the database.

``docs/states.md`` is generated from this file by ``manage.py states``.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Status(models.TextChoices):
    """The status of a case."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    IN_REVIEW = "in_review", _("In review")
    INFORMATION_REQUESTED = "information_requested", _("Information requested")
    UPHELD = "upheld", _("Upheld")
    REJECTED = "rejected", _("Rejected")
    REMOVED = "removed", _("Listings removed")
    COUNTER_NOTICED = "counter_noticed", _("Counter-notice received")
    REINSTATED = "reinstated", _("Reinstated")
    CLOSED = "closed", _("Closed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Outcome(models.TextChoices):
    """The outcome of the current decision on a case. Empty until the case is decided."""

    UPHELD = "upheld", _("Upheld")
    REJECTED = "rejected", _("Rejected")
    REINSTATED = "reinstated", _("Reinstated")


class Role(models.TextChoices):
    """The role that makes a transition. :mod:`cases.services.core` checks that a person has it."""

    FILER = "filer", _("Owner or filer of the member")
    MODERATOR = "moderator", _("Moderator")
    ASSIGNEE = "assignee", _("Moderator who claimed the case")


@dataclass(frozen=True)
class Transition:
    """The statuses from which a verb starts, the status it leads to, and who may use it."""

    sources: frozenset[Status]
    target: Status
    by: Role


def _transition(*sources: Status, to: Status, by: Role) -> Transition:
    return Transition(frozenset(sources), to, by)


S, R = Status, Role
DECIDABLE = (S.SUBMITTED, S.IN_REVIEW, S.INFORMATION_REQUESTED)

TRANSITIONS: dict[str, Transition] = {
    "submit": _transition(S.DRAFT, to=S.SUBMITTED, by=R.FILER),
    # Also from "in review": the lease of a colleague may have expired.
    "claim": _transition(S.SUBMITTED, S.IN_REVIEW, to=S.IN_REVIEW, by=R.MODERATOR),
    "release": _transition(S.IN_REVIEW, to=S.SUBMITTED, by=R.ASSIGNEE),
    "request_information": _transition(S.IN_REVIEW, to=S.INFORMATION_REQUESTED, by=R.ASSIGNEE),
    "answer": _transition(S.INFORMATION_REQUESTED, to=S.SUBMITTED, by=R.FILER),
    "uphold": _transition(S.IN_REVIEW, to=S.UPHELD, by=R.ASSIGNEE),
    "reject": _transition(S.IN_REVIEW, to=S.REJECTED, by=R.ASSIGNEE),
    # Allowed after the member's deadline to answer.
    "reject_unanswered": _transition(S.INFORMATION_REQUESTED, to=S.REJECTED, by=R.MODERATOR),
    # With evidence that was added since the decision, until LATE_EVIDENCE_DAYS after it.
    "reopen": _transition(S.REJECTED, to=S.SUBMITTED, by=R.FILER),
    "record_removal": _transition(S.UPHELD, to=S.REMOVED, by=R.MODERATOR),
    "record_counter_notice": _transition(S.REMOVED, to=S.COUNTER_NOTICED, by=R.MODERATOR),
    "uphold_again": _transition(S.COUNTER_NOTICED, to=S.REMOVED, by=R.MODERATOR),
    "reinstate": _transition(S.COUNTER_NOTICED, to=S.REINSTATED, by=R.MODERATOR),
    "close": _transition(S.REMOVED, S.REINSTATED, to=S.CLOSED, by=R.MODERATOR),
    "withdraw": _transition(S.DRAFT, *DECIDABLE, to=S.WITHDRAWN, by=R.FILER),
}


class DecisionVerb(models.TextChoices):
    """The steps of moderators with an effect outside the portal, such as mail, a removal or a referral.

    They are held before they take effect (:mod:`cases.services.held`).
    """

    UPHOLD = "uphold", pgettext_lazy("decision", "Uphold the complaint")
    REJECT = "reject", pgettext_lazy("decision", "Reject the complaint")
    REJECT_UNANSWERED = (
        "reject_unanswered",
        pgettext_lazy("decision", "Reject because the member did not answer"),
    )
    REQUEST_INFORMATION = "request_information", pgettext_lazy("decision", "Request information")
    RECORD_REMOVAL = "record_removal", pgettext_lazy("decision", "Record the removal")
    RECORD_COUNTER_NOTICE = (
        "record_counter_notice",
        pgettext_lazy("decision", "Record the counter-notice"),
    )
    UPHOLD_AGAIN = "uphold_again", pgettext_lazy("decision", "Reject the counter-notice")
    REINSTATE = "reinstate", pgettext_lazy("decision", "Accept the counter-notice")
    CLOSE = "close", pgettext_lazy("decision", "Close the case")
    REFER = "refer", pgettext_lazy("decision", "Refer the case to an agency")
    WITHDRAW_REFERRAL = "withdraw_referral", pgettext_lazy("decision", "Withdraw the referral")


# The role that must act next. In a status that is not listed, no role must act.
WAITS_FOR: dict[Status, Role] = {
    S.DRAFT: R.FILER,
    S.SUBMITTED: R.MODERATOR,
    S.IN_REVIEW: R.ASSIGNEE,
    S.INFORMATION_REQUESTED: R.FILER,
    S.UPHELD: R.MODERATOR,
    S.REMOVED: R.MODERATOR,
    S.COUNTER_NOTICED: R.MODERATOR,
    S.REINSTATED: R.MODERATOR,
}

# While a case has one of these statuses, its listings cannot be filed again for the same brand.
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
# While a case has one of these statuses, the member can add evidence and describe the listings. Evidence of a rejected
# case reopens it.
TAKES_ADDITIONS = OPEN | {S.DRAFT}

# The outcomes that a case can have in each status. In a status that is not listed the outcome is empty.
# Only the outcome says how a closed case ended.
OUTCOMES: dict[Status, tuple[Outcome, ...]] = {
    S.UPHELD: (Outcome.UPHELD,),
    S.REJECTED: (Outcome.REJECTED,),
    S.REMOVED: (Outcome.UPHELD,),
    S.COUNTER_NOTICED: (Outcome.UPHELD,),
    S.REINSTATED: (Outcome.REINSTATED,),
    S.CLOSED: (Outcome.UPHELD, Outcome.REINSTATED),
}


class ReferralStatus(models.TextChoices):
    """The status of a referral to an agency, independent of the case's status."""

    OFFERED = "offered", _("Awaiting acknowledgement")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    INVESTIGATING = "investigating", _("Under investigation")
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

# Referrals whose agency receives every update of the case.
REFERRAL_LIVE = frozenset(
    {RS.OFFERED, RS.ACKNOWLEDGED, RS.ACCEPTED, RS.INVESTIGATING, RS.CONCLUDED}
)
# Ended referrals: the agency no longer has the case, and it can be referred again.
REFERRAL_ENDED = (RS.WITHDRAWN, RS.DECLINED)
# Referrals that the agency has neither accepted nor declined. Only these can be overdue.
REFERRAL_UNANSWERED = (RS.OFFERED, RS.ACKNOWLEDGED)
# Referrals that the agency has acknowledged but not concluded.
REFERRAL_IN_HAND = (RS.ACKNOWLEDGED, RS.ACCEPTED, RS.INVESTIGATING)
# Referrals in which the agency can report operations.
REFERRAL_REPORTABLE = (RS.ACCEPTED, RS.INVESTIGATING, RS.CONCLUDED)
# Live referrals that are not concluded.
REFERRAL_UNFINISHED = (*REFERRAL_UNANSWERED, RS.ACCEPTED, RS.INVESTIGATING)


class OperationStatus(models.TextChoices):
    """Whether the figures of an operation are verified. Only verified figures are published."""

    REPORTED = "reported", _("Awaiting verification")
    VERIFIED = "verified", _("Verified")
    RETRACTED = "retracted", _("Retracted")


class PurchaseStatus(models.TextChoices):
    """The status of a test purchase, from the plan to the disposal of the goods."""

    PLANNED = "planned", pgettext_lazy("test purchase", "Planned")
    ORDERED = "ordered", pgettext_lazy("test purchase", "Ordered")
    RECEIVED = "received", pgettext_lazy("test purchase", "Received")
    EXAMINED = "examined", pgettext_lazy("test purchase", "Examined")
    STORED = "stored", pgettext_lazy("test purchase", "In the evidence store")
    DISPOSAL_PROPOSED = "disposal_proposed", pgettext_lazy("test purchase", "Disposal proposed")
    DISPOSED = "disposed", pgettext_lazy("test purchase", "Disposed of")
    CANCELLED = "cancelled", pgettext_lazy("test purchase", "Cancelled")


PS = PurchaseStatus

# Owners and filers of the member make all of them. "dispose" needs another person than "propose_disposal".
PURCHASE_TRANSITIONS: dict[str, tuple[frozenset[PurchaseStatus], PurchaseStatus]] = {
    "order": (frozenset({PS.PLANNED}), PS.ORDERED),
    "receive": (frozenset({PS.ORDERED}), PS.RECEIVED),
    "examine": (frozenset({PS.RECEIVED}), PS.EXAMINED),
    "store": (frozenset({PS.EXAMINED}), PS.STORED),
    "propose_disposal": (frozenset({PS.STORED}), PS.DISPOSAL_PROPOSED),
    "keep": (frozenset({PS.DISPOSAL_PROPOSED}), PS.STORED),
    "dispose": (frozenset({PS.DISPOSAL_PROPOSED}), PS.DISPOSED),
    # A parcel that has arrived is goods to account for, so it is disposed of instead.
    "cancel": (frozenset({PS.PLANNED, PS.ORDERED}), PS.CANCELLED),
}
# Nothing can be corrected or added any more.
PURCHASE_ENDED = (PS.DISPOSED, PS.CANCELLED)


class Verdict(models.TextChoices):
    """The result of the brand's examination of a test purchase."""

    GENUINE = "genuine", pgettext_lazy("test purchase", "Genuine")
    FAKE = "fake", pgettext_lazy("test purchase", "Fake")
    UNCLEAR = "unclear", pgettext_lazy("test purchase", "Cannot tell")


def allowed(verb: str, status: str) -> bool:
    """Return whether a case in ``status`` can make the transition ``verb``."""
    return status in TRANSITIONS[verb].sources


class Violation(models.TextChoices):
    """The type of violation that the complaint states."""

    COUNTERFEIT = "counterfeit", _("Counterfeit goods")
    TRADEMARK = "trademark", _("Trademark infringement")
    COPYRIGHT = "copyright", _("Copyright infringement")
    DESIGN = "design", _("Design infringement")
    PATENT = "patent", _("Patent infringement")
    ADVERTISING = "advertising", _("Illegal advertising")


class ListingPart(models.TextChoices):
    """The part of a listing that infringes the right."""

    PRODUCT = "product", pgettext_lazy("part of a listing", "Product")
    PACKAGING = "packaging", _("Packaging")
    PICTURE = "picture", pgettext_lazy("part of a listing", "Pictures")
    TEXT = "text", _("Title or description")
    NAME = "name", _("Shop or brand name")


# The parts that can infringe, for violations for which some cannot. A design or an invention is not infringed by words.
PARTS_FOR: dict[Violation, tuple[ListingPart, ...]] = {
    Violation.COPYRIGHT: (
        ListingPart.PRODUCT,
        ListingPart.PACKAGING,
        ListingPart.PICTURE,
        ListingPart.TEXT,
    ),
    Violation.DESIGN: (ListingPart.PRODUCT, ListingPart.PACKAGING, ListingPart.PICTURE),
    Violation.PATENT: (ListingPart.PRODUCT, ListingPart.PACKAGING),
}


class Priority(models.IntegerChoices):
    """The priority of a case. The time to decide depends on it."""

    LOW = 1, _("Low")
    NORMAL = 2, _("Normal")
    HIGH = 3, _("High")
    URGENT = 4, _("Urgent")
