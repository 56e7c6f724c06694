"""Agencies that referral rules propose for a case, with reasons. A moderator decides whether to refer."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case as Choice
from django.db.models import (
    Count,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    When,
)
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext as _

from alliance.lib import counts
from cases.liaison.models import Agency, Referral, ReferralRule
from cases.models import Case, CaseEvent, Listing, Seller
from cases.models.event import EventKind
from cases.queries import related, seller_history
from cases.queries.reasons import Code, Reason, sentence
from cases.states import Outcome, ReferralStatus, Status

CNY = "CNY"
# The number of rows to read: one for each rule of an agency, or for an agency without a rule.
MAX_ROWS = 500
# Events after which a case can be proposed again to an agency that declined it.
_CHANGES = (EventKind.ANSWERED, EventKind.EVIDENCE_ADDED, EventKind.UPHELD, EventKind.UPHELD_AGAIN)
# Outcomes in the seller's favour.
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
    """Facts about a case that rules depend on. A fact that no rule needs is 0.

    ``strikes`` is the sum of the seller's live strike points. ``value`` is the value of the goods in CNY: price ×
    units sold, or the price if the units are not known. ``not_counted`` is the number of listings with a price in
    another currency. Both exclude listings that are left up. ``members`` is the number of members with cases
    against the seller or linked shops, not counting withdrawn, rejected and reinstated cases.
    """

    case: Case
    strikes: int
    value: Decimal
    not_counted: int
    members: int


@dataclass(frozen=True)
class Candidates:
    """The active agencies that take cases of this violation type, by country and name, and the rules to check.

    ``rules`` are those that fit the case's violation type and place, ordered by rank.
    """

    agencies: list[Agency]
    rules: list[ReferralRule]
    facts: Facts


def propose(case: Case, found: Candidates | None = None) -> list[Proposal]:
    """Return proposals of active rules for ``case``, at most one for each agency, in order of rank.

    The list is empty for a case that is not upheld. It excludes agencies that already have the case, that do not
    take such cases, and that have declined it unless it has changed since. ``found`` is the result of
    :func:`candidates` if the caller already has it.
    """
    if not case.is_upheld:
        return []
    found = found or candidates(case)
    proposals: dict[int, Proposal] = {}
    for rule in found.rules:
        if rule.agency_id not in proposals and _is_met(rule, found.facts):
            reasons = _reasons(rule, found.facts)
            proposals[rule.agency_id] = Proposal(rule.agency, rule, reasons)
    return list(proposals.values())


def candidates(
    case: Case, *, points: int | None = None, linked: list[Seller] | None = None
) -> Candidates:
    """Return the agencies and the rules for ``case``, in one query.

    ``points`` are the seller's live strike points and ``linked`` the shops linked to it. Those that are ``None``
    are queried.
    """
    seller = case.seller
    assert seller is not None  # constraint: a submitted case names a seller
    if points is None:
        points = seller_history.live_points(seller)
    if linked is None:
        linked = [shop for shop, _why in seller_history.linked(seller, limit=related.MAX_LINKED)]
    rows = list(_rows(case, [seller, *linked])[:MAX_ROWS])
    agencies: dict[int, Agency] = {}
    rules: list[ReferralRule] = []
    for row in rows:
        agency = agencies.setdefault(row.pk, row)
        rule = getattr(row, "rule", None)  # Django sets the attribute only if there is a rule.
        if rule and not row.has_it:
            rule.agency = agency
            rule.declined_before = row.declined_before
            rules.append(rule)
    facts = Facts(
        case,
        strikes=points,
        value=Decimal(_first_value(rows, "goods_value")),
        not_counted=_first_value(rows, "not_counted"),
        members=_first_value(rows, "members_concerned"),
    )
    rules.sort(key=lambda rule: (rule.rank, rule.pk))
    return Candidates(list(agencies.values()), rules, facts)


def _rows(case: Case, sellers: list[Seller]) -> QuerySet[Any]:
    """Return active agencies that take the case, joined with their rules for its violation type and place.

    An agency has one row for each rule, or one row without a rule. The figures are ``NULL`` in rows whose
    conditions do not need them.
    """
    places = [str(case.jurisdiction)]
    if case.seller and case.seller.country:
        places.append(str(case.seller.country))
    rule = FilteredRelation(
        "rules",
        condition=Q(rules__is_active=True)
        & (Q(rules__violations=[]) | Q(rules__violations__contains=[case.violation]))
        & (Q(rules__places=[]) | Q(rules__places__overlap=places)),
    )
    declined = Referral.objects.filter(
        case=case, agency=OuterRef("pk"), status=ReferralStatus.DECLINED
    )
    priced: QuerySet[Any, Any] = Listing.objects.filter(case=case, price__isnull=False).order_by()
    priced = priced.exclude(outcome=Listing.Outcome.LEAVE_UP).values("case")
    units = Greatest(Coalesce(F("units_sold"), 1), 1)
    value = Sum(F("price") * units, filter=Q(currency=CNY))
    valued = Q(rule__minimum_value__isnull=False) | Q(minimum_value__isnull=False)
    against = Case.objects.filter(seller__in=sellers, submitted_at__isnull=False)
    against = against.exclude(status=Status.WITHDRAWN).exclude(outcome__in=_FOR_THE_SELLER)
    takes = Q(violations=[]) | Q(violations__contains=[case.violation])
    rows: QuerySet[Any] = Agency.objects.filter(takes, is_active=True).annotate(rule=rule)
    rows = rows.select_related("rule")
    annotated: QuerySet[Any] = rows.annotate(
        has_it=Exists(_blocking_referrals(case).filter(agency=OuterRef("pk"))),
        declined_before=Exists(declined),
        goods_value=_if_needed(valued, Subquery(priced.annotate(n=value).values("n"))),
        not_counted=_if_needed(
            valued, Subquery(priced.annotate(n=Count("pk", filter=~Q(currency=CNY))).values("n"))
        ),
        members_concerned=_if_needed(
            Q(rule__minimum_members__isnull=False), _Members(against.order_by().values("member"))
        ),
    )
    return annotated


class _Members(counts.Number):
    """A subquery with the number of distinct members in the rows of a query."""

    template = "(SELECT COUNT(DISTINCT member) FROM (%(subquery)s) AS counted)"


def _if_needed(condition: Q, figure: Subquery) -> Choice:
    """Return ``figure`` in rows with a rule that match ``condition``, otherwise ``NULL``.

    PostgreSQL computes the subquery at most once.
    """
    return Choice(When(condition & Q(rule__isnull=False), then=figure))


def _first_value(rows: list[Any], name: str) -> Any:
    """Return the value of the annotation ``name``, which is the same in all rows that have it, or 0."""
    return next((getattr(row, name) for row in rows if getattr(row, name) is not None), 0)


def _blocking_referrals(case: Case) -> QuerySet[Referral]:
    """Return the referrals of ``case`` because of which their agency cannot be proposed again."""
    later = CaseEvent.objects.filter(case=case, kind__in=_CHANGES, at__gt=OuterRef("answered_at"))
    referrals = Referral.objects.filter(case=case).exclude(status=ReferralStatus.WITHDRAWN)
    return referrals.exclude(Exists(later), status=ReferralStatus.DECLINED)


def _is_met(rule: ReferralRule, facts: Facts) -> bool:
    """Return whether the case meets the minimum values of the rule and its agency."""
    least = _least_value(rule)
    if least is not None and facts.value < least:
        return False
    if rule.minimum_points is not None and facts.strikes < rule.minimum_points:
        return False
    return rule.minimum_members is None or facts.members >= rule.minimum_members


def _least_value(rule: ReferralRule) -> Decimal | None:
    limits = [v for v in (rule.minimum_value, rule.agency.minimum_value) if v is not None]
    return max(limits, default=None)


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
    if rule.declined_before:  # type: ignore[attr-defined]  # set by candidates
        reasons.append({"code": Code.DECLINED_BEFORE})
    return reasons
