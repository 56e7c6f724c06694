"""Conditions of database constraints."""

from __future__ import annotations

from django.db.models import Q


def together(*names: str) -> Q:
    """Return the condition that all the columns ``names`` are set, or none."""
    return Q(**dict.fromkeys(names)) | Q(**{f"{name}__isnull": False for name in names})
