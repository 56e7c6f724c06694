"""Helpers for views: permissions, parts of pages, and form data restored after login."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from alliance.lib import form_recovery
from members.models import User
from members.views.http import person


def require_permission(request: HttpRequest, permission: str) -> User:
    """Return the logged-in user. Raises ``PermissionDenied`` without ``permission``."""
    user = person(request)
    if not user.has_perm(permission):
        raise PermissionDenied
    return user


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


def part_template(request: HttpRequest, parts: Mapping[str, str]) -> str | None:
    """Return the template for the target of an htmx request; ``None`` for a whole page."""
    htmx: Any = request.htmx  # type: ignore[attr-defined]  # django-htmx's middleware
    return parts.get(htmx.target or "") if htmx else None
