"""Agencies, what is referred to them, the queues that updates reach them by, and their operations."""

from .agency import Agency, Disclosed, Officer
from .attempt import Attempt, ChannelEvent
from .clocks import Clock, DueTimes, Escalation
from .notice import Notice
from .operation import CountedOperation, ImpactSnapshot, Operation
from .queue import Channel, Delivery, Resend, Update
from .referral import Referral
from .rule import ReferralRule
from .watch import ChannelTest, LaneMinute

__all__ = [
    "Agency",
    "Attempt",
    "Channel",
    "ChannelEvent",
    "ChannelTest",
    "Clock",
    "CountedOperation",
    "Delivery",
    "Disclosed",
    "DueTimes",
    "Escalation",
    "ImpactSnapshot",
    "LaneMinute",
    "Notice",
    "Officer",
    "Operation",
    "Referral",
    "ReferralRule",
    "Resend",
    "Update",
]
