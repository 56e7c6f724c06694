"""Members, their brands, rights and staff."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

from django.utils.text import slugify

from cases.demo import agents, logins
from cases.demo.data.goods import GOODS
from cases.demo.data.offices import HOME_OFFICE, OFFICES
from cases.demo.world import Organisation, People, World
from members.models import Brand, Industry, IPRight, Member, Membership, User

FOLDER = Path(__file__).parent / "data" / "members"
FOUNDED = date(2017, 1, 16)
SUSPENDED_DAYS_AGO = 40
LEFT_DAYS_AGO = 210


class Entry(NamedTuple):
    """An entry of the member files."""

    name: str
    local: str
    country: str
    industries: tuple[str, ...]
    brands: tuple[str, ...]
    status: str
    description: str
    description_zh: str


def read() -> Iterator[Entry]:
    """Read the member files. An entry has a line of fields, a line in English and a line in Chinese."""
    for file in sorted(FOLDER.glob("*.txt")):
        for block in file.read_text(encoding="utf-8").strip().split("\n\n")[1:]:
            head, english, chinese = block.split("\n")
            fields = [part.strip() for part in head.split(" | ")]
            name, local, country, industries, brands, *status = fields
            yield Entry(
                name,
                local,
                country,
                tuple(industries.split(", ")),
                tuple(brands.split("; ")),
                status[0] if status else "active",
                english,
                chinese,
            )


def make(world: World, people: People) -> list[Organisation]:
    """Create members and brands.

    Suspended and former members are created as active, so that they can file cases. :func:`end_memberships`
    changes their status at the end.
    """
    entries = list(read())
    members = Member.objects.bulk_create([_member(world, entry) for entry in entries])
    industries = {industry.slug: industry for industry in Industry.objects.all()}
    through = Member.industries.through
    through._default_manager.bulk_create(
        [
            through(member_id=member.pk, industry_id=industries[slug].pk)
            for member, entry in zip(members, entries, strict=True)
            for slug in entry.industries
        ]
    )
    made = []
    for member, entry in zip(members, entries, strict=True):
        organisation = Organisation(member, entry.industries)
        if entry.status in ("suspended", "left"):
            days = SUSPENDED_DAYS_AGO if entry.status == "suspended" else LEFT_DAYS_AGO
            organisation.active_until = world.now.date() - timedelta(days=days)
        organisation.brands = [_brand(member, text) for text in entry.brands]
        made.append(organisation)
    Brand.objects.bulk_create([brand for o in made for brand in o.brands])
    return made


def rights(world: World) -> None:
    """Create the rights of all brands. ``Organisation.rights`` gets those that cases can cite."""
    registrar = _Registrar(world)
    for organisation in world.organisations:
        for brand in organisation.brands:
            registrar.register(organisation, brand)
    IPRight.objects.bulk_create(registrar.rights)


def staff(world: World, people: People) -> list[Membership]:
    """Return unsaved memberships of owners, filers, viewers and the agent."""
    found = []
    for organisation in world.organisations:
        member = organisation.member
        domain = f"{member.slug}.example"
        roles = [Membership.Role.OWNER]
        roles += [Membership.Role.FILER] * world.rng.choice((0, 1, 1, 2))
        roles += [Membership.Role.VIEWER] * world.rng.choice((0, 0, 1))
        country = str(member.country)
        found += [_membership(organisation, people.create(country, domain), role) for role in roles]
    role = Membership.Role
    for key, wanted in (("owner", role.OWNER), ("filer", role.FILER), ("viewer", role.VIEWER)):
        found.append(
            _membership(world.organisation(logins.MEMBER), people.named[key], wanted, first=True)
        )
    chinese = world.organisation(logins.CHINESE_MEMBER)
    found.append(_membership(chinese, people.named["filer.zh"], role.FILER, first=True))
    agent = people.named["agent"]
    for slug in logins.AGENT_OF:
        world.organisation(slug).filers.append(agent)
    return found + agents.roles(world, agent)


def end_memberships(world: World) -> None:
    """Set the status of suspended and former members."""
    for organisation in world.organisations:
        day, member = organisation.active_until, organisation.member
        if day is None:
            continue
        if day == world.now.date() - timedelta(days=SUSPENDED_DAYS_AGO):
            member.status, member.suspended_on = Member.Status.SUSPENDED, day
        else:
            member.status, member.left_on = Member.Status.LEFT, day
        member.save()


def _member(world: World, entry: Entry) -> Member:
    today, slug = world.now.date(), slugify(entry.name)
    joined: date | None
    if entry.status == "applied":
        applied, joined = today - timedelta(days=world.rng.randint(2, 50)), None
    else:
        # Many joined in the first years, and none in the last 100 days.
        late = world.rng.random() ** 1.6
        days = (today - timedelta(days=100) - FOUNDED).days
        early = slug in (logins.MEMBER, logins.CHINESE_MEMBER, *logins.AGENT_OF)
        if entry.status != "active":
            late = min(late, 0.6)
        joined = FOUNDED + timedelta(days=int(days * late * (0.1 if early else 1)))
        applied = joined - timedelta(days=world.rng.randint(10, 70))
    return Member(
        slug=slug,
        name=entry.name,
        name_local="" if entry.local == entry.name else entry.local,
        country=entry.country,
        website=f"https://www.{slug}.example/",
        description=entry.description,
        description_zh=entry.description_zh,
        status=Member.Status.APPLIED if joined is None else Member.Status.ACTIVE,
        applied_on=applied,
        joined_on=joined,
    )


def _brand(member: Member, text: str) -> Brand:
    """Split a brand name at the first non-Latin letter into its name and its local name."""
    cut = next((i for i, letter in enumerate(text) if ord(letter) > 0x24F), len(text))
    return Brand(member=member, name=text[:cut].strip(), name_local=text[cut:].strip())


def _membership(
    organisation: Organisation, user: User, role: str, *, first: bool = False
) -> Membership:
    member = organisation.member
    if role != Membership.Role.VIEWER:
        organisation.filers.insert(0 if first else len(organisation.filers), user)
    return Membership(
        user=user,
        member=member,
        role=role,
        valid_from=member.joined_on or member.applied_on or FOUNDED,
    )


class _Registrar:
    """Creates random rights of brands. Their numbers are in ranges that no office uses."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._rng = world.rng
        self.rights: list[IPRight] = []

    def register(self, organisation: Organisation, brand: Brand) -> None:
        rng, kinds = self._rng, IPRight.Kind
        home = HOME_OFFICE[str(organisation.member.country)]
        offices = dict.fromkeys(("CNIPA", home))
        for office, chance in (("EUIPO", 0.35), ("USPTO", 0.3), ("HKIPD", 0.25), ("KIPO", 0.12)):
            if rng.random() < chance:
                offices[office] = None
        classes = sorted({good.nice for slug in organisation.industries for good in GOODS[slug]})
        for office in offices:
            self._add(organisation, brand, kinds.TRADEMARK, office, brand.name, classes)
        playful = "toys-games" in organisation.industries
        if rng.random() < (0.9 if playful else 0.35):
            title = f"{brand.name}: figures and pictures" if playful else f"{brand.name}: catalogue"
            self._add(organisation, brand, kinds.COPYRIGHT, "NCAC", title, [])
        good = rng.choice(GOODS[organisation.industries[0]])
        if rng.random() < 0.35:
            title = f"{good.en.capitalize()} ({brand.name})"
            self._add(organisation, brand, kinds.DESIGN, rng.choice(("CNIPA", home)), title, [])
        if rng.random() < 0.15:
            title = f"Mechanism of a {good.en}"
            self._add(organisation, brand, kinds.PATENT, "CNIPA", title, [])
        if rng.random() < 0.16:
            self._add(
                organisation, brand, kinds.TRADEMARK, "WIPO", brand.name, classes, expired=True
            )
        if rng.random() < 0.16:
            new = f"{brand.name} {brand.name_local}".strip()
            self._add(organisation, brand, kinds.TRADEMARK, "CNIPA", new, classes, verified=False)

    def _add(
        self,
        organisation: Organisation,
        brand: Brand,
        kind: str,
        office: str,
        title: str,
        classes: list[int],
        *,
        expired: bool = False,
        verified: bool = True,
    ) -> None:
        rng, today = self._rng, self._world.now.date()
        territory, form = OFFICES[office]
        years = rng.uniform(10.3, 12.5) if expired else rng.uniform(2.7, 9.0)
        registered = today - timedelta(days=int((years if verified else 0.4) * 365.25))
        expires = None if kind == IPRight.Kind.COPYRIGHT else _in_ten_years(registered)
        seen = max(registered, organisation.member.joined_on or today) + timedelta(days=3)
        if organisation.member.joined_on is None or (expires and seen > expires):
            verified = False
        right = IPRight(
            brand=brand,
            kind=kind,
            title=title,
            office=office,
            number=form.format(n=len(self.rights) + 1),
            territory=territory,
            nice_classes=classes,
            registered_on=registered,
            expires_on=expires,
            verified_by=rng.choice(self._world.moderators) if verified else None,
            verified_at=datetime.combine(seen, time(9), UTC) if verified else None,
            member=organisation.member,
            registered_owner=organisation.member.name,
            submitted_at=datetime.combine(
                seen if verified else today - timedelta(days=6 + len(self.rights) % 40),
                time(8),
                UTC,
            ),
        )
        self.rights.append(right)
        if verified and not expired:
            organisation.rights[brand.pk].append(right)


def _in_ten_years(day: date) -> date:
    return day + timedelta(days=3652)
