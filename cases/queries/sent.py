"""Cases as they were sent to agencies whose referral has ended, from the stored payloads.

After a referral is declined or withdrawn, the agency still sees what it was sent, but no later changes of the
case.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from functools import cached_property
from typing import Any

from django.db.models import F, Q

from cases.liaison.disclosure import DisclosedCase
from cases.liaison.models import Referral, Update
from cases.models import Case, CaseEvent, Listing, Marketplace, Seller
from cases.queries.timeline import with_reasons
from cases.states import REFERRAL_LIVE
from members.models import Brand, IPRight, Member

# The number of latest events on the page of an ended referral.
MAX_EVENTS = 200


class SentCase:
    """A case as it was sent to its agency, with the attributes of :class:`DisclosedCase`.

    Attributes that were not sent are ``None``. ``case`` and its related objects are unsaved and hold only what
    the payloads contain.
    """

    explanation = None
    hidden_link = None
    evidence = None
    seller_country = None
    right_title = ""

    def __init__(
        self, referral: Referral, payloads: Collection[dict[str, Any]], names: dict[str, str]
    ) -> None:
        self._data: dict[str, Any] = {}
        for payload in payloads:
            self._data |= payload["case"]
        self.note = next((p.get("note", "") for p in payloads), "")
        self.agency = referral.agency
        self.withheld: list[Any] = []
        self.other_agencies: list[Any] = []
        self.case = Case(
            reference=self._data.get("reference", referral.case.reference),
            status=self._data.get("status", ""),
            violation=self._data.get("violation", referral.case.violation),
            jurisdiction=self._data.get("jurisdiction", ""),
            submitted_at=referral.case.submitted_at,
        )
        self._names = names

    @cached_property
    def member(self) -> Member | None:
        return Member(name=self._data["member"]) if "member" in self._data else None

    @cached_property
    def brand(self) -> Brand | None:
        return Brand(name=self._data["brand"]) if "brand" in self._data else None

    @cached_property
    def right(self) -> IPRight | None:
        return IPRight(**self._data["right"]) if "right" in self._data else None

    @cached_property
    def seller(self) -> Seller | None:
        if not (sent := self._data.get("seller")):
            return None
        slug = sent["marketplace"]
        market = Marketplace(slug=slug, name=self._names.get(slug, slug))
        return Seller(marketplace=market, external_id=sent["id"], name=sent["name"])

    @cached_property
    def listings(self) -> list[Listing] | None:
        if (urls := self._data.get("listings")) is None:
            return None
        return [Listing(position=number, url=url) for number, url in enumerate(urls, start=1)]


def disclosed(referrals: Collection[Referral]) -> list[tuple[Referral, DisclosedCase | SentCase]]:
    """Return the referrals, each with what its agency may see of the case.

    For a live referral that is the current case, otherwise the case as it was sent. The number of queries does not
    depend on the number of referrals.
    """
    ended = _sent([one for one in referrals if one.status not in REFERRAL_LIVE])
    return [(one, ended.get(one.pk) or DisclosedCase(one.case, one.agency)) for one in referrals]


def for_referral(referral: Referral) -> SentCase:
    """Return the case as it was sent to the agency of an ended referral."""
    return _sent([referral])[referral.pk]


def _sent(referrals: Collection[Referral]) -> dict[int, SentCase]:
    payloads = _payloads(referrals)
    slugs = {
        p["case"]["seller"]["marketplace"] for ps in payloads.values() for p in ps if _has_seller(p)
    }
    names = {m.slug: str(m) for m in Marketplace.objects.filter(slug__in=slugs)} if slugs else {}
    return {one.pk: SentCase(one, payloads[one.pk], names) for one in referrals}


def _payloads(referrals: Collection[Referral]) -> dict[int, list[dict[str, Any]]]:
    """Return the first and the last payload of each referral. Only the first has the listings."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    if referrals:
        ends = Q(sequence=1) | Q(sequence=F("referral__update_sequence"))
        rows = Update.objects.filter(ends, referral__in=[one.pk for one in referrals])
        for pk, payload in rows.order_by("sequence").values_list("referral_id", "payload"):
            found[pk].append(payload)
    return found


def _has_seller(payload: dict[str, Any]) -> bool:
    return "seller" in payload["case"]


def events(referral: Referral) -> list[tuple[CaseEvent, bool]]:
    """Return the events that were sent to the agency of an ended referral, latest first.

    Each is a pair of the event and whether its note was sent too.
    """
    rows = referral.updates.order_by("-sequence")[:MAX_EVENTS]
    with_note = {
        version: "note" in payload
        for version, payload in rows.values_list("case_version", "payload")
    }
    events = CaseEvent.objects.filter(case=referral.case_id, sequence__in=with_note)
    events = with_reasons(events).order_by("-sequence")
    return [(event, with_note[event.sequence]) for event in events]
