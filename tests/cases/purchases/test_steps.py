"""The steps of a test purchase: every verb × status × actor, idempotence, corrections, days, disposal."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from alliance.lib import clock
from alliance.lib.refusals import Conflict, NotAllowed, Refusal
from cases.forms.purchases import FORMS, DisposeForm
from cases.models import TestPurchase, TestPurchaseEvent
from cases.services import filing
from cases.services.purchases import core, ending, in_cases, planning, steps
from cases.states import PURCHASE_TRANSITIONS, PurchaseStatus
from members.models import Member, Membership, User
from tests import factories
from tests.batches import undone
from tests.personas import Personas

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
# Who may use the verbs. The filer has proposed the disposal, so only the owner can confirm it.
ACTORS = {"filer": True, "owner": True} | dict.fromkeys(
    ("viewer", "stranger", "moderator", "officer", "admin"), False
)


def call(verb: str, purchase: TestPurchase, by: User) -> Any:
    """Call the service of ``verb`` with complete arguments."""
    today, who = clock.today(), {"purchase": purchase, "by": by}
    order = factories.order_facts(order_number="NO-1")
    calls: dict[str, Callable[[], Any]] = {
        "order": lambda: steps.order(**who, **order),
        "receive": lambda: steps.receive(**who, received_on=today),
        "examine": lambda: steps.examine(
            **who, examined_on=today, verdict="genuine", examiner="Lab"
        ),
        "store": lambda: steps.store(
            **who, stored_on=today, storage_place="Shelf 7", keep_until=today
        ),
        "propose_disposal": lambda: ending.propose_disposal(**who, disposal_method="returned"),
        "keep": lambda: ending.keep(**who),
        "dispose": lambda: ending.dispose(**who, disposed_on=today),
        "cancel": lambda: ending.cancel(**who, cancel_reason="Sold out."),
    }
    return calls[verb]()


def state(purchase: TestPurchase) -> tuple[Any, ...]:
    row = TestPurchase.objects.filter(pk=purchase.pk).values().get()
    return row, list(purchase.events.values_list("kind", flat=True))


@pytest.mark.parametrize("status", PurchaseStatus.values)
def test_transitions(status: str, personas: Personas) -> None:
    """Each verb does what the table says. A refused call changes nothing, a repeated one does nothing more."""
    until = clock.today() - DAY
    purchase = factories.purchase(
        status, of=personas.brand, by=personas.filer, second=personas.owner, keep_until=until
    )
    wrong = []
    for verb, (sources, target) in PURCHASE_TRANSITIONS.items():
        for actor, may in ACTORS.items():
            with undone():
                wrong += differences(
                    verb, status, purchase, getattr(personas, actor), may, sources, target
                )
    assert not wrong, "\n".join(wrong)


def differences(
    verb: str, status: str, purchase: TestPurchase, by: User, may: bool, sources: Any, target: str
) -> list[str]:
    before, what = state(purchase), f"{verb} from {status} by {by.name}"
    is_proposer = verb == "dispose" and by.pk == purchase.disposal_proposed_by_id
    repeats = (verb == "keep" and status == "stored") or (
        verb == "dispose" and status == "disposed" and by.pk == purchase.disposed_by_id
    )
    try:
        call(verb, purchase, by)
    except Refusal as refusal:
        expected = NotAllowed if not may or (is_proposer and status in sources) else Conflict
        if (may and status in sources and not is_proposer) or (may and repeats):
            return [f"{what}: {refusal}"]
        found = [] if isinstance(refusal, expected) else [f"{what}: {type(refusal)}"]
        return found + ([] if state(purchase) == before else [f"{what} changed something"])
    if not may or (status not in sources and not repeats) or (is_proposer and not repeats):
        return [f"{what} was not refused"]
    after = state(purchase)
    call(verb, purchase, by)
    moved = after[0]["status"] == (status if repeats else target)
    return [] if moved and state(purchase) == after else [f"{what}: {after}"]


def test_events_say_who_when_and_what(personas: Personas) -> None:
    purchase = factories.purchase(
        "disposed", of=personas.brand, by=personas.filer, second=personas.owner
    )
    kinds = [
        "planned",
        "ordered",
        "received",
        "examined",
        "stored",
        "disposal_proposed",
        "disposed",
    ]
    events = list(purchase.events.all())
    assert [event.kind for event in events] == kinds
    assert [event.sequence for event in events] == list(range(1, 8))
    assert {event.actor_label for event in events[:-1]} == {personas.filer.name}
    assert events[-1].actor_label == personas.owner.name


def test_goods_are_kept_for_three_years() -> None:
    purchase = factories.purchase("stored")
    assert purchase.examined_on
    assert purchase.keep_until == steps.kept_for(purchase.examined_on)
    assert steps.kept_for(date(2024, 2, 29)) == date(2027, 3, 1)
    assert steps.kept_for(date(2026, 7, 1)) == date(2029, 7, 1)


def test_corrections_keep_the_old_values(personas: Personas) -> None:
    purchase = factories.purchase("ordered", of=personas.brand, by=personas.filer)
    by = personas.owner
    seen = core.version(purchase, "order")
    correct: dict[str, Any] = {"purchase": purchase, "by": by, "step": "order"}
    assert steps.correct(**correct, seen=seen, order_number="NO-2", quantity=2)
    assert not steps.correct(**correct, seen=seen, order_number="NO-2", quantity=2)
    event = purchase.events.get(kind=TestPurchaseEvent.Kind.CORRECTED)
    assert event.data == {
        "step": "order",
        "changed": {"order_number": [purchase.order_number, "NO-2"], "quantity": ["1", "2"]},
    }
    with pytest.raises(core.PurchaseChanged):
        steps.correct(**correct, seen=seen, order_number="NO-3")
    with pytest.raises(Conflict):
        steps.correct(purchase=purchase, by=by, step="receive", carrier="Post")
    for role in ("viewer", "stranger"):
        with pytest.raises(NotAllowed):
            steps.correct(**correct | {"by": getattr(personas, role)}, order_number="NO-4")
    assert purchase.history.filter(order_number="NO-2").exists()  # type: ignore[attr-defined]
    for status in ("cancelled", "disposed", "disposal_proposed"):
        ended = factories.purchase(status, of=personas.brand, by=personas.filer)
        with pytest.raises(Conflict):
            steps.correct(purchase=ended, by=by, step="plan", note="Later.")


def test_date_of_keeping_follows_the_examination() -> None:
    """A corrected day of the examination moves the computed date, but not one that somebody has chosen."""
    purchase = factories.purchase("stored", days_ago=10)
    assert purchase.examined_on
    who: dict[str, Any] = {"purchase": purchase, "by": purchase.planned_by}
    day, until = purchase.examined_on + DAY, purchase.keep_until
    steps.correct(**who, step="examine", examined_on=day)
    purchase.refresh_from_db()
    assert purchase.keep_until == steps.kept_for(day)
    changed = purchase.events.get(kind="corrected").data["changed"]
    assert changed["keep_until"] == [str(until), str(purchase.keep_until)]
    chosen = day + 30 * DAY
    steps.correct(**who, step="store", keep_until=chosen)
    steps.correct(**who, step="examine", examined_on=day + DAY)
    purchase.refresh_from_db()
    assert (purchase.examined_on, purchase.keep_until) == (day + DAY, chosen)


def test_today_is_that_of_the_user() -> None:
    purchase = factories.purchase()
    # It is already the next day in New Zealand.
    noon = datetime.combine(clock.today(), time(13), UTC)
    with clock.at(noon), timezone.override("Pacific/Auckland"):
        form = FORMS["order"](purchase=purchase)
        assert form.initial["ordered_on"] == noon.date() + DAY
        facts = factories.order_facts(ordered_on=noon.date() + DAY)
        late = FORMS["order"]({**facts, "ordered_on": noon.date() + 2 * DAY}, purchase=purchase)
        form = FORMS["order"](facts, purchase=purchase)
        assert (form.is_valid(), late.is_valid()) == (True, False)
        steps.order(purchase=purchase, by=purchase.planned_by, **form.facts)
        assert DisposeForm(purchase=purchase)["disposed_on"].value() == noon.date() + DAY


def test_shop_is_that_of_a_case_with_the_same_url(personas: Personas) -> None:
    """A URL names its shop as in a filing. With an ID that is too long, or without one, the shop is asked for."""

    def shop_of(url: str) -> str:
        facts: dict[str, Any] = {"brand": personas.brand, "by": personas.filer}
        planned = planning.plan(**facts, token=uuid.uuid4(), listing_url=url, seller_name="Shop")
        return planned.seller.external_id

    assert shop_of("https://www.silk.example/p/1") == shop_of("https://silk.example/p/2")
    for url in (
        f"https://sites.google.com/view/{'a' * 150}/home",
        factories.listing_urls(factories.marketplace(), 1)[0],
    ):
        with pytest.raises(core.InvalidFact) as refused:
            shop_of(url)
        assert refused.value.field == "shop"


def test_impossible_facts_are_refused() -> None:
    purchase = factories.purchase("received")
    who: dict[str, Any] = {"purchase": purchase, "by": purchase.planned_by}
    today = clock.today()
    facts = {"examined_on": today, "verdict": "fake", "indicators": "x", "examiner": "Lab"}
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("examined_on", {"examined_on": today + 2 * DAY}),
        ("examined_on", {"examined_on": today - 20 * DAY}),
        ("examined_on", {"examined_on": date(202, 1, 1)}),
        ("examiner", {"examiner": ""}),
        ("indicators", {"indicators": ""}),
    ]
    for field, change in wrong:
        with pytest.raises(core.InvalidFact) as refused:
            steps.examine(**who, **facts | change)
        assert refused.value.field == field
    # The order cannot move behind the arrival.
    with pytest.raises(core.InvalidFact):
        steps.correct(**who, step="order", ordered_on=today)
    other = factories.purchase("examined")
    with pytest.raises(core.InvalidFact):
        steps.store(
            purchase=other,
            by=other.planned_by,
            stored_on=today,
            storage_place="Shelf 7",
            keep_until=today - 20 * DAY,
        )
    purchase.refresh_from_db()
    assert purchase.status == "received"


def test_suspended_member_and_agents() -> None:
    """An agent with an authorisation may write; a suspended member may not."""
    purchase = factories.purchase("ordered")
    agent = factories.agent(purchase.member)
    Membership.objects.filter(user=agent).update(role="filer")
    steps.receive(purchase=purchase, by=agent, received_on=clock.today())
    agent.authorisations.update(valid_until=clock.today() - DAY)  # type: ignore[attr-defined]
    facts = {"examined_on": clock.today(), "verdict": "unclear", "examiner": "Lab"}
    with pytest.raises(NotAllowed):
        steps.examine(purchase=purchase, by=agent, **facts)
    Member.objects.filter(pk=purchase.member_id).update(
        status="suspended", suspended_on=clock.today()
    )
    with pytest.raises(NotAllowed):
        steps.examine(purchase=purchase, by=purchase.planned_by, **facts)


def test_goods_that_are_needed_are_not_disposed_of() -> None:
    """Not before their date, nor while a case is undecided or an agency works on it."""
    kept = factories.purchase("stored", keep_until=clock.today())
    with pytest.raises(Refusal, match="kept until"):
        call("propose_disposal", kept, kept.planned_by)
    supporting = factories.purchase_in_case("stored", keep_until=clock.today() - DAY)
    purchase, by = supporting.purchase, supporting.purchase.planned_by
    with pytest.raises(Refusal, match=supporting.case.reference):
        call("propose_disposal", purchase, by)
    case = filing.submit(case=supporting.case, by=by, good_faith=True)
    with pytest.raises(Refusal, match=case.reference):
        call("propose_disposal", purchase, by)
    filing.withdraw(case=case, by=by)
    call("propose_disposal", purchase, by)
    referral = factories.referred_case(citing=case.right, against=case.seller)
    in_cases.PurchaseInCase.objects.create(purchase=purchase, case=referral.case, added_by=by)
    other = factories.filer(purchase.member)
    with pytest.raises(Refusal, match=referral.case.reference):
        call("dispose", purchase, other)
    type(referral).objects.filter(pk=referral.pk).update(status="concluded")
    assert call("dispose", purchase, other).status == "disposed"
