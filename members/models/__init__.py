"""Who takes part: people, organisations, brands and their rights."""

from .organisation import Brand, Industry, Member
from .people import Membership, User
from .rights import IPRight

__all__ = ["Brand", "IPRight", "Industry", "Member", "Membership", "User"]
