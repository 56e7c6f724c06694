"""Review rules, and a decision that waits for a second moderator."""

from __future__ import annotations

from collections.abc import Sequence

from cases.demo.data import review_texts
from cases.demo.moments import Ending
from cases.demo.plans import REVIEWED_LISTINGS, CasePlan
from cases.demo.stories import UPHOLD_FOR
from cases.demo.world import World
from cases.models import Decision, Listing, ReviewRule
from cases.services import held
from cases.states import DecisionVerb, Violation

# The name, and the conditions.
RULES: tuple[tuple[str, dict[str, object]], ...] = (
    ("More than 20 listings", {"verbs": [DecisionVerb.UPHOLD], "more_than_listings": 20}),
    ("Third strike of a shop", {"verbs": [DecisionVerb.UPHOLD], "active_strikes": 3, "hours": 12}),
    ("Authorised seller", {"verbs": [DecisionVerb.UPHOLD], "authorised_seller": True}),
    ("Referral abroad", {"verbs": [DecisionVerb.REFER], "referral_abroad": True, "hours": 8}),
)


def propose(world: World, plans: Sequence[CasePlan]) -> None:
    """Create the rules, and decide the case in review that one of them applies to."""
    ReviewRule.objects.bulk_create(
        ReviewRule(name=name, rank=10 * number, **conditions)
        for number, (name, conditions) in enumerate(RULES, start=1)
    )
    plan = next(
        p for p in plans if p.ending == Ending.IN_REVIEW and p.listings == REVIEWED_LISTINGS
    )
    case = plan.filed
    case.refresh_from_db()
    code = UPHOLD_FOR[Violation(plan.violation)][0]
    held.hold(
        case=case,
        verb=DecisionVerb.UPHOLD,
        by=plan.moderator,
        values={
            "reason": world.reasons[code],
            "ground": Decision.Ground.ILLEGAL_CONTENT,
            "facts": review_texts.FACTS[code][0][int(plan.chinese)].format(**plan.slots()),
            "left_up_reason": None,
            "outcomes": dict.fromkeys(
                case.listings.values_list("pk", flat=True), Listing.Outcome.REMOVE
            ),
        },
    )
