"""Models of members, brands, rights, people and how they are notified."""

from members.models.authorisation import Authorisation
from members.models.directory import DirectoryEntry
from members.models.document import Document
from members.models.invitation import Invitation
from members.models.notice import MemberNotice
from members.models.notification import Digest, Frequency, NotificationSetting, Topic
from members.models.organisation import Brand, Industry, Member
from members.models.people import Membership, User
from members.models.rights import IPRight
from members.models.single_sign_on import LoginDomain, SingleSignOn

__all__ = [
    "Authorisation",
    "Brand",
    "Digest",
    "DirectoryEntry",
    "Document",
    "Frequency",
    "IPRight",
    "Industry",
    "Invitation",
    "LoginDomain",
    "Member",
    "MemberNotice",
    "Membership",
    "NotificationSetting",
    "SingleSignOn",
    "Topic",
    "User",
]
