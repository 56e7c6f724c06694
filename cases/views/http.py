"""Helpers for views: permissions and parts of pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.views.decorators.http import require_http_methods

from members.models import User
from members.views.http import person

# For views that show a form and save it.
get_or_post = require_http_methods(["GET", "HEAD", "POST"])


def require_permission(request: HttpRequest, permission: str) -> User:
    """Return the logged-in user. Raises ``PermissionDenied`` without ``permission``."""
    user = person(request)
    if not user.has_perm(permission):
        raise PermissionDenied
    return user


def part_template(request: HttpRequest, parts: Mapping[str, str]) -> str | None:
    """Return the template for the target of an htmx request; ``None`` for a whole page."""
    htmx: Any = request.htmx  # type: ignore[attr-defined]  # django-htmx's middleware
    return parts.get(htmx.target or "") if htmx else None
