"""Agencies, what is referred to them, the queues that updates reach them by, and their operations."""

from .agency import Agency, Officer
from .attempt import Attempt, ChannelEvent
from .operation import ImpactSnapshot, Operation
from .queue import Channel, Delivery, Update
from .referral import Referral

__all__ = [
    "Agency",
    "Attempt",
    "Channel",
    "ChannelEvent",
    "Delivery",
    "ImpactSnapshot",
    "Officer",
    "Operation",
    "Referral",
    "Update",
]
