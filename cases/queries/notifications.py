"""A person's notifications: one list of those about cases and those about members, and the number of unread ones."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import IntegerField, Value
from django.urls import reverse

from alliance.lib import counts
from alliance.lib.keyset import Page, paginate_merged
from cases import visibility
from cases.models import OutgoingMail
from members import visibility as of_members
from members.mail import summaries
from members.models import MemberNotice, User
from members.models.notification import Notification, NotificationQuerySet

CAP = 99
# The latest unread notifications of each kind of row, among which the visible ones are counted. It limits the cost for
# a person who has lost the access to a member with thousands of them.
LATEST = 500

PAGE_SIZE = 50
# ``source`` is the number of the table, so that the order is total: both tables have the same ids.
ORDER = ("-created_at", "source", "-id")


@dataclass(frozen=True)
class Entry:
    """One row of the list. ``subject`` is a case's reference or a member; ``detail`` are facts in one line."""

    row: Notification
    label: str
    subject: str
    is_case: bool
    detail: str
    follow_url: str
    read_url: str


def entries(user: User, *, only_unread: bool, cursor: str | None) -> Page[Entry]:
    """Return a page of the notifications that ``user`` may see, the newest first."""
    parts = _visible(user)
    selected: list[NotificationQuerySet] = [
        parts[0].select_related("case__brand"),
        parts[1].select_related("member", "right"),
    ]
    if only_unread:
        selected = [rows.unread() for rows in selected]
    numbered = [
        rows.annotate(source=Value(number, output_field=IntegerField()))
        for number, rows in enumerate(selected)
    ]
    page = paginate_merged(numbered, order=ORDER, cursor=cursor, size=PAGE_SIZE)
    return Page([_entry(row) for row in page.rows], next=page.next, previous=page.previous)


def _entry(row: Notification) -> Entry:
    if isinstance(row, OutgoingMail):
        urls = _urls(row, "follow", "read")
        return Entry(row, row.label, row.case.reference, True, str(row.case.brand), *urls)
    assert isinstance(row, MemberNotice)
    urls = _urls(row, "follow_notice", "read_notice")
    return Entry(row, row.label, row.member.shown_name, False, summaries.summary(row), *urls)


def _urls(row: Notification, *names: str) -> list[str]:
    return [reverse(f"notifications:{name}", args=[row.pk]) for name in names]


def _visible(user: User) -> tuple[NotificationQuerySet, NotificationQuerySet]:
    """Return the notifications about cases and those about members that ``user`` may see."""
    return visibility.notifications(user), of_members.notices(user)


class Bell:
    """The unread notifications of a user. The query runs when a template first uses it."""

    def __init__(self, user: User) -> None:
        self._user, self._count = user, -1

    @property
    def count(self) -> int:
        """The number of unread notifications, at most :data:`CAP` + 1."""
        if self._count < 0:
            self._count = self._visible_count() if self._has_unread() else 0
        return self._count

    def _has_unread(self) -> bool:
        """Return whether there are unread ones, visible or not: most people have none, and the rules take longer."""
        first, second = (model.objects.unread() for model in (OutgoingMail, MemberNotice))
        mine = first.filter(user=self._user).values("pk")[:1]
        return bool(mine.union(second.filter(user=self._user).values("pk")[:1], all=True))

    def _visible_count(self) -> int:
        first, second = (self._unread(rows) for rows in _visible(self._user))
        return min(first.union(second, all=True).count(), CAP + 1)

    def _unread(self, seen: NotificationQuerySet) -> NotificationQuerySet:
        """Return the keys of up to :data:`CAP` + 1 of the rows that are among the latest unread ones."""
        latest = seen.model.objects.unread().filter(user=self._user)
        latest = latest.order_by("-created_at", "-id")[:LATEST]
        among = seen.filter(pk__in=latest.values("pk")).order_by()
        return among.values("pk")[: CAP + 1]  # type: ignore[return-value]

    @property
    def words(self) -> str:
        """The number as text: “99+” above :data:`CAP`."""
        return counts.words(self.count, CAP)
