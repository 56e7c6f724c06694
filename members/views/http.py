"""Helpers for views."""

from __future__ import annotations

from django.http import HttpRequest

from members.models import User


def person(request: HttpRequest) -> User:
    """Return the logged-in user. LoginRequiredMiddleware guarantees that there is one."""
    assert isinstance(request.user, User)
    return request.user
