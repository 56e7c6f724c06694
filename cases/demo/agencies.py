"""Agencies, their officers and their channels."""

from __future__ import annotations

from collections.abc import Sequence

import redis
import structlog

from alliance.lib import redis as connections
from cases.demo import logins
from cases.demo.data.places import AGENCIES, AgencyEntry
from cases.demo.world import People, World
from cases.liaison.models import Agency, Channel, Officer
from members.models import User

log = structlog.get_logger(__name__)

OFFICERS = 2


def make(world: World, people: People) -> dict[str, list[User]]:
    """Create agencies and stream channels; return their unsaved officers by the agency's slug."""
    agencies = Agency.objects.bulk_create(
        [
            Agency(
                slug=entry.slug,
                name=entry.name,
                name_local=entry.local,
                kind=entry.kind,
                country=entry.country,
                violations=list(entry.violations),
                acknowledge_within_hours=entry.hours,
            )
            for entry in AGENCIES
        ]
    )
    world.agencies = {
        entry.slug: (entry, agency) for entry, agency in zip(AGENCIES, agencies, strict=True)
    }
    keys = stream_keys([entry.slug for entry in AGENCIES])
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
    future = {entry.slug: _officers(entry, people) for entry in AGENCIES}
    future[logins.AGENCY].insert(0, people.named["officer"])
    future[logins.SECOND_AGENCY].insert(0, people.named["officer2"])
    return future


def appoint(world: World, future: dict[str, list[User]]) -> None:
    """Create officers for the users in ``future``, who are saved now."""
    rows = []
    for slug, users in future.items():
        _entry, agency = world.agencies[slug]
        world.officers[agency.pk] = users
        rows += [
            Officer(user=user, agency=agency, title="Liaison officer" if n == 0 else "Case officer")
            for n, user in enumerate(users)
        ]
    Officer.objects.bulk_create(rows)


def stream_keys(slugs: Sequence[str]) -> dict[str, str]:
    """Return the stream keys of agencies: ``liaison:<slug>``, with a number if that stream already exists.

    A stream of an earlier database may still exist, and must not be appended to.
    """
    keys = {slug: f"liaison:{slug}" for slug in slugs}
    try:
        for slug, key in keys.items():
            number = 1
            while connections.liaison().exists(keys[slug]):
                number += 1
                keys[slug] = f"{key}:{number}"
    except redis.RedisError as error:
        log.warning("streams_not_checked", error=type(error).__name__)
    return keys


def _officers(entry: AgencyEntry, people: People) -> list[User]:
    return [people.create(entry.country, f"{entry.slug}.example") for _ in range(OFFICERS)]
