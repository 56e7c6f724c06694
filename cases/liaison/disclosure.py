"""What an agency may see of a case: one rule for the updates sent to it and for the pages of its officers.

``Agency.discloses`` lists what it may see; everything else is withheld. The content of an update is decided
at commit and never changes afterwards. The pages follow the current setting. The reference, status and times
of the case and the referral, the violation, the jurisdiction and the seller's country are always visible.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Protocol, TypeVar

from django.db.models import QuerySet

from cases.liaison.models import Agency, Disclosed, Referral
from cases.models import Case, CaseEvent, Evidence, HiddenLink, Listing, Seller
from cases.models.event import Audience
from cases.states import REFERRAL_LIVE
from members.models import Brand, IPRight, Member

T = TypeVar("T")
OTHERS_SHOWN = 20


class DisclosedCase:
    """What ``agency`` may see of ``case``. A property is ``None`` if the agency may not see it.

    The pages for officers take these parts of a case from this class. Load ``case`` with its member, brand,
    right and seller; otherwise they are queried.
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
        """The title of the right, usually the brand's name; ``""`` unless the agency may see both."""
        return self._case.right.title if self.right and self.brand else ""

    @property
    def seller(self) -> Seller | None:
        return self._case.seller if self.agency.may_see(Disclosed.SELLER) else None

    @property
    def seller_country(self) -> Any:
        """The seller's country or region, which every agency may see; empty if it is unknown."""
        return self._case.seller.country if self._case.seller else None

    @property
    def listings(self) -> QuerySet[Listing] | None:
        return self._if(Disclosed.LISTINGS, self._case.listings.order_by("position"))

    @property
    def explanation(self) -> str | None:
        return self._if(Disclosed.NOTE, self._case.explanation)

    @property
    def hidden_link(self) -> HiddenLink | None:
        """The statements about a hidden link. They are part of the explanation."""
        return self._if(Disclosed.NOTE, getattr(self._case, "hidden_link", None))

    @property
    def evidence(self) -> QuerySet[Evidence] | None:
        return self._if(Disclosed.EVIDENCE, self._case.evidence.select_related("preview"))

    @property
    def withheld(self) -> list[Disclosed]:
        """What the agency may not see, in the order of the choices."""
        return [what for what in Disclosed if not self.agency.may_see(what)]

    def may_read_note(self, event: CaseEvent) -> bool:
        """Whether the agency may read the note of ``event``."""
        return may_read_note(event, self.agency)

    @cached_property
    def other_agencies(self) -> list[Agency]:
        """Other agencies that work on the same seller, where both sides let each other know."""
        if self.seller is None or not self.agency.shares_interest:
            return []
        return other_agencies(seller_id=self.seller.pk, agency_id=self.agency.pk)


def other_agencies(*, seller_id: int, agency_id: int) -> list[Agency]:
    """Return the other agencies that share their interest and work on this seller now.

    At most :data:`OTHERS_SHOWN`, by name.
    """
    others = Agency.objects.filter(
        is_active=True,
        shares_interest=True,
        referrals__status__in=REFERRAL_LIVE,
        referrals__case__seller=seller_id,
    )
    others = others.exclude(pk=agency_id).order_by("name", "pk").distinct()
    return list(others[:OTHERS_SHOWN])


class MaySee(Protocol):
    """An agency, or the :class:`Recipient` of an update."""

    def may_see(self, what: str) -> bool:
        """Return whether ``what``, one of :class:`Disclosed`, is shown."""


def may_read_note(event: CaseEvent, reader: MaySee) -> bool:
    """Return whether ``reader`` may read the note of ``event``. An agency may always read its own."""
    return reader.may_see(Disclosed.NOTE) or event.actor_role == Audience.LIAISON


@dataclass(frozen=True)
class Recipient:
    """A referral that an update is for, with every value the payload may contain. Nothing is withheld yet.

    ``sequence`` is the update's number within the referral. Without a seller, the seller's fields are
    ``None``.
    """

    referral_id: int
    reference: str
    status: str
    acknowledge_by: datetime
    sequence: int
    agency_id: int
    discloses: frozenset[str]
    shares_interest: bool
    member: str
    brand: str
    right_kind: str
    right_office: str
    right_number: str
    seller_id: int | None
    marketplace: str | None
    seller_external_id: str | None
    seller_name: str | None

    @classmethod
    def of(cls, referral: Referral) -> Recipient:
        """Return the recipient of the first update of ``referral``, which need not be saved."""
        case, agency, seller = referral.case, referral.agency, referral.case.seller
        return cls(
            referral_id=referral.pk,
            reference=referral.reference,
            status=referral.status,
            acknowledge_by=referral.acknowledge_by,
            sequence=referral.update_sequence + 1,
            agency_id=agency.pk,
            discloses=frozenset(agency.discloses),
            shares_interest=agency.shares_interest,
            member=case.member.name,
            brand=case.brand.name,
            right_kind=case.right.kind,
            right_office=case.right.office,
            right_number=case.right.number,
            seller_id=seller.pk if seller else None,
            marketplace=seller.marketplace.slug if seller else None,
            seller_external_id=seller.external_id if seller else None,
            seller_name=seller.name if seller else None,
        )

    def may_see(self, what: str) -> bool:
        """Return whether ``what``, one of :class:`Disclosed`, is shown to the agency."""
        return what in self.discloses


def names_sent(to: Recipient) -> dict[str, Any]:
    """Return the names in a payload's ``case`` that the agency may see; the others have no key.

    Other agencies are named only while the agency's own referral is live. The update that ends a referral
    names none.
    """
    part: dict[str, Any] = {}
    if to.may_see(Disclosed.MEMBER):
        part |= {"member": to.member, "brand": to.brand}
    if to.may_see(Disclosed.RIGHT):
        part["right"] = {
            "kind": to.right_kind,
            "office": to.right_office,
            "number": to.right_number,
        }
    if to.seller_id is not None and to.may_see(Disclosed.SELLER):
        part["seller"] = {
            "marketplace": to.marketplace,
            "id": to.seller_external_id,
            "name": to.seller_name,
        }
        if to.shares_interest and to.status in REFERRAL_LIVE:
            others = other_agencies(seller_id=to.seller_id, agency_id=to.agency_id)
            if others:
                part["seller"]["other_agencies"] = [agency.name for agency in others]
    return part
