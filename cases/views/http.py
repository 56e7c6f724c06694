"""What the views of every desk share: who asks, and how a refusal or an ended session is answered."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from alliance.lib import typed
from cases.services.refusals import Conflict, NotAllowed, Refusal
from members.models import User


def person(request: HttpRequest) -> User:
    """Return the person who is logged in. LoginRequiredMiddleware lets nobody else reach a view."""
    assert isinstance(request.user, User)
    return request.user


def demand(request: HttpRequest, permission: str) -> User:
    """Return the person who is logged in. Raises ``PermissionDenied`` if they lack ``permission``."""
    user = person(request)
    if not user.has_perm(permission):
        raise PermissionDenied
    return user


def refusal_status(refusal: Refusal) -> int:
    """Return the HTTP status of a page that shows ``refusal``: 409, 403 or 422. Subclasses count."""
    if isinstance(refusal, Conflict):
        return 409
    return 403 if isinstance(refusal, NotAllowed) else 422


def kept(request: HttpRequest) -> QueryDict | None:
    """Return what was typed at this address before the session ended, and tell the person; else ``None``."""
    data = typed.take(request)
    if data is not None:
        messages.warning(
            request,
            _("Your session expired. Your text was restored below: check it and send it again."),
        )
    return data
