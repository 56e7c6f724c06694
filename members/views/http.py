"""Helpers for views."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from members import roles
from members.models import Member, Membership, User


def person(request: HttpRequest) -> User:
    """Return the logged-in user. LoginRequiredMiddleware guarantees that there is one."""
    assert isinstance(request.user, User)
    return request.user


def owned_member(request: HttpRequest, slug: str) -> Member:
    """Return the member with its directory entry, for one of its owners.

    Raises ``Http404`` for people without a role at the member, and ``PermissionDenied`` for others than its owners.
    """
    user = person(request)
    mine = Member.objects.filter(pk__in=Membership.objects.members_of(user))
    member = get_object_or_404(mine.select_related("entry"), slug=slug)
    if not roles.is_owner(user, member):
        raise PermissionDenied
    return member
