"""Agencies, referrals, channels, updates and deliveries, and operations."""

from cases.liaison.models.agency import Agency, Disclosed, Officer
from cases.liaison.models.attempt import Attempt, ChannelEvent
from cases.liaison.models.channel import Channel, ChannelBrand
from cases.liaison.models.channel_test import ChannelTest
from cases.liaison.models.due_times import DueStep, DueTimes, Escalation
from cases.liaison.models.guide import GuideAgency, ProductAgency
from cases.liaison.models.notice import Notice
from cases.liaison.models.operation import CountedOperation, ImpactSnapshot, Operation
from cases.liaison.models.rate import ChannelMinute
from cases.liaison.models.referral import Referral
from cases.liaison.models.resend import Resend
from cases.liaison.models.rule import ReferralRule
from cases.liaison.models.update import Delivery, Update

__all__ = [
    "Agency",
    "Attempt",
    "Channel",
    "ChannelBrand",
    "ChannelEvent",
    "ChannelMinute",
    "ChannelTest",
    "CountedOperation",
    "Delivery",
    "Disclosed",
    "DueStep",
    "DueTimes",
    "Escalation",
    "GuideAgency",
    "ImpactSnapshot",
    "Notice",
    "Officer",
    "Operation",
    "ProductAgency",
    "Referral",
    "ReferralRule",
    "Resend",
    "Update",
]
