"""Models of members, brands, rights, people and how they are notified."""

from members.models.application import (
    Application,
    ApplicationCheck,
    ApplicationMail,
    ApplicationMessage,
)
from members.models.authorisation import Authorisation
from members.models.directory import DirectoryEntry
from members.models.document import Document
from members.models.invitation import Invitation
from members.models.notice import MemberNotice
from members.models.notification import Digest, Frequency, NotificationSetting, Topic
from members.models.organisation import Brand, Industry, Member
from members.models.people import Membership, User
from members.models.rights import IPRight
from members.models.status_change import StatusChange

__all__ = [
    "Application",
    "ApplicationCheck",
    "ApplicationMail",
    "ApplicationMessage",
    "Authorisation",
    "Brand",
    "Digest",
    "DirectoryEntry",
    "Document",
    "Frequency",
    "IPRight",
    "Industry",
    "Invitation",
    "Member",
    "MemberNotice",
    "Membership",
    "NotificationSetting",
    "StatusChange",
    "Topic",
    "User",
]
