"""Notification settings and daily digests."""

from __future__ import annotations

from django.db import transaction

from cases.models import OutgoingMail
from members.models import Digest, User
from members.services import digests, profile


def choose(user: User, **notifications: str) -> None:
    """Choose the frequency of emails about topics, as on the profile page."""
    profile.save(by=user, notifications=notifications)


@transaction.atomic
def digest(user: User) -> Digest:
    """Return the next digest of ``user``."""
    return digests.join(user)


def latest(user: User) -> OutgoingMail:
    """Return the latest notification of ``user``."""
    found: OutgoingMail = OutgoingMail.objects.filter(user=user).latest("pk")
    return found
