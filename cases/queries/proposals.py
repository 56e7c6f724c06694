"""Agencies that referral rules propose for a case, with reasons. A moderator decides whether to refer."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext as _

from cases.liaison.models import Agency, Referral, ReferralRule
from cases.models import Case, CaseEvent, Listing, Seller
from cases.models.event import EventKind
from cases.queries import related, seller_history
from cases.queries.reasons import Code, Reason, sentence
from cases.states import Outcome, ReferralStatus, Status

CNY = "CNY"
# The number of rules to evaluate for a case.
MAX_RULES = 300
# The number of latest cases against the seller and linked shops in which to count members.
MAX_CASES = 1000
# Events after which a case can be proposed again to an agency that declined it.
_CHANGES = (EventKind.ANSWERED, EventKind.EVIDENCE_ADDED, EventKind.UPHELD, EventKind.UPHELD_AGAIN)
# Cases decided in the seller's favour.
_FOR_THE_SELLER = (Outcome.REJECTED, Outcome.REINSTATED)


@dataclass(frozen=True)
class Proposal:
    """A proposal of ``agency`` by ``rule``. ``reasons`` say which conditions the case met."""

    agency: Agency
    rule: ReferralRule
    reasons: list[Reason]

    @property
    def words(self) -> str:
        """The reasons and the rule's name as one line, in the active language."""
        return _("%(reasons)s — rule “%(rule)s”") % {
            "reasons": sentence(self.reasons),
            "rule": self.rule.name,
        }


@dataclass(frozen=True)
class Facts:
    """Facts about a case that rules depend on, each computed when a rule first needs it.

    ``points`` and ``linked`` are the seller's live strike points and the linked shops, if already known.
    """

    case: Case
    points: int | None = None
    linked: list[Seller] | None = None

    @cached_property
    def _goods(self) -> tuple[Decimal, int]:
        priced = Listing.objects.filter(case=self.case, price__isnull=False)
        priced = priced.exclude(outcome=Listing.Outcome.KEEP)
        units = Greatest(Coalesce(F("units_sold"), 1), 1)
        sums = priced.aggregate(
            value=Sum(F("price") * units, filter=Q(currency=CNY)),
            others=Count("pk", filter=~Q(currency=CNY)),
        )
        return sums["value"] or Decimal(0), sums["others"]

    @property
    def value(self) -> Decimal:
        """The value of the goods in CNY: price × units sold, or the price if the units are not known.

        Listings that are left up, and prices in other currencies, are not counted.
        """
        return self._goods[0]

    @property
    def not_counted(self) -> int:
        """The number of listings with a price in another currency."""
        return self._goods[1]

    @cached_property
    def strikes(self) -> int:
        """The seller's live strike points."""
        return seller_history.live_points(self._seller) if self.points is None else self.points

    @cached_property
    def members(self) -> int:
        """The number of members with cases against the seller or linked shops.

        Withdrawn, rejected and reinstated cases are not counted.
        """
        linked = self.linked
        if linked is None:
            linked = [
                shop for shop, _why in seller_history.linked(self._seller, limit=related.MAX_LINKED)
            ]
        cases = Case.objects.filter(seller__in=[self._seller, *linked], submitted_at__isnull=False)
        cases = cases.exclude(status=Status.WITHDRAWN).exclude(outcome__in=_FOR_THE_SELLER)
        latest = cases.order_by("-pk")
        return len(set(latest.values_list("member_id", flat=True)[:MAX_CASES]))

    @property
    def _seller(self) -> Seller:
        assert self.case.seller is not None  # constraint: a submitted case names a seller
        return self.case.seller


def propose(
    case: Case, *, points: int | None = None, linked: list[Seller] | None = None
) -> list[Proposal]:
    """Return proposals of active rules for ``case``, at most one for each agency, in order of rank.

    The list is empty for a case that cannot be referred. Agencies are left out that already have the case, do
    not take such cases, or declined it and it has not changed since. ``points`` and ``linked`` as in
    :class:`Facts`.
    """
    if not case.is_upheld:
        return []
    facts, found = Facts(case, points=points, linked=linked), dict[int, Proposal]()
    for rule in _rules(case):
        if rule.agency_id not in found and _is_met(rule, facts):
            found[rule.agency_id] = Proposal(rule.agency, rule, _reasons(rule, facts))
    return list(found.values())


def _rules(case: Case) -> list[ReferralRule]:
    places = [str(case.jurisdiction)]
    if case.seller and case.seller.country:
        places.append(str(case.seller.country))
    declined = Referral.objects.filter(
        case=case, agency=OuterRef("agency"), status=ReferralStatus.DECLINED
    )
    rules = ReferralRule.objects.filter(
        Q(violations=[]) | Q(violations__contains=[case.violation]),
        Q(places=[]) | Q(places__overlap=places),
        Q(agency__violations=[]) | Q(agency__violations__contains=[case.violation]),
        is_active=True,
        agency__is_active=True,
    ).exclude(agency__in=_had_by(case).values("agency"))
    rules = rules.select_related("agency").annotate(declined_before=Exists(declined))
    return list(rules.order_by("rank", "pk")[:MAX_RULES])


def _had_by(case: Case) -> QuerySet[Referral]:
    """Return the referrals whose agency cannot be proposed for ``case``."""
    later = CaseEvent.objects.filter(case=case, kind__in=_CHANGES, at__gt=OuterRef("answered_at"))
    referrals = Referral.objects.filter(case=case).exclude(status=ReferralStatus.WITHDRAWN)
    return referrals.exclude(Exists(later), status=ReferralStatus.DECLINED)


def _is_met(rule: ReferralRule, facts: Facts) -> bool:
    """Return whether the case meets the conditions of the rule and its agency; cheap checks come first."""
    least = _least_value(rule)
    if least is not None and facts.value < least:
        return False
    if rule.minimum_points is not None and facts.strikes < rule.minimum_points:
        return False
    return rule.minimum_members is None or facts.members >= rule.minimum_members


def _least_value(rule: ReferralRule) -> Decimal | None:
    asked = [v for v in (rule.minimum_value, rule.agency.minimum_value) if v is not None]
    return max(asked, default=None)


def _reasons(rule: ReferralRule, facts: Facts) -> list[Reason]:
    case = facts.case
    about: Reason = {
        "code": Code.CASE,
        "violation": case.violation,
        "place": str(case.jurisdiction),
    }
    valued = _least_value(rule) is not None
    if valued:
        about["value"] = str(facts.value.quantize(Decimal(1)))
    reasons = [about]
    if rule.places and str(case.jurisdiction) not in rule.places and case.seller:
        reasons.append({"code": Code.SELLER_PLACE, "place": str(case.seller.country)})
    if rule.minimum_points is not None:
        reasons.append({"code": Code.POINTS, "n": facts.strikes})
    if rule.minimum_members is not None:
        reasons.append({"code": Code.MEMBERS, "n": facts.members})
    if valued and facts.not_counted:
        reasons.append({"code": Code.OTHER_CURRENCIES, "n": facts.not_counted})
    if rule.declined_before:  # type: ignore[attr-defined]  # see _rules
        reasons.append({"code": Code.DECLINED_BEFORE})
    return reasons
