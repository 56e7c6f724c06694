"""What an agency was sent of a case whose referral has ended: the frozen payloads instead of the live case.

An agency that declined, or from which the case was taken back, reads what it was sent until then and
nothing that happened, or was corrected, afterwards.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from functools import cached_property
from typing import Any

from django.db.models import F, Q

from cases.liaison.disclosure import Shown
from cases.liaison.models import Referral, Update
from cases.models import Case, CaseEvent, Listing, Marketplace, Seller
from cases.queries.timeline import with_reasons
from cases.states import REFERRAL_LIVE
from members.models import Brand, IPRight, Member

# The latest of an ended referral's updates that its page lists.
STEPS_AT_MOST = 200


class Sent:
    """The case as its agency was sent it. Has the attributes of :class:`Shown`; ``None`` is what was not sent.

    ``case`` is an unsaved case with what the payloads say of it; so are the objects that hang on it.
    """

    explanation = None
    evidence = None
    seller_country = None
    right_title = ""

    def __init__(
        self, referral: Referral, payloads: Collection[dict[str, Any]], names: dict[str, str]
    ) -> None:
        self._told: dict[str, Any] = {}
        for payload in payloads:
            self._told |= payload["case"]
        self.note = next((p.get("note", "") for p in payloads), "")
        self.agency = referral.agency
        self.withheld: list[Any] = []
        self.other_agencies: list[Any] = []
        self.case = Case(
            reference=self._told.get("reference", referral.case.reference),
            status=self._told.get("status", ""),
            violation=self._told.get("violation", referral.case.violation),
            jurisdiction=self._told.get("jurisdiction", ""),
            submitted_at=referral.case.submitted_at,
        )
        self._names = names

    @cached_property
    def member(self) -> Member | None:
        return Member(name=self._told["member"]) if "member" in self._told else None

    @cached_property
    def brand(self) -> Brand | None:
        return Brand(name=self._told["brand"]) if "brand" in self._told else None

    @cached_property
    def right(self) -> IPRight | None:
        return IPRight(**self._told["right"]) if "right" in self._told else None

    @cached_property
    def seller(self) -> Seller | None:
        if not (told := self._told.get("seller")):
            return None
        slug = told["marketplace"]
        market = Marketplace(slug=slug, name=self._names.get(slug, slug))
        return Seller(marketplace=market, external_id=told["id"], name=told["name"])

    @cached_property
    def listings(self) -> list[Listing] | None:
        if (urls := self._told.get("listings")) is None:
            return None
        return [Listing(position=number, url=url) for number, url in enumerate(urls, start=1)]


def shown(referrals: Collection[Referral]) -> list[tuple[Referral, Shown | Sent]]:
    """Return the referrals, each with what its agency may see of its case.

    The live case while a referral is live; after that what was sent, in two queries however many there are.
    """
    ended = _sent([one for one in referrals if one.status not in REFERRAL_LIVE])
    return [(one, ended.get(one.pk) or Shown(one.case, one.agency)) for one in referrals]


def of(referral: Referral) -> Sent:
    """Return what the agency of an ended referral was sent of its case."""
    return _sent([referral])[referral.pk]


def _sent(referrals: Collection[Referral]) -> dict[int, Sent]:
    payloads = _payloads(referrals)
    slugs = {p["case"]["seller"]["marketplace"] for ps in payloads.values() for p in ps if _sold(p)}
    names = {m.slug: str(m) for m in Marketplace.objects.filter(slug__in=slugs)} if slugs else {}
    return {one.pk: Sent(one, payloads[one.pk], names) for one in referrals}


def _payloads(referrals: Collection[Referral]) -> dict[int, list[dict[str, Any]]]:
    """Return the first and the last payload of each referral: listings come with the first only."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    if referrals:
        ends = Q(sequence=1) | Q(sequence=F("referral__update_sequence"))
        rows = Update.objects.filter(ends, referral__in=[one.pk for one in referrals])
        for pk, payload in rows.order_by("sequence").values_list("referral_id", "payload"):
            found[pk].append(payload)
    return found


def _sold(payload: dict[str, Any]) -> bool:
    return "seller" in payload["case"]


def steps(referral: Referral) -> list[tuple[CaseEvent, bool]]:
    """Return the events that the agency of an ended referral was told of, latest first.

    Each with whether it was sent the words, too.
    """
    rows = referral.updates.order_by("-sequence")[:STEPS_AT_MOST]
    told = {
        version: "note" in payload
        for version, payload in rows.values_list("case_version", "payload")
    }
    events = CaseEvent.objects.filter(case=referral.case_id, sequence__in=told)
    events = with_reasons(events).order_by("-sequence")
    return [(event, told[event.sequence]) for event in events]
