"""The review rule that makes a decision wait for a second moderator."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from cases.liaison.models import Agency
from cases.models import Case, Listing, ReviewRule
from cases.queries import seller_history
from cases.states import DecisionVerb


class Decided:
    """A case as it is after a decision, and the facts that rules need. Each fact is read once, if a rule needs it."""

    def __init__(self, case: Case, verb: DecisionVerb, values: Mapping[str, Any]) -> None:
        self.case, self.verb, self.values = case, verb, values

    @cached_property
    def listings_to_remove(self) -> int:
        """The listings whose removal the decision requests or keeps."""
        return self.case.listings.filter(outcome=Listing.Outcome.REMOVE).count()

    @cached_property
    def active_strikes(self) -> int:
        """The active strikes of the seller, with that of the decision."""
        return seller_history.strike_counts([self.case.seller_id or 0])[self.case.seller_id or 0]

    @cached_property
    def is_authorised_seller(self) -> bool:
        """Whether the seller is on the list of authorised sellers of the case's member."""
        return seller_history.authorised_entry(self.case, whole_member=True) is not None

    @cached_property
    def is_abroad(self) -> bool:
        """Whether the agency's country is neither the member's nor the marketplace's."""
        agency = Agency.objects.filter(pk=self.values.get("agency", 0)).first()
        seller = self.case.seller
        if agency is None or seller is None:
            return False
        home = {str(self.case.member.country), str(seller.marketplace.country)}
        return str(agency.country) not in home


# Decisions in the seller's favour, and those that decide nothing about listings or strikes.
_AGAINST_THE_SELLER = (DecisionVerb.UPHOLD, DecisionVerb.UPHOLD_AGAIN)


def first_for(decided: Decided) -> ReviewRule | None:
    """Return the first active rule whose conditions the decision meets, or ``None``."""
    rules = ReviewRule.objects.filter(is_active=True).order_by("rank", "pk")
    return next((rule for rule in rules if _applies(rule, decided)), None)


def _applies(rule: ReviewRule, decided: Decided) -> bool:
    if rule.verbs and decided.verb not in rule.verbs:
        return False
    if rule.violations and decided.case.violation not in rule.violations:
        return False
    against = decided.verb in _AGAINST_THE_SELLER
    if rule.more_than_listings is not None and not (
        against and decided.listings_to_remove > rule.more_than_listings
    ):
        return False
    if rule.active_strikes is not None and not (
        against and decided.active_strikes >= rule.active_strikes
    ):
        return False
    if rule.authorised_seller and not decided.is_authorised_seller:
        return False
    return not rule.referral_abroad or decided.is_abroad
