"""The icon and tone of each kind of event on a timeline. They are the same on every page."""

from __future__ import annotations

from typing import NamedTuple

from cases.models.event import EventKind


class EventStyle(NamedTuple):
    """The id of an icon in ``static/img/icons.svg``, and the tone of the dot."""

    icon: str
    tone: str


_STYLES: dict[str, EventStyle] = {
    EventKind.SUBMITTED: EventStyle("send", "info"),
    EventKind.CLAIMED: EventStyle("person", "info"),
    EventKind.ASSIGNED: EventStyle("person", "neutral"),
    EventKind.RELEASED: EventStyle("undo", "neutral"),
    EventKind.INFORMATION_REQUESTED: EventStyle("question", "warning"),
    EventKind.MEMBER_REMINDED: EventStyle("bell", "info"),
    EventKind.ANSWERED: EventStyle("comment", "info"),
    EventKind.EVIDENCE_ADDED: EventStyle("paperclip", "info"),
    EventKind.LISTINGS_DESCRIBED: EventStyle("edit", "neutral"),
    EventKind.UPHELD: EventStyle("gavel", "success"),
    EventKind.REJECTED: EventStyle("x-circle", "danger"),
    EventKind.REOPENED: EventStyle("undo", "info"),
    EventKind.LISTINGS_REMOVED: EventStyle("check-circle", "success"),
    EventKind.COUNTER_NOTICED: EventStyle("flag", "warning"),
    EventKind.COUNTER_NOTICE_ANSWERED: EventStyle("comment", "info"),
    EventKind.UPHELD_AGAIN: EventStyle("gavel", "success"),
    EventKind.REINSTATED: EventStyle("undo", "warning"),
    EventKind.CLOSED: EventStyle("archive", "neutral"),
    EventKind.WITHDRAWN: EventStyle("undo", "neutral"),
    EventKind.DECISION_CONFIRMED: EventStyle("people", "success"),
    EventKind.DECISION_SENT_BACK: EventStyle("undo", "warning"),
    EventKind.PRIORITY_CHANGED: EventStyle("flag", "neutral"),
    EventKind.STRIKE_ISSUED: EventStyle("alert", "warning"),
    EventKind.IDENTIFIER_ADDED: EventStyle("person", "neutral"),
    EventKind.COMMENTED: EventStyle("comment", "neutral"),
    EventKind.REFERRED: EventStyle("shield", "info"),
    EventKind.REFERRAL_OFFERED: EventStyle("send", "info"),
    EventKind.REFERRAL_ACKNOWLEDGED: EventStyle("eye", "info"),
    EventKind.REFERRAL_ACCEPTED: EventStyle("check-circle", "success"),
    EventKind.REFERRAL_DECLINED: EventStyle("x-circle", "danger"),
    EventKind.REFERRAL_INVESTIGATING: EventStyle("search", "info"),
    EventKind.REFERRAL_CONCLUDED: EventStyle("patch-check", "success"),
    EventKind.REFERRAL_WITHDRAWN: EventStyle("undo", "neutral"),
    EventKind.AGENCY_REMINDED: EventStyle("clock", "neutral"),
    EventKind.OPERATION_REPORTED: EventStyle("bank", "info"),
    EventKind.OPERATION_VERIFIED: EventStyle("patch-check", "success"),
    EventKind.OPERATION_RETRACTED: EventStyle("x-circle", "danger"),
}


def style_of(kind: str) -> EventStyle:
    """Return the style of an event of ``kind``, with a default for unknown kinds."""
    return _STYLES.get(kind, EventStyle("check", "neutral"))
