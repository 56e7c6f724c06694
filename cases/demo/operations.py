"""What agencies do: which cases are referred to them, how they answer, and operations that add up."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from cases.demo import logins
from cases.demo.data.offices import EUROPEAN_UNION
from cases.demo.data.places import DESKS, Desk
from cases.demo.moments import Ending
from cases.demo.plans import CasePlan, Planner
from cases.liaison.models import Agency, Operation, Referral
from cases.models import Seller
from members.models import User

# The figures that the alliance published: 247 dens closed in 112 operations, over 300 arrests, close to
# a billion yuan. Every one of these operations is verified.
OPERATIONS = 112
DENS = 247
ARRESTS = 316
VALUE_CNY = Decimal("986420000.00")
SECOND_OPERATIONS = 34  # of the 112: a later step in cases that had one before
MORE_CASES = 22  # beyond one for each group of operations
AGES = (14, 680)  # of the verified operations, in days
REPORTED = 5  # beyond the 112: reported, and waiting for the second moderator

# Cases referred that had no operation (yet): outcome, how many, and how long ago they were offered.
# Without an age the offer follows the decision, which then was long ago.
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
# Where goods must be offered for an agency of each country to be told of them.
REACH = {
    "CN": frozenset({"CN"}),
    "HK": frozenset({"HK", "CN"}),
    "NL": frozenset(EUROPEAN_UNION),
    "US": frozenset({"US"}),
    "KR": frozenset({"KR"}),
}


@dataclass
class ReferralPlan:
    """A referral to be: its answers come at these moments, as far as ``outcome`` goes."""

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
        """The referral; only to be asked for once its story has begun."""
        assert self.referral is not None
        return self.referral


@dataclass
class OperationPlan:
    """An operation to be, with the figures that it will report."""

    desk: Desk
    referrals: list[ReferralPlan]
    kind: str
    held: datetime
    reported: datetime
    verified: datetime | None
    reporter: User
    verifier: User
    chinese: bool
    place: str
    dens: int = 0
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
        """The operation; only to be asked for once it was reported."""
        assert self.operation is not None
        return self.operation


@dataclass
class Docket:
    """All that law enforcement does in the demo, with the cases that exist for it."""

    cases: list[CasePlan] = field(default_factory=list)
    referrals: list[ReferralPlan] = field(default_factory=list)
    operations: list[OperationPlan] = field(default_factory=list)


def plan(planner: Planner, everyday: Sequence[CasePlan]) -> Docket:
    """Draw the docket: operations with their cases, then referrals of ``everyday`` cases."""
    clerk = _Clerk(planner)
    clerk.operations()
    clerk.everyday(everyday)
    share_out(clerk.docket.operations, planner.world.rng)
    clerk.duplicate()
    return clerk.docket


def share_out(operations: Sequence[OperationPlan], rng: random.Random) -> None:
    """Give operations their figures: those that get verified sum up to the constants exactly."""
    verified = [operation for operation in operations if operation.verified]
    waiting = [operation for operation in operations if not operation.verified]
    _share(verified, rng, DENS, ARRESTS, int(VALUE_CNY))
    _share(waiting, rng, 3 * len(waiting), 4 * len(waiting), 2_400_000 * len(waiting))


def split(total: int, weights: Sequence[float], *, least: int, unit: int = 1) -> list[int]:
    """Split ``total`` by ``weights`` into whole ``unit`` parts of at least ``least``, exactly."""
    left = total - least * len(weights)
    parts = [int(left * weight / sum(weights) // unit) * unit + least for weight in weights]
    # What rounding left over goes to the largest, where it changes the picture least.
    parts[parts.index(max(parts))] += total - sum(parts)
    return parts


def _share(
    operations: Sequence[OperationPlan], rng: random.Random, dens: int, arrests: int, value: int
) -> None:
    raids = [o for o in operations if o.kind == Operation.Kind.RAID]
    for operation, part in zip(
        raids, split(dens, [rng.uniform(0.6, 3) for _ in raids], least=1), strict=True
    ):
        operation.dens = part
    arresting = [
        o for o in operations if o.desk.kind in ("police", "prosecutor") and o.kind != "seizure"
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


class _Clerk:
    """Draws up the docket."""

    def __init__(self, planner: Planner) -> None:
        self._planner = planner
        self._world = planner.world
        self._rng = planner.world.rng
        self._more = MORE_CASES
        self.docket = Docket()

    def operations(self) -> None:
        """Groups of cases, each with an operation; some with a second one; some not verified yet."""
        groups = OPERATIONS - SECOND_OPERATIONS
        youngest, oldest = AGES
        step = (oldest - youngest) / groups
        for number, desk in enumerate(self._desks(groups)):
            age = youngest + step * number
            self._group(desk, self._days_ago(age, age + step))
        police = [o for o in self.docket.operations if o.desk.kind == "police"]
        long_ago = [o for o in police if o.held < self._days_ago(70, 70)]
        for first in long_ago[:SECOND_OPERATIONS]:
            self._second(first)
        own = next(desk for desk in DESKS if desk.slug == logins.AGENCY)
        for number in range(REPORTED):
            desk = own if number < 2 else self._rng.choice([d for d in DESKS if d.kind == "police"])
            self._group(desk, self._days_ago(3, 9), waiting=True)
        for operation in self.docket.operations:
            self._conclude(operation)

    def _desks(self, count: int) -> list[Desk]:
        """Return the agencies that act, each as often as its weight says, in no order."""
        total, shared = sum(desk.weight for desk in DESKS), []
        for desk in DESKS:
            shared += [desk] * round(count * desk.weight / total)
        shared = (shared + [DESKS[0]] * count)[:count]
        self._rng.shuffle(shared)
        return shared

    def everyday(self, cases: Sequence[CasePlan]) -> None:
        """Refer ``cases`` in every way that :data:`OUTCOMES` names, half of them to the first agency."""
        taken: set[tuple[int, str]] = set()
        for outcome, count, ages in OUTCOMES:
            for number in range(count):
                offered = self._ago(*ages) if ages else None
                slugs = [logins.AGENCY] if number % 2 == 0 else [logins.SECOND_AGENCY]
                if number % 4 == 3:
                    slugs = [desk.slug for desk in DESKS if desk.slug != logins.AGENCY]
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
        """One operation was reported twice, verified by mistake, and retracted two days later."""
        first = next(
            o for o in self.docket.operations if o.kind == Operation.Kind.RAID and o.verified
        )
        reported = first.reported + timedelta(days=1)
        self.docket.operations.append(
            OperationPlan(
                desk=first.desk,
                referrals=first.referrals,
                kind=first.kind,
                held=first.held + timedelta(days=1),
                reported=reported,
                verified=reported + timedelta(hours=20),
                reporter=self._officer(self._world.agencies[first.desk.slug][1]),
                verifier=first.verifier,
                chinese=first.chinese,
                place=first.place,
                dens=first.dens,
                arrests=first.arrests,
                items=first.items,
                value=first.value,
                retracted=reported + timedelta(days=3),
            )
        )

    def _group(self, desk: Desk, held: datetime, *, waiting: bool = False) -> None:
        rng, world = self._rng, self._world
        sellers: list[Seller | None] = [None]
        if desk.country == "CN" and self._more and rng.random() < 0.4:
            more = min(rng.choice((1, 1, 2)), self._more)
            sellers = list(rng.choice(world.clusters)[: 1 + more])
            self._more -= len(sellers) - 1
        by, verifier = rng.sample(world.moderators, k=2)
        if waiting:
            by, verifier = world.moderators[0], world.moderators[1]
        agency = world.agencies[desk.slug][1]
        referrals = []
        for seller in sellers:
            filed = held - timedelta(days=rng.uniform(27, 58))
            old = filed < world.now - timedelta(days=56)
            case = self._planner.case(
                Ending.CLOSED if old else Ending.REMOVED,
                filed=filed,
                jurisdiction=rng.choice(_reached(desk)),
                seller=seller,
                violations=desk.violations or ("counterfeit", "trademark"),
            )
            self.docket.cases.append(case)
            offered = case.when.decided + self._hours(6, 72)
            referrals.append(self._refer(case, agency.slug, offered, "investigating", by))
        kind = {"customs": "seizure", "prosecutor": "conviction"}.get(desk.kind, "raid")
        self._operate(desk, referrals, kind, held, None if waiting else verifier, verifier)

    def _second(self, first: OperationPlan) -> None:
        """Weeks after the raid: people behind it are detained, or another den is found."""
        days = (self._world.now - first.held).days
        held = first.held + timedelta(days=self._rng.uniform(20, min(150, days - 16)))
        kind = self._rng.choice(("detention", "detention", "raid"))
        self._operate(first.desk, first.referrals, kind, held, first.verifier, first.verifier)

    def _operate(
        self,
        desk: Desk,
        referrals: list[ReferralPlan],
        kind: str,
        held: datetime,
        verified_by: User | None,
        verifier: User,
    ) -> None:
        reported = held + self._hours(14, 60)
        self.docket.operations.append(
            OperationPlan(
                desk=desk,
                referrals=referrals,
                kind=kind,
                held=held,
                reported=reported,
                verified=reported + self._hours(8, 90) if verified_by else None,
                reporter=self._officer(referrals[0].agency),
                verifier=verifier,
                chinese=desk.country == "CN" and self._rng.random() < 0.8,
                place=self._rng.choice(desk.places),
            )
        )

    def _conclude(self, operation: OperationPlan) -> None:
        """Most referrals are concluded some weeks after their last operation was verified."""
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
        desk, agency = self._world.agencies[slug]
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
            chinese=desk.country == "CN" and self._rng.random() < 0.8,
        )
        self.docket.referrals.append(made)
        return made

    def _fits(self, case: CasePlan, slug: str, offered: datetime | None) -> bool:
        """Whether ``case`` may be offered to the agency at that moment (``None``: after its decision)."""
        desk, agency = self._world.agencies[slug]
        if case.jurisdiction not in REACH[desk.country] or not agency.takes(case.violation):
            return False
        decided, now = case.when.decided, self._world.now
        if offered is None:
            return case.ending == Ending.CLOSED and decided < now - timedelta(days=70)
        standing = (Ending.UPHELD, Ending.REMOVED, Ending.CLOSED, Ending.UPHELD_AGAIN)
        recent = timedelta(hours=1) < offered - decided < timedelta(days=45)
        return case.ending in standing and recent

    def _officer(self, agency: Agency) -> User:
        return self._rng.choice(self._world.officers[agency.pk])

    def _hours(self, least: float, most: float) -> timedelta:
        return timedelta(hours=self._rng.uniform(least, most))

    def _ago(self, least: timedelta, most: timedelta) -> datetime:
        return self._world.now - least - (most - least) * self._rng.random()

    def _days_ago(self, least: float, most: float) -> datetime:
        return self._ago(timedelta(days=least), timedelta(days=most))


def _reached(desk: Desk) -> list[str]:
    """Return the jurisdictions in which cases for this agency are looked for."""
    if desk.country == "NL":
        return ["DE", "FR", "IT"]
    return [desk.country]
