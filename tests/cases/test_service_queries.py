"""The number of queries of each step of a case, which does not grow with the number of listings.

One query of each event that the member sees looks for the webhooks of the member, and one of each step of a moderator for
a decision that is held.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alliance.lib import clock
from cases.liaison.models import Operation
from cases.marketplaces import addresses
from cases.marketplaces.lookup import Marketplaces
from cases.models import Case, CaseEvent, Decision, Listing, ReasonCode
from cases.services import decisions, evidence, filing, operations, referral
from members.models import User
from tests import factories
from tests.personas import Personas

pytestmark = pytest.mark.django_db


@contextmanager
def at_most(number: int) -> Iterator[None]:
    """Fail if the block makes more than ``number`` queries, not counting savepoints."""
    with CaptureQueriesContext(connection) as captured:
        yield
    made = [one["sql"] for one in captured if "SAVEPOINT" not in one["sql"]]
    assert len(made) <= number, "\n".join(made)


@pytest.fixture(params=[1, 7])
def count(request: pytest.FixtureRequest) -> Any:
    """The number of listings of the case."""
    return request.param


def moderator_of(case: Case) -> User:
    assert case.assignee is not None
    return case.assignee


def start(personas: Personas, **more: Any) -> Case:
    return filing.start_draft(
        by=personas.filer,
        token=uuid.uuid4(),
        brand=personas.right.brand,
        right=personas.right,
        violation="counterfeit",
        jurisdiction="CN",
        goods_class=25,
        explanation="The label is misspelt.",
        **more,
    )


def test_starting_a_draft(personas: Personas) -> None:
    with at_most(5):
        start(personas)


def test_setting_and_replacing_listings(personas: Personas, count: int) -> None:
    case, seller = start(personas), factories.seller()
    urls = factories.listing_urls(seller.marketplace, count)

    def set_listings(urls: list[str], most: int) -> None:
        parsed = addresses.parse_text("\n".join(urls), Marketplaces.all()).addresses
        with at_most(most):
            filing.set_listings(
                case=case,
                by=personas.filer,
                marketplace=seller.marketplace,
                seller_id=seller.external_id,
                seller_name=seller.name,
                shop_url=seller.shop_url,
                addresses=parsed,
            )

    set_listings(urls, most=9)
    set_listings(urls, most=7)  # as autosave does: nothing has changed
    other = factories.listing_urls(seller.marketplace, 1)
    set_listings([*urls[1:], *other], most=13)
    assert list(case.listings.order_by("position").values_list("url", flat=True)) == [
        *urls[1:],
        *other,
    ]


def test_adding_evidence(personas: Personas) -> None:
    case = factories.draft_case(by=personas.filer, citing=personas.right, files=1)
    upload = factories.png(seed=5)
    # The checks twice, before and after the file is written, and the first entry in the chain of custody.
    with at_most(14):
        evidence.add(case=case, by=personas.filer, upload=upload, kind="screenshot")
    with at_most(3):
        evidence.add(case=case, by=personas.filer, upload=factories.png(seed=5), kind="screenshot")


def test_submitting(personas: Personas, count: int) -> None:
    case = factories.draft_case(by=personas.filer, citing=personas.right, listings=count)
    with at_most(21):  # four of them record the shop's name, which no case has named yet
        filing.submit(case=case, by=personas.filer, good_faith=True)
    again = factories.draft_case(
        by=personas.filer, citing=personas.right, listings=count, against=case.seller
    )
    with at_most(17):
        filing.submit(case=again, by=personas.filer, good_faith=True)
    assert CaseEvent.objects.get(case=again).data == {"listings": count}


@pytest.mark.parametrize("leave_up", [0, 1])
def test_upholding(leave_up: int, count: int) -> None:
    case = factories.claimed_case(listings=count + 1)
    keys = list(case.listings.order_by("position").values_list("pk", flat=True))
    outcomes: dict[int, str] = dict.fromkeys(keys, Listing.Outcome.REMOVE)
    outcomes |= dict.fromkeys(keys[:leave_up], Listing.Outcome.LEAVE_UP)
    reason, left_up_reason = factories.reason(), factories.reason(ReasonCode.Use.REJECT)
    with at_most(13 + leave_up):
        decisions.uphold(
            case=case,
            by=moderator_of(case),
            reason=reason,
            ground=Decision.Ground.ILLEGAL_CONTENT,
            facts="The label is misspelt.",
            expected_version=case.version,
            outcomes=outcomes,
            left_up_reason=left_up_reason if leave_up else None,
        )
    events = list(case.events.order_by("sequence").values_list("sequence", "kind"))
    assert events[-2:] == [
        (case.version + 1, "upheld"),
        (case.version + 2, "strike_issued"),
    ]
    assert Case.objects.get(pk=case.pk).version == case.version + 2


def test_rejecting() -> None:
    case = factories.claimed_case()
    reason = factories.reason(ReasonCode.Use.REJECT)
    with at_most(11):
        decisions.reject(
            case=case,
            by=moderator_of(case),
            reason=reason,
            facts="The goods are genuine.",
            expected_version=case.version,
        )


@pytest.mark.parametrize(
    ("step", "before", "most"),
    [
        (decisions.record_removal, factories.upheld_case, 10),
        (decisions.close, factories.removed_case, 10),
    ],
)
def test_ending(step: Callable[..., Case], before: Callable[..., Case], most: int) -> None:
    moderator = factories.moderator()
    case = before(moderator=moderator)
    with at_most(most):
        step(case=case, by=moderator)


def test_referring_and_answering() -> None:
    moderator, agency = factories.moderator(), factories.agency()
    officer = factories.officer(agency)
    case = factories.upheld_case(moderator=moderator)
    with at_most(18):
        made = referral.refer(case=case, by=moderator, agency=agency)
    assert made.updates.get().case_version == case.version + 1
    with at_most(8):
        referral.answer(referral=made, by=officer, verb="acknowledge")


@pytest.mark.parametrize("cases", [1, 3])
def test_operations(cases: int) -> None:
    """Each case adds the queries that its events need, and no others."""
    agency = factories.agency()
    officer = factories.officer(agency)
    made = [factories.accepted_referral(agency, officer=officer) for _number in range(cases)]
    officer = User.objects.select_related("officer__agency").get(pk=officer.pk)
    with at_most(5 + 4 * cases):
        operation = operations.report(
            by=officer,
            referrals=made,
            token=uuid.uuid4(),
            kind=Operation.Kind.RAID,
            held_on=clock.today(),
            country="CN",
            place="Yiwu",
            premises_closed=1,
            arrests=0,
            items_seized=0,
            value_cny=Decimal(0),
            value_basis=Operation.Basis.GENUINE_RETAIL,
        )
    by = factories.moderator()
    with at_most(6 + 7 * cases):
        operations.verify(operation=operation, by=by)
    for one in made:
        case = Case.objects.get(pk=one.case_id)
        kinds = case.events.order_by("-sequence").values_list("sequence", "kind", "audience")[:2]
        assert list(kinds) == [
            (case.version, "operation_verified", ["member"]),
            (case.version - 1, "operation_verified", ["liaison"]),
        ]
        assert one.updates.latest("sequence").case_version == case.version - 1
