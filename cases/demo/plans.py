"""Random plans of cases: parties, times and endings."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cases.demo import logins
from cases.demo.data.goods import GOODS, Good
from cases.demo.data.names import TIME_ZONES
from cases.demo.data.places import MARKETS, Market
from cases.demo.market import shop
from cases.demo.moments import Ending, Moments, moments
from cases.demo.world import Organisation, World
from cases.models import Case, Marketplace, Seller
from cases.queries.readiness import RIGHTS_FOR
from cases.states import Violation
from members.models import Brand, IPRight, Member, User

# The number of cases by ending: in total, and by demo account that files them.
ENDINGS: dict[Ending, tuple[int, dict[str, int]]] = {
    Ending.DRAFT: (12, {"filer": 3, "agent": 1, "filer.zh": 1}),
    Ending.DISCARDED: (3, {"filer": 1}),
    Ending.SUBMITTED: (27, {"filer": 3, "agent": 2, "filer.zh": 2}),
    Ending.OVERDUE: (5, {"filer": 1}),
    Ending.ANSWERED: (3, {"filer": 1}),
    Ending.IN_REVIEW: (8, {"filer": 2}),
    Ending.LAPSED: (3, {}),
    Ending.INFORMATION_REQUESTED: (12, {"filer": 3, "agent": 2, "filer.zh": 1}),
    Ending.UPHELD: (16, {"filer": 3, "agent": 1, "filer.zh": 1}),
    Ending.REJECTED: (26, {"filer": 5, "agent": 2, "filer.zh": 2}),
    Ending.REMOVED: (22, {"filer": 5, "agent": 2, "filer.zh": 2}),
    Ending.UPHELD_AGAIN: (4, {"filer": 1}),
    Ending.COUNTER_NOTICED: (7, {"filer": 2, "filer.zh": 1}),
    Ending.REINSTATED: (5, {"filer": 1}),
    Ending.WITHDRAWN: (8, {"filer": 1}),
    Ending.CLOSED: (34, {"filer": 10, "agent": 5, "filer.zh": 5}),
    Ending.CLOSED_AFTER_REFUSAL: (8, {"filer": 1}),
    Ending.CLOSED_AFTER_REINSTATEMENT: (6, {"filer": 1}),
}
# The cases that the demo member filed in the last full month, which its monthly report shows.
LAST_MONTH = (*(Ending.REMOVED,) * 5, *(Ending.REJECTED,) * 3)
# One in this many cases is filed in Europe, so that the second officer has referrals.
EUROPEAN = {Ending.REMOVED: 3, Ending.UPHELD: 3}
# The position of the case in review that waits for a second moderator, and its number of listings.
REVIEWED, REVIEWED_LISTINGS = 5, 24
# By position among the cases in review: the index of the moderator who has claimed it; the first two have a demo account.
HOLDERS = {0: 0, 2: 0, 4: 0, 1: 1, 3: 1, REVIEWED: 2}
# The weights of violation types, if the brand has a matching right.
VIOLATIONS = {
    Violation.COUNTERFEIT: 62,
    Violation.TRADEMARK: 18,
    Violation.COPYRIGHT: 14,
    Violation.DESIGN: 12,
    Violation.PATENT: 6,
    Violation.ADVERTISING: 3,
}
LISTINGS = (*(1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 5, 6, 8, 11) * 3, 18, 26, 40)
MOST_LISTINGS = 300
# One in this many cases has the maximum number of listings.
FULL_EVERY = 150
WEB_SHARE = 0.07
# The share of cases in the queue that are against a shop without a history.
NEW_SHOPS = 0.6
WAITING = (Ending.SUBMITTED, Ending.OVERDUE, Ending.ANSWERED)
# The time from joining to the first case of a member.
FIRST_CASE_AFTER = timedelta(days=21)


@dataclass
class CasePlan:
    """A planned case. ``case`` is set when its story starts."""

    number: int
    ending: Ending
    when: Moments
    organisation: Organisation
    filer: User
    brand: Brand
    right: IPRight
    violation: str
    jurisdiction: str
    good: Good
    seller: Seller
    market: Market | None
    listings: int
    chinese: bool
    moderator: User
    asking_percent: int
    case: Case | None = None

    @property
    def filed(self) -> Case:
        """The case, which exists after its story has started."""
        assert self.case is not None
        return self.case

    def slots(self) -> dict[str, Any]:
        """The values of placeholders in texts of this case."""
        return {
            "brand": self.brand.name_local or self.brand.name if self.chinese else self.brand.name,
            "goods": self.good.zh if self.chinese else self.good.en,
            "shop": self.seller.name,
            "percent": self.asking_percent,
        }


@dataclass
class Planner:
    """Creates random plans of cases. They are reproducible for the same world."""

    world: World
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def everyday(self) -> list[CasePlan]:
        """Return the cases of :data:`ENDINGS`."""
        found = []
        for ending, (count, of_logins) in ENDINGS.items():
            filers = [key for key, number in of_logins.items() for _ in range(number)]
            for n in range(count):
                if n < len(filers):
                    found.append(self._of_login(ending, filers[n], n))
                elif n % EUROPEAN.get(ending, count + 1) == 0:
                    country = self.world.rng.choice(("DE", "FR", "IT"))
                    found.append(self.case(ending, jurisdiction=country))
                else:
                    found.append(self.case(ending))
                if ending == Ending.IN_REVIEW and n in HOLDERS:
                    found[-1].moderator = self.world.moderators[HOLDERS[n]]
                    if n == REVIEWED:
                        found[-1].listings = REVIEWED_LISTINGS
        return found

    def last_month(self) -> list[CasePlan]:
        """Return the cases of :data:`LAST_MONTH`. The last one is against the seller of the first one."""
        last_day = self.world.now.replace(day=1) - timedelta(days=1)
        organisation = self.world.organisation(logins.MEMBER)
        found: list[CasePlan] = []
        for n, ending in enumerate(LAST_MONTH):
            # Early enough for the last step to be over on the first day of this month.
            filed = last_day.replace(day=2 + 2 * n, hour=8 + n)
            first = found[0] if n == len(LAST_MONTH) - 1 else None
            plan = self.case(
                ending,
                organisation=organisation,
                filed=filed,
                jurisdiction=first.jurisdiction if first else None,
                seller=first.seller if first else None,
            )
            plan.filer = self.world.people["filer"]
            found.append(plan)
        return found

    def _of_login(self, ending: Ending, key: str, n: int) -> CasePlan:
        slugs = {"agent": logins.AGENT_OF, "filer.zh": (logins.CHINESE_MEMBER,)}
        slug = slugs.get(key, (logins.MEMBER,))
        plan = self.case(ending, organisation=self.world.organisation(slug[n % len(slug)]))
        plan.filer = self.world.people[key]
        return plan

    def case(
        self,
        ending: Ending,
        *,
        organisation: Organisation | None = None,
        filed: datetime | None = None,
        jurisdiction: str | None = None,
        seller: Seller | None = None,
        violations: tuple[str, ...] = (),
    ) -> CasePlan:
        """Return the plan of one case. ``filed`` fixes the time of submission, which is random otherwise."""
        rng = self.world.rng
        number = next(self._numbers)
        when = moments(rng, ending, self.world.now, filed)
        if jurisdiction is None and rng.random() < 0.62:
            jurisdiction = "CN"
        organisation, brand, right, violation = self._complainant(
            when.drafted, organisation, jurisdiction, violations
        )
        where = jurisdiction or rng.choice([c for c in right.territory if c in _SERVED])
        if seller is None and ending in WAITING and rng.random() < NEW_SHOPS:
            seller = self._new_shop(where, number)
        market, seller = self._seller(where, seller)
        industry = rng.choice(organisation.industries)
        fitting = [g for g in GOODS[industry] if g.nice in (right.nice_classes or [g.nice])]
        good = rng.choice(fitting)
        chinese = organisation.writes_chinese and rng.random() < 0.85
        full = number % FULL_EVERY == 0 and ending != Ending.DRAFT
        return CasePlan(
            number=number,
            ending=ending,
            when=when,
            organisation=organisation,
            filer=self._filer(organisation),
            brand=brand,
            right=right,
            violation=violation,
            jurisdiction=where,
            good=good,
            seller=seller,
            market=market,
            listings=MOST_LISTINGS if full else rng.choice(LISTINGS),
            chinese=chinese,
            moderator=rng.choice([m for m in self.world.moderators if not chinese or _chinese(m)]),
            asking_percent=rng.randint(8, 45),
        )

    def _filer(self, organisation: Organisation) -> User:
        """Return the filer, most often the first of the member's staff."""
        filers = organisation.filers
        return filers[0] if self.world.rng.random() < 0.6 else self.world.rng.choice(filers)

    def _complainant(
        self,
        moment: datetime,
        organisation: Organisation | None,
        jurisdiction: str | None,
        violations: tuple[str, ...],
    ) -> tuple[Organisation, Brand, IPRight, str]:
        rng = self.world.rng
        while True:
            chosen = organisation or rng.choice(self.world.organisations)
            brand = rng.choice(chosen.brands)
            if not _files_at(chosen, moment):
                continue
            rights = [
                right
                for right in chosen.rights[brand.pk]
                if (
                    jurisdiction in right.territory
                    if jurisdiction
                    else _SERVED & {*right.territory}
                )
            ]
            possible = _violations(rights, violations)
            if not possible:
                continue
            weights = [VIOLATIONS[Violation(violation)] for violation in possible]
            violation = rng.choices(list(possible), weights)[0]
            return chosen, brand, rng.choice(possible[violation]), violation

    def _seller(self, jurisdiction: str, seller: Seller | None) -> tuple[Market | None, Seller]:
        rng = self.world.rng
        by_marketplace = {row.pk: market for market, row in self.world.markets.values()}
        if seller is not None:
            return by_marketplace[seller.marketplace_id], seller
        market, row = self._market(jurisdiction)
        sellers = self.world.sellers[row.pk]
        # A few sellers get most of the complaints.
        return market, sellers[int(len(sellers) * rng.random() ** 1.3)]

    def _new_shop(self, jurisdiction: str, number: int) -> Seller:
        """Return an unsaved shop, which its first case will create."""
        market, row = self._market(jurisdiction)
        while market is None:
            market, row = self._market(jurisdiction)
        return shop(self.world, market, row, number)

    def _market(self, jurisdiction: str) -> tuple[Market | None, Marketplace]:
        slug = "web"
        if self.world.rng.random() >= WEB_SHARE:
            serving = [market.slug for market in MARKETS if jurisdiction in market.serves]
            slug = self.world.rng.choice(serving)
        return self.world.markets[slug]


_SERVED = {country for market in MARKETS for country in market.serves}


def _chinese(moderator: User) -> bool:
    return moderator.time_zone == TIME_ZONES["CN"]


def _files_at(organisation: Organisation, moment: datetime) -> bool:
    """Return whether the member can file a case at this time."""
    member: Member = organisation.member
    if member.joined_on is None or not organisation.filers:
        return False
    day, until = moment.date(), organisation.active_until
    # A member has finished its part of a case within two months.
    return member.joined_on + FIRST_CASE_AFTER < day and (
        until is None or day < until - timedelta(days=60)
    )


def _violations(rights: list[IPRight], allowed: tuple[str, ...]) -> dict[str, list[IPRight]]:
    """Return the possible violation types, each with the rights that a case can cite."""
    possible = {}
    for violation in VIOLATIONS:
        if allowed and violation not in allowed:
            continue
        kinds = RIGHTS_FOR.get(violation, (IPRight.Kind.TRADEMARK,))
        if fitting := [right for right in rights if right.kind in kinds]:
            possible[str(violation)] = fitting
    return possible
