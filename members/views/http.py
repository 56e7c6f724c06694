"""Helpers for views: the logged-in user, the user's member, and form data restored after login."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, QueryDict
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from alliance.lib import form_recovery
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


def restored_data(request: HttpRequest) -> QueryDict | None:
    """Return the form data posted to this URL when the session had expired, else ``None``.

    Adds a message that the data was restored.
    """
    data = form_recovery.restore(request)
    if data is not None:
        messages.warning(
            request,
            _("Your session expired. Your text was restored below: check it and send it again."),
        )
    return data
