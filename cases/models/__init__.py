"""Models of sellers, cases, listings, evidence, decisions, queued email and storage."""

from cases.models.case import Case
from cases.models.decision import CounterNotice, Decision, ReasonCode, Strike
from cases.models.event import CaseEvent
from cases.models.evidence import CustodyEntry, Evidence
from cases.models.listing import Listing
from cases.models.listing_keys import KeyClash, KeyRebuild
from cases.models.mail import OutgoingMail
from cases.models.planned_case import PlannedCase
from cases.models.seller import AuthorisedSeller, Marketplace, Seller, SellerIdentifier
from cases.models.seller_name import SellerName
from cases.models.storage import DiscardedDraft, StorageUse

__all__ = [
    "AuthorisedSeller",
    "Case",
    "CaseEvent",
    "CounterNotice",
    "CustodyEntry",
    "Decision",
    "DiscardedDraft",
    "Evidence",
    "KeyClash",
    "KeyRebuild",
    "Listing",
    "Marketplace",
    "OutgoingMail",
    "PlannedCase",
    "ReasonCode",
    "Seller",
    "SellerIdentifier",
    "SellerName",
    "StorageUse",
    "Strike",
]
