"""The agencies, channels and referred cases of one round. The channels of earlier rounds are closed."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from cases.liaison.models import Agency, Channel
from cases.models import Marketplace
from cases.services import channels, decisions
from cases.services import referral as referrals
from members.models import Membership, User
from tests import factories


def make(*, name: str, hooks: list[str], cases: int, to: str) -> None:
    """Write to the file ``to`` what the harness has to know: channels, cases, a moderator."""
    Channel.objects.update(is_active=False)
    moderator = factories.moderator(email=f"{name}@moderators.example")
    admin = factories.admin(email=f"{name}@admins.example")
    made = [_agency(f"{name}-{letter}") for letter in "abc"]
    kinds: list[tuple[Agency, str, dict[str, Any]]] = [
        (made[0], "stream", {}),
        (made[0], "webhook", {"url": hooks[0]}),
        (made[1], "stream", {}),
        (made[1], "pull", {}),
        (made[2], "webhook", {"url": hooks[1]}),
        (made[2], "email", {"email": f"desk@{name}.example"}),
    ]
    told = [_channel(agency, kind, fields, admin) for agency, kind, fields in kinds]
    numbers = [_case(name, number, made, moderator) for number in range(cases)]
    world = {"channels": told, "cases": numbers, "moderator": moderator.pk}
    fresh = Path(to).with_suffix(".new")
    fresh.write_text(json.dumps(world))
    fresh.rename(to)


def _agency(slug: str) -> Agency:
    return factories.agency(channels=0, slug=slug, name=slug)


def _channel(agency: Agency, kind: str, fields: dict[str, Any], by: User) -> dict[str, Any]:
    channel, shown = channels.create(agency=agency, by=by, kind=kind, name=kind, **fields)
    return {
        "id": channel.pk,
        "name": f"{agency.slug[-1]}-{kind}",
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
    case = factories.upheld_case(moderator=by, by=person, citing=right, against=seller)
    case = decisions.record_removal(case=case, by=by)
    for agency in to:
        referrals.refer(case=case, by=by, agency=agency)
    # Nobody is left to be told by e-mail: this is about the agencies' channels.
    Membership.objects.filter(member=member).update(valid_until=date(2020, 1, 2))
    return case.pk
