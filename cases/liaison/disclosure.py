"""What an agency is shown of a case: one rule, for what is sent to it and for what its desk shows.

``Agency.discloses`` names what may be seen; everything else stays away. What is sent is decided at the
commit and never changes afterwards, the desk follows the present setting. A case's and referral's
reference, status and times, the violation, the jurisdiction and the country of the seller are always shown.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, TypeVar

from django.db.models import QuerySet

from cases.liaison.models import Agency, Disclosed
from cases.models import Case, CaseEvent, Evidence, Listing, Seller
from cases.models.event import Audience
from cases.states import REFERRAL_LIVE
from members.models import Brand, IPRight, Member

T = TypeVar("T")
OTHERS_SHOWN = 20


class Shown:
    """What ``agency`` may see of ``case``: ``None`` stands for what it may not.

    Payloads and the pages of the desk take what they show of a case from here. ``case`` brings member,
    brand, right and seller along, or they are looked up.
    """

    def __init__(self, case: Case, agency: Agency) -> None:
        self._case, self.agency = case, agency

    def _if(self, what: Disclosed, value: T) -> T | None:
        return value if self.agency.may_see(what) else None

    @property
    def member(self) -> Member | None:
        return self._case.member if self.agency.may_see(Disclosed.MEMBER) else None

    @property
    def brand(self) -> Brand | None:
        return self._case.brand if self.agency.may_see(Disclosed.MEMBER) else None

    @property
    def right(self) -> IPRight | None:
        return self._case.right if self.agency.may_see(Disclosed.RIGHT) else None

    @property
    def right_title(self) -> str:
        """What the right protects. A mark is mostly the brand's name, so it goes with the brand."""
        return self._case.right.title if self.right and self.brand else ""

    @property
    def seller(self) -> Seller | None:
        return self._case.seller if self.agency.may_see(Disclosed.SELLER) else None

    @property
    def seller_country(self) -> Any:
        """The seller's country or region, which every agency may know; empty when it is not known."""
        return self._case.seller.country if self._case.seller else None

    @property
    def listings(self) -> QuerySet[Listing] | None:
        return self._if(Disclosed.LISTINGS, self._case.listings.order_by("position"))

    @property
    def explanation(self) -> str | None:
        return self._if(Disclosed.NOTE, self._case.explanation)

    @property
    def evidence(self) -> QuerySet[Evidence] | None:
        return self._if(Disclosed.EVIDENCE, self._case.evidence.all())

    @property
    def withheld(self) -> list[Disclosed]:
        """What the agency may not see, in the order of the choices."""
        return [what for what in Disclosed if not self.agency.may_see(what)]

    def says(self, event: CaseEvent) -> bool:
        """Whether the agency reads the words of ``event``: its own in any case."""
        return self.agency.may_see(Disclosed.NOTE) or event.actor_role == Audience.LIAISON

    @cached_property
    def other_agencies(self) -> list[Agency]:
        """Other agencies at work on the same seller, where both sides let each other know."""
        if self.seller is None or not self.agency.shares_interest:
            return []
        others = Agency.objects.filter(
            is_active=True,
            shares_interest=True,
            referrals__status__in=REFERRAL_LIVE,
            referrals__case__seller=self.seller,
        )
        others = others.exclude(pk=self.agency.pk).order_by("name", "pk").distinct()
        return list(others[:OTHERS_SHOWN])


def case_sent(shown: Shown, *, with_listings: bool, with_others: bool) -> dict[str, Any]:
    """Return those parts of a payload's ``case`` that the agency may see; the others have no key.

    ``with_others`` says that the agency's own referral is live: who gives a case back, or has it taken back,
    is not told with that who else works on the seller.
    """
    part: dict[str, Any] = {}
    if shown.member and shown.brand:
        part |= {"member": shown.member.name, "brand": shown.brand.name}
    if right := shown.right:
        part["right"] = {"kind": right.kind, "office": right.office, "number": right.number}
    if seller := shown.seller:
        part["seller"] = {
            "marketplace": seller.marketplace.slug,
            "id": seller.external_id,
            "name": seller.name,
        }
        if with_others and shown.other_agencies:
            part["seller"]["other_agencies"] = [agency.name for agency in shown.other_agencies]
    listings = shown.listings
    if with_listings and listings is not None:
        part["listings"] = list(listings.values_list("url", flat=True))
    return part
