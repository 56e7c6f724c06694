"""Loads the demo data in one transaction."""

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
    admission,
    agencies,
    agents,
    api,
    channels,
    complaint_templates,
    deadlines,
    directory,
    disclosure,
    listings,
    market,
    notifications,
    operations,
    organisations,
    products,
    purchases,
    rights,
    saved_views,
    second_review,
    sheets,
    together,
)
from cases.demo.liaison_stories import operate, refer
from cases.demo.logins import MARKER
from cases.demo.plans import CasePlan, Planner
from cases.demo.scheduler import Story, replay
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

SEED = 20170116
FOUNDED_YEARS_AGO = timedelta(days=9 * 365)
# Older email is marked as sent. Newer email is sent by the workers.
SENT_BEFORE = timedelta(days=1)
_LOCK = 0x64_65_6D_6F  # the key of an advisory lock, unique in the database


class NotEmpty(Exception):
    """The database already has members that are not from the demo."""


def is_loaded() -> bool:
    """Return whether the demo data is loaded."""
    return User.objects.filter(email=MARKER).exists()


def load(progress: Callable[[str], None] = lambda text: None) -> bool:
    """Load the demo data unless it is already loaded; return whether it was loaded now.

    All dates are relative to now. ``progress`` is called with a line of text for each part of the work. Raises
    :class:`NotEmpty` if the database has other members.
    """
    studio = Studio()
    try:
        with transaction.atomic():
            _lock()
            if is_loaded():
                return False
            if Member.objects.exists():
                raise NotEmpty
            _write(progress, studio)
    except BaseException:
        # Files are not part of the transaction that is rolled back.
        studio.delete_stored()
        raise
    progress("Updates to the agencies’ streams")
    deliver()
    return True


def deliver() -> int:
    """Deliver due updates to the agencies' streams; return how many were delivered.

    If Redis is not available, the workers deliver them later.
    """
    sent = 0
    streams = Channel.objects.filter(kind=Channel.Kind.STREAM)
    for channel in streams.order_by("pk").values_list("pk", flat=True):
        sent += relay.drain(channel)
        if Channel.objects.get(pk=channel).failures:
            break
    return sent


def summary() -> str:
    """Return a summary of the loaded data in one line."""
    members = Member.objects.public()
    countries = members.order_by().values("country").distinct().count()
    verified = Operation.objects.filter(status=OperationStatus.VERIFIED).count()
    return (
        f"{members.count()} members from {countries} countries and regions, "
        f"{Case.objects.count()} cases, {verified} verified operations"
    )


def _lock() -> None:
    """Take an advisory lock. The second of two concurrent loads waits for the first and then finds its data."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        # On a busy machine, the plans take longer than a session may be idle in a transaction.
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")


def _write(progress: Callable[[str], None], studio: Studio) -> None:
    now = timezone.now().replace(second=0, microsecond=0)
    progress("Members, shops and agencies")
    world = _world(now)
    studio.stored += agents.authorise(world)
    planner = Planner(world)
    everyday = planner.everyday()
    liaison = operations.plan(planner, everyday)
    cases = [*everyday, *liaison.cases, *planner.last_month()]
    progress(f"Cases of two years: {len(cases)}")
    stories: list[Story] = [CaseStory(world, plan, studio).run() for plan in cases]
    stories += [refer(world, plan) for plan in liaison.referrals]
    stories += [operate(world, plan) for plan in liaison.operations]
    with _without_savepoints():
        replay(stories, until=now)
    _finish(world, cases)
    complaint_templates.save([plan for plan in everyday if plan.case])
    second_review.propose(world, everyday)
    rights.register(world, studio)
    sheets.load(world, studio)
    products.describe(world, studio)
    purchases.buy(world, studio)
    api.create_token(world)
    admission.apply(world, studio)
    market.add_catalogue()
    together.load(world)
    saved_views.save(world)


@contextmanager
def _without_savepoints() -> Iterator[None]:
    """Disable savepoints, which are not needed because any error aborts the whole load."""
    features = connection.features
    before = features.uses_savepoints
    features.uses_savepoints = False
    try:
        yield
    finally:
        features.uses_savepoints = before


def _world(now: datetime) -> World:
    rng = random.Random(SEED)  # noqa: S311 - reproducible, not secret
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
    directory.set_logins(world, people.users)
    people.save()
    Membership.objects.bulk_create(memberships)
    directory.publish(world)
    agencies.appoint(world, officers)
    organisations.rights(world)
    market.make(world)
    return world


def _appoint(world: World, people: People) -> None:
    """Create the moderators, two of them with a published login, and the admin."""
    named = people.named
    others = [people.create(country, "alliance.example") for country in ("CN", "GB", "CN")]
    world.moderators = [named["moderator"], named["moderator2"], *others]
    for moderator in world.moderators:
        moderator.is_moderator = True
    named["admin"].is_staff = named["admin"].is_superuser = True


def _finish(world: World, cases: list[CasePlan]) -> None:
    """Set what no service sets: listing details, first sightings, sent email, former members, deliveries."""
    listings.describe(world, cases)
    first = Case.objects.filter(seller=OuterRef("pk")).order_by().values("seller")
    seen = first.annotate(at=Min("created_at")).values("at")
    Seller.objects.update(first_seen_at=Coalesce(Subquery(seen), world.now - timedelta(days=60)))
    OutgoingMail.objects.filter(created_at__lt=world.now - SENT_BEFORE, sent_at=None).update(
        sent_at=F("created_at"), attempts=1
    )
    notifications.finish(world)
    organisations.end_memberships(world)
    disclosure.share_seller(world)
    channels.finish(world)
    deadlines.finish(world)
    impact.publish_if_due()
