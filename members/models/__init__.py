"""Models of members, brands, rights, people and how they are notified."""

from members.models.access_token import AccessToken, Scope, StoredAnswer
from members.models.application import (
    Application,
    ApplicationCheck,
    ApplicationMail,
    ApplicationMessage,
)
from members.models.authorisation import Authorisation
from members.models.directory import DirectoryEntry
from members.models.document import Document
from members.models.import_job import ImportAttachment, ImportJob, ImportProblem
from members.models.invitation import Invitation
from members.models.notice import MemberNotice
from members.models.notification import Digest, Frequency, NotificationSetting, Topic
from members.models.organisation import Brand, Industry, Member
from members.models.people import Membership, User
from members.models.product import (
    BrandGuide,
    DisclosedTo,
    Product,
    ProductFeature,
    ProductPicture,
)
from members.models.rights import IPRight
from members.models.single_sign_on import LoginDomain, SingleSignOn
from members.models.status_change import StatusChange

__all__ = [
    "AccessToken",
    "Application",
    "ApplicationCheck",
    "ApplicationMail",
    "ApplicationMessage",
    "Authorisation",
    "Brand",
    "BrandGuide",
    "Digest",
    "DirectoryEntry",
    "DisclosedTo",
    "Document",
    "Frequency",
    "IPRight",
    "ImportAttachment",
    "ImportJob",
    "ImportProblem",
    "Industry",
    "Invitation",
    "LoginDomain",
    "Member",
    "MemberNotice",
    "Membership",
    "NotificationSetting",
    "Product",
    "ProductFeature",
    "ProductPicture",
    "Scope",
    "SingleSignOn",
    "StatusChange",
    "StoredAnswer",
    "Topic",
    "User",
]
