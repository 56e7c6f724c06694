"""What some members publish in the directory, and when people logged in last."""

from __future__ import annotations

import zlib
from datetime import timedelta

from cases.demo.logins import MEMBER
from cases.demo.world import World
from members.models import Membership, User
from members.services import directory

# Every twelfth member publishes a contact. The people of about every ninth have not logged in for long.
PUBLISHES_EVERY = 12
QUIET_EVERY = 9
BUSY = ("demo.example", "alliance.example")


def publish(world: World) -> None:
    """Publish a contact for consumers through the service, and all brands but one of members with several."""
    roles = Membership.objects.filter(role=Membership.Role.OWNER).select_related("user")
    owners = {role.member_id: role.user for role in roles}
    main = world.organisation(MEMBER)
    for organisation in (main, *world.organisations[::PUBLISHES_EVERY]):
        member = organisation.member
        if member.joined_on is None:
            continue
        now = directory.published(member)
        domain = f"{member.slug}.example"
        facts = now.facts | {
            "consumer_email": f"genuine@{domain}",
            "consumer_url": f"https://www.{domain}/genuine/",
        }
        directory.publish(
            member=member,
            by=owners[member.pk],
            seen=now.version,
            brands=sorted(now.brands)[: max(2, len(now.brands) - 1)],
            **facts,
        )


def set_logins(world: World, people: list[User]) -> None:
    """Set the last login of unsaved ``people``: within the last weeks, and long ago at some members."""
    for number, person in enumerate(people):
        domain = person.email.partition("@")[2]
        is_quiet = domain not in BUSY and zlib.crc32(domain.encode()) % QUIET_EVERY == 0
        days = 120 + number % 200 if is_quiet else number * 37 % 60
        person.last_login = world.now - timedelta(days=days, minutes=number * 53 % 1440)
