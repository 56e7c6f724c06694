"""Helpers for views."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from alliance.lib import form_recovery
from members.models import User


def person(request: HttpRequest) -> User:
    """Return the logged-in user. LoginRequiredMiddleware guarantees that there is one."""
    assert isinstance(request.user, User)
    return request.user


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
