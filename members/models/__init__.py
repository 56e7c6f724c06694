"""Models of members, brands, rights and people."""

from members.models.authorisation import Authorisation
from members.models.document import Document
from members.models.invitation import Invitation
from members.models.notice import MemberNotice
from members.models.organisation import Brand, Industry, Member
from members.models.people import Membership, User
from members.models.rights import IPRight

__all__ = [
    "Authorisation",
    "Brand",
    "Document",
    "IPRight",
    "Industry",
    "Invitation",
    "Member",
    "MemberNotice",
    "Membership",
    "User",
]
