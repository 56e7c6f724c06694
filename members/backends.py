"""The authentication backend of logged-in users."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import backends

from members.models import User


class ModelBackend(backends.ModelBackend):
    """Django's backend, which loads the user with their officer record: every page asks whether there is one."""

    def get_user(self, user_id: Any) -> User | None:
        """Return the active user with this primary key, or ``None``."""
        user = User.objects.select_related("officer").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
