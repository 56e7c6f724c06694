"""Agencies, their channels and officers."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Any

from cases.liaison.models import Agency, Channel, DueTimes, Officer, ReferralRule
from cases.services.channels import members, setup
from members.models import Brand, Member, User
from tests.factories.numbers import number
from tests.factories.people import admin, owner, user


def agency(*, channels: int = 1, **fields: Any) -> Agency:
    """An agency that accepts every violation, with ``channels`` stream channels."""
    n = number()
    values = {"slug": f"agency-{n}", "name": f"Agency {n}", "kind": "police", "country": "CN"}
    made = Agency.objects.create(**values | fields)
    for i in range(channels):
        channel(made, name=f"Stream {i + 1}")
    return made


def channel(of: Agency | None = None, **fields: Any) -> Channel:
    values = {
        "agency": of or agency(channels=0),
        "kind": Channel.Kind.STREAM,
        "name": "Stream",
        "stream_key": f"test:liaison:{uuid.uuid4()}",
    }
    return Channel.objects.create(**values | fields)


def due_times(of: Agency | None = None, **fields: Any) -> DueTimes:
    """Agreed deadlines of an agency, for urgent cases unless ``priority`` is given."""
    values = {"priority": 4, "read_hours": 1, "acknowledge_hours": 2, "accept_hours": 24}
    return DueTimes.objects.create(agency=of or agency(channels=0), **values | fields)


def referral_rule(of: Agency | None = None, **conditions: Any) -> ReferralRule:
    """A rule that proposes the agency for every case, restricted by ``conditions``."""
    values = {"name": "Big sellers", "agency": of or agency(name="Harbour Police")}
    return ReferralRule.objects.create(**values | conditions)


def webhook(url: str, of: Agency | None = None, **fields: Any) -> tuple[Channel, str]:
    """A webhook channel to ``url``, and its signing secret in clear text."""
    return setup.create(
        agency=of or agency(channels=0),
        by=fields.pop("by", None) or admin(),
        kind=Channel.Kind.WEBHOOK,
        name=f"Webhook {number()}",
        url=url,
    )


def member_webhook(
    url: str, of: Member, *, brands: Collection[Brand] | None = None, by: User | None = None
) -> tuple[Channel, str]:
    """A webhook of a member, created by an owner, and its signing secret in clear text."""
    return members.create(
        member=of, by=by or owner(of), name=f"Webhook {number()}", url=url, brands=brands
    )


def officer(of: Agency | None = None, **fields: Any) -> User:
    """A liaison officer of an agency."""
    person = user(**fields)
    Officer.objects.create(user=person, agency=of or agency())
    return person


def officer_of(of: Agency) -> User:
    """Return an officer of the agency; create one if there is none."""
    found = Officer.objects.filter(agency=of, is_active=True).select_related("user").first()
    return found.user if found else officer(of)
