"""The icon and tone of each kind of event on a timeline. They are the same on every page."""

from __future__ import annotations

from typing import NamedTuple

from cases.models.event import EventKind


class Look(NamedTuple):
    """The id of an icon in ``static/img/icons.svg``, and the tone of the dot."""

    icon: str
    tone: str


_LOOKS: dict[str, Look] = {
    EventKind.SUBMITTED: Look("send", "info"),
    EventKind.CLAIMED: Look("person", "info"),
    EventKind.RELEASED: Look("undo", "neutral"),
    EventKind.INFORMATION_REQUESTED: Look("question", "warning"),
    EventKind.MEMBER_REMINDED: Look("bell", "info"),
    EventKind.ANSWERED: Look("comment", "info"),
    EventKind.EVIDENCE_ADDED: Look("paperclip", "info"),
    EventKind.LISTINGS_DESCRIBED: Look("edit", "neutral"),
    EventKind.UPHELD: Look("gavel", "success"),
    EventKind.REJECTED: Look("x-circle", "danger"),
    EventKind.LISTINGS_REMOVED: Look("check-circle", "success"),
    EventKind.COUNTER_NOTICED: Look("flag", "warning"),
    EventKind.COUNTER_NOTICE_ANSWERED: Look("comment", "info"),
    EventKind.UPHELD_AGAIN: Look("gavel", "success"),
    EventKind.REINSTATED: Look("undo", "warning"),
    EventKind.CLOSED: Look("archive", "neutral"),
    EventKind.WITHDRAWN: Look("undo", "neutral"),
    EventKind.PRIORITY_CHANGED: Look("flag", "neutral"),
    EventKind.STRIKE_ISSUED: Look("alert", "warning"),
    EventKind.COMMENTED: Look("comment", "neutral"),
    EventKind.REFERRED: Look("shield", "info"),
    EventKind.REFERRAL_OFFERED: Look("send", "info"),
    EventKind.REFERRAL_ACKNOWLEDGED: Look("eye", "info"),
    EventKind.REFERRAL_ACCEPTED: Look("check-circle", "success"),
    EventKind.REFERRAL_DECLINED: Look("x-circle", "danger"),
    EventKind.REFERRAL_INVESTIGATING: Look("search", "info"),
    EventKind.REFERRAL_CONCLUDED: Look("patch-check", "success"),
    EventKind.REFERRAL_WITHDRAWN: Look("undo", "neutral"),
    EventKind.AGENCY_REMINDED: Look("clock", "neutral"),
    EventKind.OPERATION_REPORTED: Look("bank", "info"),
    EventKind.OPERATION_VERIFIED: Look("patch-check", "success"),
    EventKind.OPERATION_RETRACTED: Look("x-circle", "danger"),
}


def look_of(kind: str) -> Look:
    """Return the look of an event of ``kind``, with a default for unknown kinds."""
    return _LOOKS.get(kind, Look("check", "neutral"))
