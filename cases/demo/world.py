"""The initial data of the demo: people, organisations, shops and agencies."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.utils.text import slugify

from cases.demo.data.names import FAMILY_FIRST, NAMES, TIME_ZONES
from cases.demo.data.places import AgencyEntry, Market
from cases.demo.logins import LOGINS, PASSWORD
from cases.liaison.models import Agency
from cases.marketplaces.lookup import Marketplaces
from cases.models import Marketplace, ReasonCode, Seller
from members.models import Brand, IPRight, Member, User


@dataclass
class Organisation:
    """A member with its brands, rights and filers. ``active_until`` is the day it was suspended or left."""

    member: Member
    industries: tuple[str, ...]
    brands: list[Brand] = field(default_factory=list)
    rights: dict[int, list[IPRight]] = field(default_factory=lambda: defaultdict(list))
    filers: list[User] = field(default_factory=list)
    active_until: date | None = None

    @property
    def writes_chinese(self) -> bool:
        return str(self.member.country) in ("CN", "HK", "TW")


@dataclass
class World:
    """Everything that stories need. ``now`` is the time at which the demo is loaded."""

    now: datetime
    rng: random.Random
    organisations: list[Organisation] = field(default_factory=list)
    moderators: list[User] = field(default_factory=list)
    people: dict[str, User] = field(default_factory=dict)
    markets: dict[str, tuple[Market | None, Marketplace]] = field(default_factory=dict)
    marketplaces: Marketplaces = field(default_factory=lambda: Marketplaces([]))
    sellers: dict[int, list[Seller]] = field(default_factory=dict)
    clusters: list[list[Seller]] = field(default_factory=list)
    agencies: dict[str, tuple[AgencyEntry, Agency]] = field(default_factory=dict)
    officers: dict[int, list[User]] = field(default_factory=dict)
    reasons: dict[str, ReasonCode] = field(default_factory=dict)

    def organisation(self, slug: str) -> Organisation:
        """Return the organisation of the member with this slug."""
        return next(o for o in self.organisations if o.member.slug == slug)


class People:
    """Creates accounts with the demo's password, which is hashed only once to save time."""

    def __init__(self, rng: random.Random, joined: datetime) -> None:
        self._rng = rng
        self._joined = joined
        self._hash = make_password(PASSWORD)
        self._emails: set[str] = set()
        self.users: list[User] = []
        self.named = {
            login.key: self._add(login.name, login.email, login.country, login.language)
            for login in LOGINS
        }

    def create(self, country: str, domain: str) -> User:
        """Return a new unsaved user from ``country`` with an email address at ``domain``."""
        families, givens = NAMES[country]
        family = self._rng.choice(families.split()).replace("~", " ")
        given = self._rng.choice(givens.split())
        name = f"{family} {given}" if country in FAMILY_FIRST else f"{given} {family}"
        stem = slugify(f"{given} {family}").replace("-", ".")
        email = f"{stem}@{domain}"
        number = 2
        while email in self._emails:
            email, number = f"{stem}{number}@{domain}", number + 1
        language = "zh-hans" if country == "CN" else ""
        return self._add(name, email, country, language)

    def save(self) -> None:
        """Save all users, with confirmed email addresses."""
        User.objects.bulk_create(self.users)
        EmailAddress.objects.bulk_create(
            [
                EmailAddress(user=user, email=user.email, verified=True, primary=True)
                for user in self.users
            ]
        )

    def _add(self, name: str, email: str, country: str, language: str) -> User:
        user = User(
            email=email,
            name=name,
            password=self._hash,
            language=language,
            time_zone=TIME_ZONES[country],
            date_joined=self._joined,
        )
        self._emails.add(email)
        self.users.append(user)
        return user
