"""Industries, members, their brands and rights."""

from __future__ import annotations

from datetime import date
from typing import Any

from alliance.lib import clock
from members.models import Brand, DirectoryEntry, Industry, IPRight, Member, User
from members.services import directory
from tests.factories.numbers import number
from tests.factories.people import moderator


def industry(**fields: Any) -> Industry:
    n = number()
    values = {"slug": f"industry-{n}", "name": f"Industry {n}", "name_zh": f"行业{n}"}
    return Industry.objects.create(**values | {"nice_classes": [25]} | fields)


def member(**fields: Any) -> Member:
    """An active member, without brands or people."""
    n = number()
    values = {
        "slug": f"member-{n}",
        "name": f"Member {n}",
        "country": "CN",
        "status": Member.Status.ACTIVE,
        "joined_on": date(2020, 1, 1),
    }
    return Member.objects.create(**values | fields)


def brand(of: Member | None = None, **fields: Any) -> Brand:
    return Brand.objects.create(member=of or member(), **{"name": f"Brand {number()}"} | fields)


def directory_entry(of: Member, *, by: User, **changes: Any) -> DirectoryEntry:
    """What the member publishes, with ``changes`` by its owner."""
    now = directory.published(of)
    facts = now.facts | {"consumer_email": f"ask{number()}@brand.example"} | changes
    brands = facts.pop("brands", now.brands)
    return directory.publish(member=of, by=by, seen=now.version, brands=brands, **facts)


def right(of: Brand | None = None, **fields: Any) -> IPRight:
    """A verified trademark in class 25, in force in mainland China."""
    n = number()
    values = {
        "brand": of or brand(),
        "kind": IPRight.Kind.TRADEMARK,
        "title": f"Mark {n}",
        "office": "CNIPA",
        "number": f"{10_000_000 + n}",
        "territory": ["CN"],
        "nice_classes": [25],
        "registered_on": date(2015, 3, 1),
        "verified_at": clock.now(),
    }
    if "verified_by" not in fields:
        values["verified_by"] = moderator()
    return IPRight.objects.create(**values | fields)
