"""What the alliance works on: sellers, cases, listings, evidence, decisions."""

from .case import Case
from .decision import CounterNotice, Decision, ReasonCode, Strike
from .event import CaseEvent
from .evidence import CustodyEntry, Evidence
from .listing import Listing
from .listing_keys import KeyClash, KeyRebuild
from .mail import OutgoingMail
from .seller import AuthorisedSeller, Marketplace, Seller, SellerIdentifier
from .storage import DiscardedDraft, StorageUse

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
    "ReasonCode",
    "Seller",
    "SellerIdentifier",
    "StorageUse",
    "Strike",
]
