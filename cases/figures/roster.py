"""The figures of the roster: members by country, industry and year, their activity, and what of theirs ends soon.

The cost depends on the number of members, not of cases: the latest case of a member is one look-up in an index.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery

from alliance.lib import clock
from cases.models import Case
from members import stats
from members.models import Authorisation, Industry, IPRight, Member, Membership
from members.models.rights import EXPIRES_SOON

# A member is active if it has filed a case, or one of its people has logged in, within this time.
ACTIVITY = timedelta(days=90)
# Rights and authorisations of agents whose last day is at most this many days away end soon.
NOTICE_DAYS = EXPIRES_SOON.days


@dataclass(frozen=True)
class Summary:
    """Numbers of members. ``filed``, ``logged_in`` and ``inactive`` count active members within :data:`ACTIVITY`."""

    active: int
    suspended: int
    left: int
    joined_this_year: int
    left_this_year: int
    filed: int
    logged_in: int
    inactive: int


@dataclass(frozen=True)
class Group:
    """The members of a country or an industry, by status, and how many of the active ones ``filed`` or ``logged_in``."""

    key: str
    name: str
    active: int
    suspended: int
    left: int
    filed: int
    logged_in: int


@dataclass(frozen=True)
class Year:
    """The members that joined and left in a year, and all that there were ``at_end`` of it."""

    year: int
    joined: int
    left: int
    at_end: int


def admitted() -> QuerySet[Member]:
    """Return current and former members, without applicants."""
    return Member.objects.exclude(status=Member.Status.APPLIED)


def with_activity(members: QuerySet[Member]) -> QuerySet[Member]:
    """Annotate ``last_filed_at``, the member's latest case, and ``last_login_at``, that of its current people."""
    filed = Case.objects.filter(member=OuterRef("pk"), submitted_at__isnull=False)
    people = Membership.objects.in_force().filter(member=OuterRef("pk"), user__is_active=True)
    logins = people.order_by().values("member").annotate(at=Max("user__last_login"))
    return members.annotate(
        last_filed_at=Subquery(filed.order_by("-submitted_at").values("submitted_at")[:1]),
        last_login_at=Subquery(logins.values("at")),
    )


def has_filed() -> Q:
    """Return the condition that a member of :func:`with_activity` has filed a case within :data:`ACTIVITY`."""
    return Q(last_filed_at__gte=_since())


def has_logged_in() -> Q:
    """Return the condition that a person of the member has logged in within :data:`ACTIVITY`."""
    return Q(last_login_at__gte=_since())


def is_inactive() -> Q:
    """Return the condition that the member has neither filed nor logged in within :data:`ACTIVITY`."""
    filed = Q(last_filed_at=None) | Q(last_filed_at__lt=_since())
    return filed & (Q(last_login_at=None) | Q(last_login_at__lt=_since()))


def summary() -> Summary:
    """Return the numbers of all members, with one query."""
    year = clock.today().year
    active = Q(status=Member.Status.ACTIVE)
    counted = with_activity(admitted()).aggregate(
        **_by_status(),
        joined_this_year=Count("pk", filter=Q(joined_on__year=year)),
        left_this_year=Count("pk", filter=_has_left() & Q(left_on__year=year)),
        inactive=Count("pk", filter=active & is_inactive()),
    )
    return Summary(**counted)


def by_country() -> list[Group]:
    """Return the members of each country or region, the largest first."""
    rows = with_activity(admitted()).order_by().values("country").annotate(**_by_status())
    return _groups(rows, "country", stats.country_name)


def by_industry() -> list[Group]:
    """Return the members of each industry, the largest first. A member may be in several."""
    names = {industry.slug: str(industry) for industry in Industry.objects.all()}
    found = with_activity(admitted().filter(industries__isnull=False)).order_by()
    rows = found.annotate(industry=F("industries__slug")).values("industry")
    return _groups(rows.annotate(**_by_status()), "industry", names.__getitem__)


def by_year() -> list[Year]:
    """Return the years from the first admission to this one, the latest first."""
    members = admitted().order_by()
    joined = Counter(dict(_per_year(members, "joined_on")))
    left = Counter(dict(_per_year(members.filter(_has_left()), "left_on")))
    years = [year for year in (*joined, *left) if year]
    found: list[Year] = []
    total = 0
    for year in range(min(years, default=clock.today().year), clock.today().year + 1):
        total += joined[year] - left[year]
        found.append(Year(year, joined[year], left[year], total))
    return found[::-1]


def ending_authorisations() -> QuerySet[Authorisation]:
    """Return the authorisations of agents that end within :data:`NOTICE_DAYS` and are not continued."""
    return Authorisation.objects.of_agents().ending(within=NOTICE_DAYS)


def expiring_rights() -> QuerySet[IPRight]:
    """Return the verified rights of current members that expire within :data:`NOTICE_DAYS`."""
    current = (Member.Status.ACTIVE, Member.Status.SUSPENDED)
    return IPRight.objects.expiring().filter(verified_at__isnull=False, member__status__in=current)


def _since() -> datetime:
    return clock.now() - ACTIVITY


def _has_left() -> Q:
    return Q(status=Member.Status.LEFT)


def _by_status() -> dict[str, Count]:
    active = Q(status=Member.Status.ACTIVE)
    return {
        "active": Count("pk", filter=active),
        "suspended": Count("pk", filter=Q(status=Member.Status.SUSPENDED)),
        "left": Count("pk", filter=_has_left()),
        "filed": Count("pk", filter=active & has_filed()),
        "logged_in": Count("pk", filter=active & has_logged_in()),
    }


def _groups(rows: Any, key: str, name_of: Callable[[str], str]) -> list[Group]:
    names = ("active", "suspended", "left", "filed", "logged_in")
    found = [
        Group(row[key], name_of(row[key]), **{name: row[name] for name in names}) for row in rows
    ]
    # Groups of the same size stay in the order of their names.
    return sorted(stats.sort_by_name(found), key=lambda group: -group.active)


def _per_year(members: QuerySet[Member], field: str) -> Any:
    return members.values_list(f"{field}__year").annotate(number=Count("pk"))
