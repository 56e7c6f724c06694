"""Notifications of the demo: the older ones are read, and two people have chosen their emails."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F

from cases.demo.world import World
from cases.models import OutgoingMail
from members.models import Frequency, MemberNotice, Topic
from members.services import profile

# Notifications of before that are read.
READ_BEFORE = timedelta(days=4)
CHOICES: dict[str, dict[str, str]] = {
    "filer": {
        Topic.PROGRESS: Frequency.DIGEST,
        Topic.LAW_ENFORCEMENT: Frequency.DIGEST,
        Topic.RIGHTS: Frequency.DIGEST,
    },
    "filer.zh": {Topic.PROGRESS: Frequency.OFF},
}


def finish(world: World) -> None:
    """Mark older notifications as read, and choose settings as on the profile page."""
    for model in (OutgoingMail, MemberNotice):
        old = model.objects.unread().filter(created_at__lt=world.now - READ_BEFORE)
        old.update(read_at=F("created_at"))
    for key, chosen in CHOICES.items():
        profile.save(by=world.people[key], notifications=chosen)
