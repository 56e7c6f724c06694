"""Models of sellers, cases, listings, evidence, decisions, test purchases, bulk actions, saved views, queued email
and storage."""

from cases.models.bulk import BulkJob, BulkRow
from cases.models.case import Case
from cases.models.complaint_template import ComplaintTemplate
from cases.models.custody import CustodyChain, CustodyEntry
from cases.models.decision import CounterNotice, Decision, ReasonCode, Strike
from cases.models.event import CaseEvent
from cases.models.evidence import Evidence
from cases.models.found_contact import FoundContact, PictureReading
from cases.models.held_decision import HeldDecision
from cases.models.hidden_link import HiddenLink
from cases.models.listing import Listing
from cases.models.listing_keys import KeyClash, KeyRebuild
from cases.models.mail import OutgoingMail
from cases.models.marketplace_rules import MarketplaceExample, WatchList, WatchListEntry
from cases.models.planned_case import PlannedCase
from cases.models.preview import Preview
from cases.models.purchase_evidence import PurchaseInCase, TestPurchaseFile
from cases.models.review_rule import ReviewRule
from cases.models.saved_view import ListLayout, SavedView, ViewMail, ViewSubscription
from cases.models.seller import AuthorisedSeller, Marketplace, Seller, SellerIdentifier
from cases.models.seller_name import SellerName
from cases.models.stated_identifier import StatedIdentifier
from cases.models.storage import DiscardedDraft, StorageUse
from cases.models.team import Macro, Team, TeamMember
from cases.models.teamwork import CaseLink, CaseTag, Tag, Watch
from cases.models.test_purchase import TestPurchase, TestPurchaseEvent

__all__ = [
    "AuthorisedSeller",
    "BulkJob",
    "BulkRow",
    "Case",
    "CaseEvent",
    "CaseLink",
    "CaseTag",
    "ComplaintTemplate",
    "CounterNotice",
    "CustodyChain",
    "CustodyEntry",
    "Decision",
    "DiscardedDraft",
    "Evidence",
    "FoundContact",
    "HeldDecision",
    "HiddenLink",
    "KeyClash",
    "KeyRebuild",
    "ListLayout",
    "Listing",
    "Macro",
    "Marketplace",
    "MarketplaceExample",
    "OutgoingMail",
    "PictureReading",
    "PlannedCase",
    "Preview",
    "PurchaseInCase",
    "ReasonCode",
    "ReviewRule",
    "SavedView",
    "Seller",
    "SellerIdentifier",
    "SellerName",
    "StatedIdentifier",
    "StorageUse",
    "Strike",
    "Tag",
    "Team",
    "TeamMember",
    "TestPurchase",
    "TestPurchaseEvent",
    "TestPurchaseFile",
    "ViewMail",
    "ViewSubscription",
    "Watch",
    "WatchList",
    "WatchListEntry",
]
