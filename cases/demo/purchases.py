"""Test purchases of the demo's member in several statuses, by its owner and its filer."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from alliance.lib import clock
from cases.demo import logins
from cases.demo.screenshots import Studio
from cases.demo.world import World
from cases.models import Case, TestPurchase
from cases.services.purchases import ending, files, in_cases, planning, steps
from cases.states import UNDECIDED, Status
from members.models import Product, User

DAY = timedelta(days=1)


class Purchase(NamedTuple):
    """A purchase ``days_ago``, taken to ``status``."""

    days_ago: int
    status: str
    verdict: str = ""
    indicators: str = ""
    price: str = "89.90"


_PURCHASES = (
    Purchase(2, "planned"),
    Purchase(41, "ordered", price="129.00"),
    Purchase(9, "received", price="74.50"),
    Purchase(16, "examined", "fake", "The label is printed, and its letters have no serifs."),
    Purchase(60, "stored", "fake", "The clasp is hollow and weighs 24 g.", "149.00"),
    Purchase(75, "stored", "genuine", "Label, clasp and card are genuine.", "1980.00"),
    Purchase(90, "stored", "unclear", "The lining was removed.", "210.00"),
    # More than three years ago: the goods need no longer be kept, and their disposal waits for the owner.
    Purchase(1130, "disposal_proposed", "fake", "Seven stitches per three centimetres.", "95.00"),
    Purchase(30, "cancelled"),
)


def buy(world: World, studio: Studio) -> None:
    """Create the purchases through the services, each step at its time. One with a fake supports an open case."""
    organisation, by = world.organisation(logins.MEMBER), world.people["filer"]
    brand = organisation.brands[0]
    product = brand.products.order_by("pk").first()
    cases = list(
        Case.objects.filter(brand=brand, seller__isnull=False, listings__isnull=False)
        .exclude(status=Status.WITHDRAWN)
        .select_related("seller__marketplace", "brand__member")
        .distinct()
        .order_by("-pk")[: len(_PURCHASES)]
    )
    # The purchase with a fresh verdict is of the seller of an undecided case, if there is one.
    cases.sort(key=lambda case: case.status not in UNDECIDED)
    order = [3, 0, 1, 2, *range(4, len(_PURCHASES))]
    for place, case in zip(order, cases, strict=False):
        made = _buy(world, _PURCHASES[place], case, product, by, studio)
        if made.verdict == "fake" and case.status in UNDECIDED:
            with clock.at(_after_events(case, world)):
                in_cases.add_to_case(purchase=made, case=case, by=by)
            studio.stored += [file.file for file in case.evidence.all()]


def _after_events(case: Case, world: World) -> datetime:
    """Return a moment after the last event of ``case``, up to now."""
    last = case.events.order_by("-sequence").values_list("at", flat=True).first()
    return min((last or world.now) + timedelta(minutes=20), world.now)


def _buy(
    world: World, entry: Purchase, case: Case, product: Product | None, by: User, studio: Studio
) -> TestPurchase:
    start = world.now - entry.days_ago * DAY
    assert case.seller
    with clock.at(start):
        made = planning.plan(
            by=by,
            token=uuid.UUID(int=world.rng.getrandbits(128)),
            brand=case.brand,
            product=product,
            listing_url=case.listings.order_by("position")[0].url,
            shop=case.seller.external_id,
            seller_name=case.shop_name,
        )
    if entry.status == "cancelled":
        with clock.at(start + DAY):
            return ending.cancel(purchase=made, by=by, cancel_reason="The listing was removed.")
    verbs = ("ordered", "received", "examined", "stored", "disposal_proposed")
    reached = verbs[: verbs.index(entry.status) + 1] if entry.status in verbs else ()
    for number, step in enumerate(reached):
        # Parcels take a few days; the disposal is proposed today.
        moment = world.now - DAY if step == "disposal_proposed" else start + number * 2 * DAY
        with clock.at(moment):
            made = _advance(made, step, entry, by, studio)
    return made


def _advance(
    made: TestPurchase, step: str, entry: Purchase, by: User, studio: Studio
) -> TestPurchase:
    today, facts = clock.today(), {"purchase": made, "by": by}
    if step == "ordered":
        return _order(made, entry, by)
    if step == "received":
        for kind in ("parcel", "unboxing"):
            upload = studio.parcel(made.reference)
            studio.stored.append(files.add(purchase=made, by=by, upload=upload, kind=kind).file)
        return steps.receive(
            **facts,  # type: ignore[arg-type]
            received_on=today,
            carrier="Example Express",
            tracking_number=f"EX{made.pk:09d}",
            sender_address="Unit 14, Example Logistics Park",
            condition="Undamaged, sealed with clear tape.",
        )
    if step == "examined":
        return steps.examine(
            **facts,  # type: ignore[arg-type]
            examined_on=today,
            verdict=entry.verdict,
            indicators=entry.indicators,
            examiner="Atelier Velmondra, quality control",
        )
    if step == "stored":
        assert made.keep_until
        return steps.store(
            **facts,  # type: ignore[arg-type]
            stored_on=today,
            storage_place=f"Lyon, shelf {made.pk % 40 + 1}",
            seal_number=f"V-{made.pk:05d}",
            keep_until=made.keep_until,
        )
    return ending.propose_disposal(
        **facts,  # type: ignore[arg-type]
        disposal_method=TestPurchase.DisposalMethod.DESTROYED,
    )


def _order(made: TestPurchase, entry: Purchase, by: User) -> TestPurchase:
    more: dict[str, Any] = {"variant": "Chestnut", "deliver_to": "12 rue de l’Exemple, Lyon"}
    return steps.order(
        purchase=made,
        by=by,
        ordered_on=clock.today(),
        order_number=str(3_100_000_000 + made.pk * 7919),
        price=Decimal(entry.price),
        currency="CNY",
        quantity=1,
        **more,
    )
