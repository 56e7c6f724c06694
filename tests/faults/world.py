"""Creates the agencies, channels and referred cases of one round. Deactivates the channels of earlier rounds."""

from __future__ import annotations

import itertools
import json
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

from cases.liaison.models import Agency, Channel
from cases.models import Marketplace
from cases.services import decisions
from cases.services import referral as referrals
from cases.services.channels import setup
from members.models import Membership, User
from tests import factories
from tests.factories import numbers

# Agency and kind of each channel: all kinds, or those that the mutants need.
FULL = (
    ("a", "stream"),
    ("a", "webhook"),
    ("b", "stream"),
    ("b", "pull"),
    ("c", "webhook"),
    ("c", "email"),
)
FEW = (("a", "stream"), ("a", "webhook"))
WORLDS = {"full": FULL, "few": FEW}


def make(
    *, name: str, generation: int, hooks: list[str], cases: int, channels: str, to: str
) -> None:
    """Create everything and write the channels, cases and moderator to the file ``to``."""
    # This process was forked from one that has created nothing. Numbers of earlier rounds must not repeat.
    numbers._numbers = itertools.count(generation * 100_000)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # nobody logs in
    Channel.objects.update(is_active=False)
    moderator = factories.moderator(email=f"{name}@moderators.example")
    admin = factories.admin(email=f"{name}@admins.example")
    wanted = WORLDS[channels]
    letters = sorted({letter for letter, _kind in wanted})
    made = {letter: _agency(f"{name}-{letter}") for letter in letters}
    addresses = iter(hooks)
    described = []
    for letter, kind in wanted:
        fields = {"url": next(addresses)} if kind == "webhook" else {}
        if kind == "email":
            fields = {"email": f"desk@{name}.example"}
        described.append(_channel(made[letter], kind, fields, admin))
    made_cases = [_case(name, number, list(made.values()), moderator) for number in range(cases)]
    world = {"channels": described, "cases": made_cases, "moderator": moderator.pk}
    fresh = Path(to).with_suffix(".new")
    fresh.write_text(json.dumps(world))
    fresh.rename(to)


def _agency(slug: str) -> Agency:
    return factories.agency(channels=0, slug=slug, name=slug)


def _channel(agency: Agency, kind: str, fields: dict[str, str], by: User) -> dict[str, Any]:
    channel, shown = setup.create(agency=agency, by=by, kind=kind, name=kind, **fields)
    return {
        "id": channel.pk,
        "name": f"{agency.slug[-1]}-{kind}-{channel.pk}",
        "kind": kind,
        "key": channel.stream_key,
        "email": channel.email,
        "shown": shown,
    }


def _case(name: str, number: int, to: list[Agency], by: User) -> int:
    member = factories.member(slug=f"{name}-{number}")
    market = Marketplace.objects.filter(slug=f"market-{name}").first() or factories.marketplace(
        slug=f"market-{name}", name=f"Market {name}"
    )
    seller = factories.seller(market, external_id=f"shop-{name}-{number}")
    person = factories.filer(member, email=f"{name}-{number}@people.example")
    right = factories.right(factories.brand(member), verified_by=by)
    # Another moderator upholds it: ``by`` decides on the counter-notices.
    other = factories.moderator(email=f"{name}-{number}@moderators.example")
    case = factories.upheld_case(moderator=other, by=person, citing=right, against=seller)
    case = decisions.record_removal(case=case, by=by)
    for agency in to:
        referrals.refer(case=case, by=by, agency=agency)
    # No members receive e-mails: only the agencies' channels matter here.
    Membership.objects.filter(member=member).update(valid_until=date(2020, 1, 2))
    return case.pk
