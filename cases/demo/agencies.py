"""Agencies, their officers and their queues."""

from __future__ import annotations

from collections.abc import Sequence

import redis
import structlog

from alliance.lib import redis as connections
from cases.demo import logins
from cases.demo.data.places import DESKS, Desk
from cases.demo.world import People, World
from cases.liaison.models import Agency, Channel, Officer
from members.models import User

log = structlog.get_logger(__name__)

OFFICERS = 2


def make(world: World, people: People) -> dict[str, list[User]]:
    """Write agencies and channels; return their future officers by the agency's slug, not saved yet."""
    agencies = Agency.objects.bulk_create(
        [
            Agency(
                slug=desk.slug,
                name=desk.name,
                name_local=desk.local,
                kind=desk.kind,
                country=desk.country,
                violations=list(desk.violations),
                acknowledge_within_hours=desk.hours,
            )
            for desk in DESKS
        ]
    )
    world.agencies = {
        desk.slug: (desk, agency) for desk, agency in zip(DESKS, agencies, strict=True)
    }
    keys = stream_keys([desk.slug for desk in DESKS])
    Channel.objects.bulk_create(
        [
            Channel(
                agency=agency,
                kind=Channel.Kind.STREAM,
                name="Update stream",
                stream_key=keys[agency.slug],
            )
            for agency in agencies
        ]
    )
    future = {desk.slug: _officers(desk, people) for desk in DESKS}
    future[logins.AGENCY].insert(0, people.named["officer"])
    future[logins.SECOND_AGENCY].insert(0, people.named["officer2"])
    return future


def appoint(world: World, future: dict[str, list[User]]) -> None:
    """Make the saved ``future`` people officers of their agencies."""
    rows = []
    for slug, users in future.items():
        _desk, agency = world.agencies[slug]
        world.officers[agency.pk] = users
        rows += [
            Officer(user=user, agency=agency, title="Liaison officer" if n == 0 else "Case officer")
            for n, user in enumerate(users)
        ]
    Officer.objects.bulk_create(rows)


def stream_keys(slugs: Sequence[str]) -> dict[str, str]:
    """Return the streams of agencies: ``liaison:<slug>``, unless an earlier database left one there.

    Streams outlive the database they were filled from, and nothing may be appended to a stranger's.
    """
    keys = {slug: f"liaison:{slug}" for slug in slugs}
    try:
        for slug, key in keys.items():
            number = 1
            while connections.liaison().exists(keys[slug]):
                number += 1
                keys[slug] = f"{key}:{number}"
    except redis.RedisError as error:
        log.warning("streams_not_looked_at", error=type(error).__name__)
    return keys


def _officers(desk: Desk, people: People) -> list[User]:
    return [people.somebody(desk.country, f"{desk.slug}.example") for _ in range(OFFICERS)]
