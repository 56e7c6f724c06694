"""Plans of referrals and operations whose figures add up to the published totals."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from cases.demo import logins
from cases.demo.data.offices import EUROPEAN_UNION
from cases.demo.data.places import AGENCIES, AgencyEntry
from cases.demo.moments import Ending
from cases.demo.plans import CasePlan, Planner
from cases.liaison.models import Agency, Operation, Referral
from cases.models import Seller
from members.models import User

# The published figures: 247 premises closed in 112 verified operations, over 300 arrests, almost a billion yuan.
OPERATIONS = 112
DENS = 247
ARRESTS = 316
VALUE_CNY = Decimal("986420000.00")
SECOND_OPERATIONS = 34  # of the 112: second operations in the same cases
MORE_CASES = 10  # in addition to one for each group
AGES = (14, 680)  # of verified operations, in days
REPORTED = 5  # in addition to the 112: awaiting verification

# Referrals without an operation: outcome, number, and range of ages.
# A referral without ages follows a decision that was made long ago.
Outcome = tuple[str, int, tuple[timedelta, timedelta] | None]
OUTCOMES: tuple[Outcome, ...] = (
    ("offered", 10, (timedelta(minutes=30), timedelta(hours=18))),
    ("overdue", 7, (timedelta(hours=75), timedelta(days=7))),
    ("acknowledged", 9, (timedelta(hours=20), timedelta(days=4))),
    ("accepted", 9, (timedelta(days=5), timedelta(days=20))),
    ("investigating", 10, (timedelta(days=14), timedelta(days=30))),
    ("declined", 10, None),
    ("withdrawn", 5, None),
    ("concluded", 4, None),
)
# By country of the agency: places of infringement of the cases that it can receive.
REACH = {
    "CN": frozenset({"CN"}),
    "HK": frozenset({"HK", "CN"}),
    "NL": frozenset(EUROPEAN_UNION),
    "US": frozenset({"US"}),
    "KR": frozenset({"KR"}),
}


@dataclass
class ReferralPlan:
    """A planned referral. The agency answers at these times, up to ``outcome``."""

    plan: CasePlan
    agency: Agency
    outcome: str
    offered: datetime
    acknowledged: datetime
    answered: datetime
    investigated: datetime
    ended: datetime | None
    by: User
    officer: User
    chinese: bool
    referral: Referral | None = None

    @property
    def made(self) -> Referral:
        """The referral, which exists after its story has started."""
        assert self.referral is not None
        return self.referral


@dataclass
class OperationPlan:
    """A planned operation with its figures."""

    entry: AgencyEntry
    referrals: list[ReferralPlan]
    kind: str
    held: datetime
    reported: datetime
    verified: datetime | None
    reporter: User
    verifier: User
    chinese: bool
    place: str
    premises: int = 0
    arrests: int = 0
    items: int = 0
    value: Decimal = Decimal(0)
    retracted: datetime | None = None
    operation: Operation | None = None

    @property
    def held_on(self) -> date:
        return self.held.date()

    @property
    def made(self) -> Operation:
        """The operation, which exists after it is reported."""
        assert self.operation is not None
        return self.operation


@dataclass
class LiaisonPlan:
    """All planned referrals and operations, with the cases that are planned for them."""

    cases: list[CasePlan] = field(default_factory=list)
    referrals: list[ReferralPlan] = field(default_factory=list)
    operations: list[OperationPlan] = field(default_factory=list)


def plan(planner: Planner, everyday: Sequence[CasePlan]) -> LiaisonPlan:
    """Plan operations with their cases, then referrals of ``everyday`` cases."""
    liaison = _LiaisonPlanner(planner)
    liaison.operations()
    liaison.everyday(everyday)
    distribute(liaison.plan.operations, planner.world.rng)
    liaison.duplicate()
    return liaison.plan


def distribute(operations: Sequence[OperationPlan], rng: random.Random) -> None:
    """Distribute the figures to operations. Those of verified operations add up exactly to the constants."""
    verified = [operation for operation in operations if operation.verified]
    waiting = [operation for operation in operations if not operation.verified]
    _share(verified, rng, DENS, ARRESTS, int(VALUE_CNY))
    _share(waiting, rng, 3 * len(waiting), 4 * len(waiting), 2_400_000 * len(waiting))


def split(total: int, weights: Sequence[float], *, least: int, unit: int = 1) -> list[int]:
    """Split ``total`` in proportion to ``weights`` into multiples of ``unit`` of at least ``least``."""
    left = total - least * len(weights)
    parts = [int(left * weight / sum(weights) // unit) * unit + least for weight in weights]
    # The largest part gets the rounding remainder.
    parts[parts.index(max(parts))] += total - sum(parts)
    return parts


def _share(
    operations: Sequence[OperationPlan], rng: random.Random, premises: int, arrests: int, value: int
) -> None:
    raids = [o for o in operations if o.kind == Operation.Kind.RAID]
    for operation, part in zip(
        raids, split(premises, [rng.uniform(0.6, 3) for _ in raids], least=1), strict=True
    ):
        operation.premises = part
    arresting = [
        o for o in operations if o.entry.kind in ("police", "prosecutor") and o.kind != "seizure"
    ]
    weights = [rng.lognormvariate(0, 0.6) for _ in arresting]
    for operation, part in zip(arresting, split(arrests, weights, least=1), strict=True):
        operation.arrests = part
    seizing = [o for o in operations if o.kind in (Operation.Kind.RAID, Operation.Kind.SEIZURE)]
    weights = [rng.lognormvariate(0, 0.9) for _ in seizing]
    parts = split(value, weights, least=180_000, unit=10_000)
    for operation, part in zip(seizing, parts, strict=True):
        operation.value = Decimal(part)
        operation.items = max(40, int(part / rng.uniform(300, 2500)))


class _LiaisonPlanner:
    """Creates the plan of referrals and operations."""

    def __init__(self, planner: Planner) -> None:
        self._planner = planner
        self._world = planner.world
        self._rng = planner.world.rng
        self._more = MORE_CASES
        self.plan = LiaisonPlan()

    def operations(self) -> None:
        """Plan groups of cases with an operation; some have a second one, some are not verified yet."""
        groups = OPERATIONS - SECOND_OPERATIONS
        youngest, oldest = AGES
        step = (oldest - youngest) / groups
        for number, entry in enumerate(self._entries(groups)):
            age = youngest + step * number
            self._group(entry, self._days_ago(age, age + step))
        police = [o for o in self.plan.operations if o.entry.kind == "police"]
        long_ago = [o for o in police if o.held < self._days_ago(70, 70)]
        for first in long_ago[:SECOND_OPERATIONS]:
            self._second(first)
        own = next(entry for entry in AGENCIES if entry.slug == logins.AGENCY)
        for number in range(REPORTED):
            entry = (
                own if number < 2 else self._rng.choice([d for d in AGENCIES if d.kind == "police"])
            )
            self._group(entry, self._days_ago(3, 9), waiting=True)
        for operation in self.plan.operations:
            self._conclude(operation)

    def _entries(self, count: int) -> list[AgencyEntry]:
        """Return ``count`` agencies in random order, each in proportion to its weight."""
        total, shared = sum(entry.weight for entry in AGENCIES), []
        for entry in AGENCIES:
            shared += [entry] * round(count * entry.weight / total)
        shared = (shared + [AGENCIES[0]] * count)[:count]
        self._rng.shuffle(shared)
        return shared

    def everyday(self, cases: Sequence[CasePlan]) -> None:
        """Plan referrals of ``cases`` with all :data:`OUTCOMES`, half of them to the first agency."""
        taken: set[tuple[int, str]] = set()
        for outcome, count, ages in OUTCOMES:
            for number in range(count):
                offered = self._ago(*ages) if ages else None
                slugs = [logins.AGENCY] if number % 2 == 0 else [logins.SECOND_AGENCY]
                if number % 4 == 3:
                    slugs = [entry.slug for entry in AGENCIES if entry.slug != logins.AGENCY]
                fitting = [
                    (case, slug)
                    for case in cases
                    for slug in slugs
                    if (case.number, slug) not in taken and self._fits(case, slug, offered)
                ]
                if not fitting:
                    continue
                case, slug = self._rng.choice(fitting)
                taken.add((case.number, slug))
                when = offered or case.when.decided + self._hours(4, 96)
                self._refer(case, slug, when, outcome, self._rng.choice(self._world.moderators))

    def duplicate(self) -> None:
        """Plan a second report of one operation, which is verified by mistake and retracted two days later."""
        first = next(
            o for o in self.plan.operations if o.kind == Operation.Kind.RAID and o.verified
        )
        reported = first.reported + timedelta(days=1)
        self.plan.operations.append(
            OperationPlan(
                entry=first.entry,
                referrals=first.referrals,
                kind=first.kind,
                held=first.held + timedelta(days=1),
                reported=reported,
                verified=reported + timedelta(hours=20),
                reporter=self._officer(self._world.agencies[first.entry.slug][1]),
                verifier=first.verifier,
                chinese=first.chinese,
                place=first.place,
                premises=first.premises,
                arrests=first.arrests,
                items=first.items,
                value=first.value,
                retracted=reported + timedelta(days=3),
            )
        )

    def _group(self, entry: AgencyEntry, held: datetime, *, waiting: bool = False) -> None:
        rng, world = self._rng, self._world
        sellers: list[Seller | None] = [None]
        if entry.country == "CN" and self._more and rng.random() < 0.4:
            more = min(rng.choice((1, 1, 2)), self._more)
            sellers = list(rng.choice(world.clusters)[: 1 + more])
            self._more -= len(sellers) - 1
        by, verifier = rng.sample(world.moderators, k=2)
        if waiting:
            by, verifier = world.moderators[0], world.moderators[1]
        agency = world.agencies[entry.slug][1]
        referrals = []
        for seller in sellers:
            filed = held - timedelta(days=rng.uniform(27, 58))
            old = filed < world.now - timedelta(days=56)
            case = self._planner.case(
                Ending.CLOSED if old else Ending.REMOVED,
                filed=filed,
                jurisdiction=rng.choice(_reached(entry)),
                seller=seller,
                violations=entry.violations or ("counterfeit", "trademark"),
            )
            self.plan.cases.append(case)
            offered = case.when.decided + self._hours(6, 72)
            referrals.append(self._refer(case, agency.slug, offered, "investigating", by))
        kind = {"customs": "seizure", "prosecutor": "conviction"}.get(entry.kind, "raid")
        self._operate(entry, referrals, kind, held, None if waiting else verifier, verifier)

    def _second(self, first: OperationPlan) -> None:
        """Plan a second operation some weeks after the first."""
        days = (self._world.now - first.held).days
        held = first.held + timedelta(days=self._rng.uniform(20, min(150, days - 16)))
        kind = self._rng.choice(("detention", "detention", "raid"))
        self._operate(first.entry, first.referrals, kind, held, first.verifier, first.verifier)

    def _operate(
        self,
        entry: AgencyEntry,
        referrals: list[ReferralPlan],
        kind: str,
        held: datetime,
        verified_by: User | None,
        verifier: User,
    ) -> None:
        reported = held + self._hours(14, 60)
        self.plan.operations.append(
            OperationPlan(
                entry=entry,
                referrals=referrals,
                kind=kind,
                held=held,
                reported=reported,
                verified=reported + self._hours(8, 90) if verified_by else None,
                reporter=self._officer(referrals[0].agency),
                verifier=verifier,
                chinese=entry.country == "CN" and self._rng.random() < 0.8,
                place=self._rng.choice(entry.places),
            )
        )

    def _conclude(self, operation: OperationPlan) -> None:
        """Conclude most referrals some weeks after their last operation is verified."""
        if operation.verified is None:
            return
        ended = operation.verified + timedelta(days=self._rng.uniform(5, 25))
        for referral in operation.referrals:
            if referral.ended is not None:
                referral.ended = max(referral.ended, ended)
            elif self._rng.random() < 0.75:
                referral.ended = ended
            if referral.ended is not None:
                late = referral.ended > self._world.now - timedelta(days=1)
                referral.outcome = "investigating" if late else "concluded"

    def _refer(
        self, case: CasePlan, slug: str, offered: datetime, outcome: str, by: User
    ) -> ReferralPlan:
        entry, agency = self._world.agencies[slug]
        acknowledged = offered + self._hours(0.7, 15)
        answered = acknowledged + self._hours(5, 70)
        investigated = answered + self._hours(20, 120)
        made = ReferralPlan(
            plan=case,
            agency=agency,
            outcome=outcome,
            offered=offered,
            acknowledged=acknowledged,
            answered=answered,
            investigated=investigated,
            ended=investigated + timedelta(days=20) if outcome == "concluded" else None,
            by=by,
            officer=self._officer(agency),
            chinese=entry.country == "CN" and self._rng.random() < 0.8,
        )
        self.plan.referrals.append(made)
        return made

    def _fits(self, case: CasePlan, slug: str, offered: datetime | None) -> bool:
        """Return whether ``case`` can be referred to the agency at that time, or after its decision if ``None``."""
        entry, agency = self._world.agencies[slug]
        if case.jurisdiction not in REACH[entry.country] or not agency.takes(case.violation):
            return False
        decided, now = case.when.decided, self._world.now
        if offered is None:
            return case.ending == Ending.CLOSED and decided < now - timedelta(days=70)
        upheld = (Ending.UPHELD, Ending.REMOVED, Ending.CLOSED, Ending.UPHELD_AGAIN)
        recent = timedelta(hours=1) < offered - decided < timedelta(days=45)
        return case.ending in upheld and recent

    def _officer(self, agency: Agency) -> User:
        return self._rng.choice(self._world.officers[agency.pk])

    def _hours(self, least: float, most: float) -> timedelta:
        return timedelta(hours=self._rng.uniform(least, most))

    def _ago(self, least: timedelta, most: timedelta) -> datetime:
        return self._world.now - least - (most - least) * self._rng.random()

    def _days_ago(self, least: float, most: float) -> datetime:
        return self._ago(timedelta(days=least), timedelta(days=most))


def _reached(entry: AgencyEntry) -> list[str]:
    """Return the places of infringement of cases for this agency."""
    if entry.country == "NL":
        return ["DE", "FR", "IT"]
    return [entry.country]
