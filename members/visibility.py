"""Which rows of members a person may see, one function per noun."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from members.models import Document, IPRight, Member, Membership, User
from members.models.rights import IPRightQuerySet

Person = User | AnonymousUser


def own_members(user: User) -> QuerySet[Member]:
    """Return the members at which ``user`` has a role today."""
    return Member.objects.filter(pk__in=Membership.objects.members_of(user))


def rights(user: Person) -> IPRightQuerySet:
    """Return all rights for moderators and admins, and those of their members for brand staff."""
    if not user.is_authenticated or not user.is_active:
        return IPRight.objects.none()
    if user.is_moderator or user.is_staff:
        return IPRight.objects.all()
    return IPRight.objects.filter(member__in=Membership.objects.members_of(user))


def documents(user: Person) -> QuerySet[Document]:
    """Return the documents that ``user`` may download: the certificates of the rights that they see."""
    if not user.is_authenticated or not user.is_active:
        return Document.objects.none()
    return Document.objects.filter(right__in=rights(user))
