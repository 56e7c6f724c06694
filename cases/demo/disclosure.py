"""What agencies may see, which agencies share their interest in sellers, and referral rules."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from cases.demo import logins
from cases.demo.world import World
from cases.liaison.models import Agency, Disclosed, Referral, ReferralRule
from cases.models import Case
from cases.services import referral as referrals
from cases.states import REFERRAL_LIVE

# The agency that may not see members' names, since the files of this market regulator are public.
WITHOUT_MEMBERS = "jiangsu-online-market"
# The agency that may see sellers and listings only.
SHOPS_ONLY = "hangzhou-live-commerce"
SHARE = (logins.AGENCY, logins.SECOND_AGENCY, "zhejiang-brand-crime")
_EUROPE = ["AT", "BE", "DE", "DK", "ES", "FR", "GR", "IT", "NL", "PL", "PT", "SE"]
_GOODS = ["counterfeit", "trademark"]

RULES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    (
        "Large sellers, Guangdong",
        "guangdong-counterfeits",
        {
            "violations": _GOODS,
            "places": ["CN"],
            "minimum_value": Decimal(500_000),
            "minimum_points": 12,
        },
    ),
    (
        "Several members concerned",
        logins.AGENCY,
        {"violations": _GOODS, "places": ["CN"], "minimum_members": 2},
    ),
    ("Repeat infringers", "zhejiang-brand-crime", {"places": ["CN"], "minimum_points": 24}),
    (
        "Live commerce",
        SHOPS_ONLY,
        {"violations": ["counterfeit", "advertising"], "minimum_value": Decimal(200_000)},
    ),
    ("Goods bound for Europe", logins.SECOND_AGENCY, {"violations": _GOODS, "places": _EUROPE}),
)


def agree(world: World) -> None:
    """Set what each agency may see, and create the referral rules."""
    agencies = {slug: agency for slug, (_entry, agency) in world.agencies.items()}
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


def share_seller(world: World) -> None:
    """Refer cases of one seller to two agencies that share their interest, unless that has happened already."""
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
        note = "The parcels of the test purchase were shipped through your port."
        referrals.refer(case=case, by=world.moderators[0], agency=second, note=note)
