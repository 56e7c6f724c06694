"""What the demo's agencies may see, which of them let each other know, and the rules that propose them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from cases.demo import logins
from cases.demo.world import World
from cases.liaison.models import Agency, Disclosed, Referral, ReferralRule
from cases.models import Case
from cases.services import referral as referrals
from cases.states import REFERRAL_LIVE

# Not the members' names: what this market regulator does is open to the public.
WITHOUT_MEMBERS = "jiangsu-online-market"
# Looks at live streams, not at files or at what brands write.
SHOPS_ONLY = "hangzhou-live-commerce"
SHARE = (logins.AGENCY, logins.SECOND_AGENCY, "zhejiang-brand-crime")
_EUROPE = ["AT", "BE", "DE", "DK", "ES", "FR", "GR", "IT", "NL", "PL", "PT", "SE"]
_GOODS = ["counterfeit", "trademark"]

RULES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    (
        "Big sellers, Guangdong",
        "guangdong-counterfeits",
        {
            "violations": _GOODS,
            "places": ["CN"],
            "minimum_value": Decimal(500_000),
            "minimum_points": 12,
        },
    ),
    (
        "One seller, several members",
        logins.AGENCY,
        {"violations": _GOODS, "places": ["CN"], "minimum_members": 2},
    ),
    ("Caught again and again", "zhejiang-brand-crime", {"places": ["CN"], "minimum_points": 24}),
    (
        "Live commerce",
        SHOPS_ONLY,
        {"violations": ["counterfeit", "advertising"], "minimum_value": Decimal(200_000)},
    ),
    ("Goods bound for Europe", logins.SECOND_AGENCY, {"violations": _GOODS, "places": _EUROPE}),
)


def agree(world: World) -> None:
    """Write what was agreed with each agency, and the rules."""
    agencies = {slug: agency for slug, (_desk, agency) in world.agencies.items()}
    agencies[WITHOUT_MEMBERS].discloses = [
        str(what) for what in Disclosed if what != Disclosed.MEMBER
    ]
    agencies[SHOPS_ONLY].discloses = [str(Disclosed.SELLER), str(Disclosed.LISTINGS)]
    for slug in SHARE:
        agencies[slug].shares_interest = True
    Agency.objects.bulk_update(agencies.values(), ["discloses", "shares_interest"])
    ReferralRule.objects.bulk_create(
        [
            ReferralRule(name=name, agency=agencies[slug], rank=10 * number, **conditions)
            for number, (name, slug, conditions) in enumerate(RULES, start=1)
        ]
    )


def meet(world: World) -> None:
    """Let two agencies that share their interest work on one seller, unless they do already."""
    first, second = (world.agencies[slug][1] for slug in (logins.AGENCY, logins.SECOND_AGENCY))
    live = Referral.objects.filter(agency=first, status__in=REFERRAL_LIVE)
    sellers = live.values("case__seller")
    theirs = Referral.objects.filter(agency=second, status__in=REFERRAL_LIVE)
    if theirs.filter(case__seller__in=sellers).exists():
        return
    cases = Case.objects.upheld().filter(
        seller__in=sellers,
        violation__in=world.agencies[second.slug][0].violations,
    )
    case = cases.exclude(referrals__agency=second).order_by("-decided_at", "-pk").first()
    if case is not None:
        note = "Shipped through your port, as the parcels of the test purchase show."
        referrals.refer(case=case, by=world.moderators[0], agency=second, note=note)
