"""Factories of cases, which call the portal's services in order, so that every state is possible.

Each builder takes the values that matter to a test and invents the rest.
"""

from __future__ import annotations

import uuid
from typing import Any

from cases.marketplaces import addresses
from cases.marketplaces.lookup import Marketplaces
from cases.models import Case, Decision, Evidence, Listing, Marketplace, ReasonCode, Seller
from cases.services import (
    complaint_templates,
    counter_notices,
    decisions,
    evidence,
    filing,
    stated_identifiers,
    triage,
)
from cases.services.hidden_links import Hidden
from members.models import Brand, IPRight, User
from tests.factories import people
from tests.factories.directory import right
from tests.factories.files import png
from tests.factories.numbers import number
from tests.factories.people import filer_of
from tests.factories.sellers import reason, seller


def listing_urls(of: Marketplace, count: int) -> list[str]:
    """Return URLs of listings that are in no case yet."""
    return [f"https://{of.hosts[0]}/item/{1_000_000 + number()}" for _ in range(count)]


def draft_case(
    *,
    by: User | None = None,
    of: Brand | None = None,
    citing: IPRight | None = None,
    against: Seller | None = None,
    listings: int = 2,
    urls: list[str] | None = None,
    files: int = 1,
    **fields: Any,
) -> Case:
    """A complete draft. ``files`` and ``listings`` may be 0."""
    citing = citing or right(of)
    of = of or citing.brand
    by = by or filer_of(of.member)
    against = against or seller()
    values: dict[str, Any] = {
        "violation": "counterfeit",
        "jurisdiction": "CN",
        "goods_class": 25,
        "infringement_in": ["product"],
        "explanation": "The label is misspelt and the seams are glued.",
    }
    case = filing.start_draft(by=by, token=uuid.uuid4(), brand=of, right=citing, **values | fields)
    if urls is None:
        urls = listing_urls(against.marketplace, listings)
    if urls:
        reading = addresses.parse_text("\n".join(urls), Marketplaces.all())
        assert not reading.mistakes, reading.mistakes
        case = filing.set_listings(
            case=case,
            by=by,
            marketplace=against.marketplace,
            seller_id=against.external_id,
            seller_name=against.name,
            shop_url=against.shop_url,
            addresses=reading.addresses,
        )
    for _ in range(files):
        evidence.add(case=case, by=by, upload=png(), kind=Evidence.Kind.SCREENSHOT)
    return case


def stated_case() -> Case:
    """A case that states a hidden link and an identifier of the seller, and whose complaint is kept as a template."""
    case = draft_case(hidden=Hidden("A live stream", "Variant B", "A copy of the bag"))
    stated_identifiers.replace(case, {"phone": ["+86 139 1234 5678"]}, [])
    complaint_templates.save(case=case, by=case.created_by, name=f"Bags {number()}")
    return filing.submit(case=case, by=case.created_by, good_faith=True)


def submitted_case(**draft: Any) -> Case:
    """A case in the queue. Takes the keyword arguments of :func:`draft_case`."""
    case = draft_case(**draft)
    return filing.submit(case=case, by=case.created_by, good_faith=True)


def claimed_case(*, moderator: User | None = None, case: Case | None = None, **draft: Any) -> Case:
    """A case in review, claimed by ``moderator`` (``case.assignee``)."""
    case = case or submitted_case(**draft)
    return triage.claim(case=case, by=moderator or people.moderator())


def information_requested_case(*, moderator: User | None = None, **draft: Any) -> Case:
    """A case with an information request."""
    case = claimed_case(moderator=moderator, **draft)
    return triage.request_information(
        case=case,
        by=_assignee(case),
        reason=reason(ReasonCode.Use.REQUEST),
        note="A photo of the inner label, please.",
    )


def ready_case(*, moderator: User | None = None, left_up: int = 0, **draft: Any) -> Case:
    """A claimed case with decided listings: the first ``left_up`` are left up, the others removed."""
    case = claimed_case(moderator=moderator, **draft)
    outcomes = {
        pk: Listing.Outcome.LEAVE_UP if i < left_up else Listing.Outcome.REMOVE
        for i, pk in enumerate(case.listings.order_by("position").values_list("pk", flat=True))
    }
    return decisions.decide_listings(case=case, by=_assignee(case), outcomes=outcomes)


def upheld_case(*, moderator: User | None = None, left_up: int = 0, **draft: Any) -> Case:
    """An upheld case with removal requested for its listings."""
    case = ready_case(moderator=moderator, left_up=left_up, **draft)
    return decisions.uphold(
        case=case,
        by=_assignee(case),
        reason=reason(ReasonCode.Use.UPHOLD),
        ground=Decision.Ground.ILLEGAL_CONTENT,
        facts="The test purchase shows a forged label.",
        expected_version=case.version,
        left_up_reason=reason(ReasonCode.Use.REJECT) if left_up else None,
    )


def rejected_case(*, moderator: User | None = None, **draft: Any) -> Case:
    """A rejected case."""
    case = claimed_case(moderator=moderator, **draft)
    return decisions.reject(
        case=case,
        by=_assignee(case),
        reason=reason(ReasonCode.Use.REJECT),
        facts="The goods shown are genuine.",
        expected_version=case.version,
    )


def removed_case(*, moderator: User | None = None, **draft: Any) -> Case:
    """An upheld case whose listings were removed by the marketplace."""
    moderator = moderator or people.moderator()
    return decisions.record_removal(case=upheld_case(moderator=moderator, **draft), by=moderator)


def counter_noticed_case(
    *, moderator: User | None = None, answered: bool = False, **draft: Any
) -> Case:
    """A case with a counter-notice; with ``answered``, the member has answered it."""
    moderator = moderator or people.moderator()
    case = decisions.record_counter_notice(
        case=removed_case(moderator=moderator, **draft),
        by=moderator,
        statement="These goods were bought from the maker.",
    )
    return answered_counter_notice(case) if answered else case


def answered_counter_notice(case: Case) -> Case:
    """Answer the open counter-notice as the filer, and return the case."""
    return counter_notices.answer(
        case=case, by=case.created_by, note="The maker never sold to this shop."
    )


def reinstated_case(
    *, moderator: User | None = None, second: User | None = None, **draft: Any
) -> Case:
    """A case with an accepted counter-notice, decided by ``second``, not the first moderator."""
    return decisions.reinstate(
        case=counter_noticed_case(moderator=moderator, answered=True, **draft),
        by=second or people.moderator(),
        facts="The invoices of the maker are in order.",
    )


def closed_case(*, moderator: User | None = None, reinstated: bool = False, **draft: Any) -> Case:
    """A closed case with removed or, if ``reinstated``, reinstated listings."""
    moderator = moderator or people.moderator()
    ended = reinstated_case if reinstated else removed_case
    return decisions.close(case=ended(moderator=moderator, **draft), by=moderator)


def withdrawn_case(**draft: Any) -> Case:
    """A submitted case that its member withdrew."""
    case = submitted_case(**draft)
    return filing.withdraw(case=case, by=case.created_by, note="Filed by mistake.")


# One builder for every status of a case.
CASE_IN = {
    "draft": draft_case,
    "submitted": submitted_case,
    "in_review": claimed_case,
    "information_requested": information_requested_case,
    "upheld": upheld_case,
    "rejected": rejected_case,
    "removed": removed_case,
    "counter_noticed": counter_noticed_case,
    "reinstated": reinstated_case,
    "closed": closed_case,
    "withdrawn": withdrawn_case,
}


def _assignee(case: Case) -> User:
    assert case.assignee is not None
    return case.assignee
