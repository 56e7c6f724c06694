"""The number of unread notifications, for the header of every page."""

from __future__ import annotations

from alliance.lib import counts
from cases import visibility
from cases.models import OutgoingMail
from members.models import User

CAP = 99
# The latest unread notifications, among which the visible ones are counted. It limits the cost for a person who has
# lost the access to a member with thousands of them.
LATEST = 500


class Bell:
    """The unread notifications of a user. The query runs when a template first uses it."""

    def __init__(self, user: User) -> None:
        self._user, self._count = user, -1

    @property
    def count(self) -> int:
        """The number of unread notifications, at most :data:`CAP` + 1."""
        if self._count < 0:
            latest = OutgoingMail.objects.unread().filter(user=self._user)
            latest = latest.order_by("-created_at", "-id")[:LATEST]
            seen = visibility.notifications(self._user).filter(pk__in=latest.values("pk"))
            self._count = counts.count(seen, CAP)
        return self._count

    @property
    def words(self) -> str:
        """The number as text: “99+” above :data:`CAP`."""
        return counts.words(self.count, CAP)
