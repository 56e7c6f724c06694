"""Since when and until when agents have access: what their authorisations amount to, for pages and forms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.timezone import get_default_timezone, localdate

from alliance.lib import clock
from members.models import Authorisation, Member, Membership, User
from members.models.authorisation import DAY, REMINDER_DAYS

# How long error pages mention an authorisation that has ended.
MENTIONED_FOR = timedelta(days=90)


class Standing:
    """What the authorisations of an agent at a member amount to today."""

    def __init__(self, authorisations: Iterable[Authorisation]) -> None:
        """``authorisations`` are all those of the agent at the member, in any order."""
        today = clock.today()
        self.rows = sorted(authorisations, key=lambda one: one.pk, reverse=True)
        open_ = [one for one in self.rows if one.ended_at is None and one.valid_until >= today]
        open_.sort(key=lambda one: one.valid_from)
        # The last day of access, of authorisations that follow each other without a gap.
        self.until: date | None = None
        # The first day of access, if it is in the future.
        self.starts: date | None = open_[0].valid_from if open_ else None
        if self.starts and self.starts <= today:
            self.starts, self.until = None, open_[0].valid_until
        for one in open_:
            if self.until and one.valid_from <= self.until + DAY:
                self.until = max(self.until, one.valid_until)
        self.days_left = (self.until - today).days if self.until else None

    @property
    def latest(self) -> Authorisation | None:
        """The authorisation that was recorded last."""
        return self.rows[0] if self.rows else None

    @property
    def ended_on(self) -> date | None:
        """The last day of the authorisations that are over."""
        return max((_last_day(one) for one in self.rows), default=None)

    @property
    def ends_soon(self) -> bool:
        return self.days_left is not None and self.days_left <= max(REMINDER_DAYS)

    @property
    def has_open(self) -> bool:
        """Whether an authorisation is in force or will be."""
        return self.until is not None or self.starts is not None

    @property
    def version(self) -> str:
        """A value that changes when an authorisation is recorded or ended, with which forms detect changes."""
        ended = sum(1 for one in self.rows if one.ended_at)
        return f"{self.rows[0].pk if self.rows else 0}-{ended}"


def _last_day(one: Authorisation) -> date:
    if one.ended_at is None:
        return one.valid_until
    return min(one.valid_until, localdate(one.ended_at, get_default_timezone()))


def of(role: Membership) -> Standing:
    """Return the standing of one agent, with the people who recorded and ended the authorisations."""
    rows = Authorisation.objects.filter(agent=role.user_id, member=role.member_id)
    return Standing(rows.select_related("document", "recorded_by", "ended_by"))


def attach(roles: Sequence[Membership]) -> None:
    """Give the agents among ``roles`` their ``standing``. One query, or none without agents."""
    agents = [role for role in roles if role.is_agent]
    if not agents:
        return
    found: dict[tuple[int | None, int], list[Authorisation]] = defaultdict(list)
    rows = Authorisation.objects.filter(
        agent__in={role.user_id for role in agents}, member__in={role.member_id for role in agents}
    )
    for row in rows:
        found[row.agent_id, row.member_id].append(row)
    for role in agents:
        role.standing = Standing(found[role.user_id, role.member_id])  # type: ignore[attr-defined]


class Ending(NamedTuple):
    """A role of an agent that ends soon. ``days_left`` is 0 on the last day."""

    member: Member
    last_day: date
    days_left: int


def with_ending(roles: QuerySet[Membership]) -> QuerySet[Membership]:
    """Annotate ``roles`` with ``ends_on``, the last day of an authorisation that ends soon, for :func:`ending`."""
    rows = Authorisation.objects.ending(within=max(REMINDER_DAYS)).filter(
        agent=OuterRef("user"), member=OuterRef("member")
    )
    last_days = rows.order_by("valid_until").values("valid_until")
    return roles.annotate(ends_on=Subquery(last_days[:1]))


def ending(roles: Iterable[Membership]) -> list[Ending]:
    """Return which of ``roles``, from :func:`with_ending`, end soon, the first ones first. No query."""
    today = clock.today()
    days: list[tuple[date | None, Membership]] = [
        (role.ends_on, role)  # type: ignore[attr-defined]
        for role in roles
        if role.is_agent
    ]
    found = [Ending(role.member, day, (day - today).days) for day, role in days if day]
    return sorted(found, key=lambda one: (one.last_day, one.member.name))


def without_access(user: User) -> list[Membership]:
    """Return the agent's roles without access, with their ``standing``: not begun yet, or ended not long ago."""
    roles = list(user.memberships.filter(is_agent=True).select_related("member"))
    attach(roles)
    since = clock.today() - MENTIONED_FOR
    return [role for role in roles if _is_mentioned(role.standing, since)]  # type: ignore[attr-defined]


def former_members(user: User) -> list[Member]:
    """Return the members of the user whose membership ended not long ago. Their access ended with it."""
    since = clock.today() - MENTIONED_FOR
    rows = Member.objects.filter(memberships__user=user, status=Member.Status.LEFT)
    return list(rows.filter(left_on__gte=since).order_by("name"))


def _is_mentioned(standing: Standing, since: date) -> bool:
    if standing.until is not None:
        return False
    ended_on = standing.ended_on
    return standing.starts is not None or (ended_on is not None and ended_on >= since)
