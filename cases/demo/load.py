"""Loads the demo alliance: one transaction, so that it is there whole or not at all."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import structlog
from django.db import connection, transaction
from django.db.models import F, Min, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from cases.demo import (
    agencies,
    channels,
    deadlines,
    disclosure,
    listings,
    market,
    operations,
    organisations,
)
from cases.demo.clockwork import Story, replay
from cases.demo.liaison_stories import operate, refer
from cases.demo.logins import MARKER
from cases.demo.plans import CasePlan, Planner
from cases.demo.screenshots import Studio
from cases.demo.stories import CaseStory
from cases.demo.world import People, World
from cases.figures import impact
from cases.liaison.delivery.stream import relay
from cases.liaison.models import Channel, Operation
from cases.models import Case, OutgoingMail, ReasonCode, Seller
from cases.states import OperationStatus
from members.models import Member, Membership, User

log = structlog.get_logger(__name__)

SEED = 20170116  # the day the alliance was founded
FOUNDED_YEARS_AGO = timedelta(days=9 * 365)
# E-mails of steps that are older than this were read long ago; the newest are really sent.
READ_BY_NOW = timedelta(days=1)
_LOCK = 0x64_65_6D_6F


class NotEmpty(Exception):
    """The database holds members that are not the demo's."""


def is_loaded() -> bool:
    """Say whether the demo alliance is there."""
    return User.objects.filter(email=MARKER).exists()


def load(tell: Callable[[str], None] = lambda text: None) -> bool:
    """Load the demo alliance, unless it is there; return whether it was loaded now.

    Everything is dated relative to this moment. ``tell`` is given a line for each part of the work.
    Raises :class:`NotEmpty` rather than mixing invented members with real ones.
    """
    studio = Studio()
    try:
        with transaction.atomic():
            _alone()
            if is_loaded():
                return False
            if Member.objects.exists():
                raise NotEmpty
            _write(tell, studio)
    except BaseException:
        # The rows are rolled back; files know nothing of transactions.
        studio.throw_away()
        raise
    tell("Updates to the agencies' streams")
    deliver()
    return True


def deliver() -> int:
    """Push what is due to the agencies' streams, here and now; return how many updates that were.

    Where Redis does not answer they stay for the workers.
    """
    sent = 0
    streams = Channel.objects.filter(kind=Channel.Kind.STREAM)
    for channel in streams.order_by("pk").values_list("pk", flat=True):
        sent += relay.drain(channel)
        if Channel.objects.get(pk=channel).failures:
            break
    return sent


def summary() -> str:
    """Return what is there, in a line."""
    members = Member.objects.public()
    countries = members.order_by().values("country").distinct().count()
    verified = Operation.objects.filter(status=OperationStatus.VERIFIED).count()
    return (
        f"{members.count()} members from {countries} countries and regions, "
        f"{Case.objects.count()} cases, {verified} verified operations"
    )


def _alone() -> None:
    """Two loads at once would both find nothing: the second waits here and then finds everything."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _write(tell: Callable[[str], None], studio: Studio) -> None:
    now = timezone.now().replace(second=0, microsecond=0)
    tell("Members, shops and agencies")
    world = _world(now)
    planner = Planner(world)
    everyday = planner.everyday()
    docket = operations.plan(planner, everyday)
    cases = [*everyday, *docket.cases]
    tell(f"Two years of {len(cases)} cases")
    stories: list[Story] = [CaseStory(world, plan, studio).tell() for plan in cases]
    stories += [refer(world, plan) for plan in docket.referrals]
    stories += [operate(world, plan) for plan in docket.operations]
    with _without_savepoints():
        replay(stories, until=now)
    _finish(world, cases)


@contextmanager
def _without_savepoints() -> Iterator[None]:
    """Leave out the savepoint of every service call: any error ends the whole load anyway."""
    features = connection.features
    before = features.uses_savepoints
    features.uses_savepoints = False
    try:
        yield
    finally:
        features.uses_savepoints = before


def _world(now: datetime) -> World:
    rng = random.Random(SEED)  # noqa: S311 - the same demo every time, nothing secret
    world = World(now=now, rng=rng)
    world.reasons = {reason.code: reason for reason in ReasonCode.objects.all()}
    people = People(rng, joined=now - FOUNDED_YEARS_AGO)
    world.people = people.named
    _appoint(world, people)
    world.organisations = organisations.make(world, people)
    memberships = organisations.staff(world, people)
    officers = agencies.make(world, people)
    channels.make(world)
    deadlines.agree(world)
    disclosure.agree(world)
    people.save()
    Membership.objects.bulk_create(memberships)
    agencies.appoint(world, officers)
    organisations.rights(world)
    market.make(world)
    return world


def _appoint(world: World, people: People) -> None:
    """Make moderators, two of them with a login for everybody, and the admin."""
    named = people.named
    others = [people.somebody(country, "alliance.example") for country in ("CN", "GB", "CN")]
    world.moderators = [named["moderator"], named["moderator2"], *others]
    for moderator in world.moderators:
        moderator.is_moderator = True
    named["admin"].is_staff = named["admin"].is_superuser = True


def _finish(world: World, cases: list[CasePlan]) -> None:
    """What no service does: prices seen on the day, shops' first sighting, old e-mail, who left, what was sent."""
    listings.describe(world, cases)
    first = Case.objects.filter(seller=OuterRef("pk")).order_by().values("seller")
    seen = first.annotate(at=Min("created_at")).values("at")
    Seller.objects.update(first_seen_at=Coalesce(Subquery(seen), world.now - timedelta(days=60)))
    OutgoingMail.objects.filter(created_at__lt=world.now - READ_BY_NOW, sent_at=None).update(
        sent_at=F("created_at"), attempts=1
    )
    organisations.send_away(world)
    disclosure.meet(world)
    channels.settle(world)
    deadlines.look(world)
    impact.publish_if_due()
