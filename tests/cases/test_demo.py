"""The demo data, loaded once for this module and rolled back afterwards."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import global_settings
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Count, F, Q, Sum
from django.utils import timezone

from alliance.lib import redis as connections
from cases.demo import disclosure, load, logins
from cases.demo.operations import split
from cases.liaison.models import (
    Agency,
    Attempt,
    Channel,
    Delivery,
    Escalation,
    ImpactSnapshot,
    Notice,
    Operation,
    Referral,
    Update,
)
from cases.liaison.monitoring.status import statuses
from cases.marketplaces import addresses, catalogue
from cases.marketplaces.lookup import Marketplaces
from cases.models import (
    AuthorisedSeller,
    Case,
    CaseEvent,
    CounterNotice,
    Evidence,
    HeldDecision,
    Listing,
    Marketplace,
    OutgoingMail,
    ReviewRule,
    Seller,
    SellerIdentifier,
    TestPurchase,
    WatchListEntry,
)
from cases.queries import readiness, seller_history
from cases.queries.proposals import propose
from cases.states import OperationStatus, ReferralStatus, Status
from members import standing
from members.models import Industry, IPRight, Member, Membership, User

# One group, so that only one process loads the demo.
pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.xdist_group("demo")]

RESERVED = (".example", ".test")


@pytest.fixture(scope="module")
def evidence_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("evidence")


@pytest.fixture(scope="module", autouse=True)
def loaded(
    django_db_setup: None, django_db_blocker: Any, evidence_root: Path
) -> Iterator[list[str]]:
    """Load the demo in a transaction that is rolled back after the last test of the module."""
    output: list[str] = []
    patch = pytest.MonkeyPatch()
    patch.setattr(Evidence._meta.get_field("file").storage, "location", str(evidence_root))
    with django_db_blocker.unblock():
        for key in connections.liaison().scan_iter("liaison:*"):
            connections.liaison().delete(key)
        with transaction.atomic():
            assert load.load(output.append) is True
            yield output
            transaction.set_rollback(True)
    patch.undo()


@pytest.fixture(autouse=True)
def _demo(settings: Any) -> None:
    settings.DEMO = True


def run() -> str:
    out = StringIO()
    call_command("demo", stdout=out)
    return out.getvalue()


def test_members_come_from_sixteen_countries_and_twelve_industries() -> None:
    active = Member.objects.public()
    # One was admitted last week and has no description yet.
    assert active.count() == 106
    assert active.order_by().values("country").distinct().count() == 16
    assert Industry.objects.filter(members__in=active).distinct().count() == 12
    assert set(Member.objects.values_list("status", flat=True)) == set(Member.Status.values)
    assert active.filter(description="").count() == 1
    assert active.values("description").distinct().count() == 106
    assert active.values("description_zh").distinct().count() == 106
    assert not active.filter(brands=None).exists()


def test_names_use_many_scripts() -> None:
    names = "".join(Member.objects.values_list("name_local", flat=True))
    shops = "".join(Seller.objects.values_list("name", flat=True))
    for script in (
        "\u4e00-\u9fff",
        "\u3040-\u30ff",
        "\uac00-\ud7af",
        "\u0400-\u04ff",
        "\u0600-\u06ff",
    ):
        assert re.search(f"[{script}]", names), script
        assert re.search(f"[{script}]", shops), script
    assert re.search("[\u0370-\u03ff]", names)


def test_cases_have_every_status() -> None:
    counts = dict(Case.objects.order_by().values_list("status").annotate(Count("pk")))
    assert set(counts) == set(Status.values)
    assert min(counts.values()) >= 5
    assert sum(counts.values()) >= 300
    assert 38 <= Case.objects.awaiting_triage().count() <= 50


def test_a_decision_waits_for_a_second_moderator() -> None:
    held = HeldDecision.objects.get()
    assert held.awaits_second
    assert held.rule_name == "More than 20 listings"
    assert held.by.email not in [login.email for login in logins.LOGINS]
    assert ReviewRule.objects.count() == 4


def test_first_officers_agency_has_referrals_in_every_status() -> None:
    assert set(Referral.objects.values_list("status", flat=True)) == set(ReferralStatus.values)
    own = Referral.objects.filter(agency__slug=logins.AGENCY)
    assert set(own.values_list("status", flat=True)) == set(ReferralStatus.values)
    late = own.filter(status=ReferralStatus.OFFERED, acknowledge_by__lt=timezone.now())
    assert late.exists()


def test_verified_operations_match_the_alliances_published_totals() -> None:
    verified = Operation.objects.filter(status=OperationStatus.VERIFIED)
    sums = verified.aggregate(Sum("premises_closed"), Sum("arrests"), Sum("value_cny"))
    assert verified.count() == 112
    assert sums["premises_closed__sum"] == 247
    assert sums["arrests__sum"] == 316
    assert Decimal(980_000_000) < sums["value_cny__sum"] < Decimal(1_000_000_000)
    assert Operation.objects.filter(status=OperationStatus.REPORTED).count() == 5
    assert Operation.objects.filter(status=OperationStatus.RETRACTED).count() == 1


def test_published_figures_match_the_verified_operations() -> None:
    latest = ImpactSnapshot.objects.latest()
    assert latest.figures["premises_closed"] == 247
    assert latest.figures["arrests"] == 316
    assert latest.figures["value_cny"] == "986420000.00"
    verified = Operation.objects.filter(status=OperationStatus.VERIFIED)
    assert latest.references() == sorted(verified.values_list("reference", flat=True))


def test_second_moderator_can_verify_reported_operations() -> None:
    second = User.objects.get(email="moderator2@demo.example")
    for operation in Operation.objects.filter(status=OperationStatus.REPORTED):
        assert second.has_perm("liaison.verify_operation", operation)


def test_events_are_in_the_past_and_in_order() -> None:
    now = timezone.now()
    assert not CaseEvent.objects.filter(at__gt=now).exists()
    for case in Case.objects.prefetch_related("events"):
        moments = [event.at for event in case.events.all()]
        assert moments == sorted(moments), case.reference
        assert case.version == len(moments)
    decided = Case.objects.exclude(decided_at=None)
    quick = decided.filter(decided_at__lte=F("submitted_at") + timezone.timedelta(hours=24))
    assert quick.count() > 0.8 * decided.count()


def test_submitted_cases_are_complete_and_some_drafts_are_not() -> None:
    for case in Case.objects.filter(status=Status.SUBMITTED):
        assert readiness.problems(case=readiness.loaded(case)) == [], case.reference
    drafts = [
        bool(readiness.problems(case=readiness.loaded(case)))
        for case in Case.objects.filter(status=Status.DRAFT)
    ]
    assert True in drafts
    assert False in drafts


def test_rights_have_every_kind_and_some_are_unusable() -> None:
    assert set(IPRight.objects.values_list("kind", flat=True)) == set(IPRight.Kind.values)
    assert IPRight.objects.filter(verified_at=None).exists()
    assert IPRight.objects.filter(expires_on__lt=timezone.now()).exists()


def test_shops_share_identifiers() -> None:
    linked = [
        frozenset({seller.pk, *(other.pk for other, _why in seller_history.linked(seller))})
        for seller in Seller.objects.filter(identifiers__isnull=False).distinct()
    ]
    assert 8 <= len({group for group in linked if len(group) > 1}) <= 12
    assert AuthorisedSeller.objects.count() >= 50


def test_addresses_use_reserved_domains_and_numbers() -> None:
    urls = [
        *Listing.objects.values_list("url", flat=True),
        *Seller.objects.exclude(shop_url="").values_list("shop_url", flat=True),
        *Member.objects.exclude(website="").values_list("website", flat=True),
    ]
    hosts = {urlsplit(url).hostname or "" for url in urls}
    invented = Marketplace.objects.exclude(slug__in=catalogue.marketplaces())
    hosts |= {host for marketplace in invented for host in marketplace.hosts}
    hosts |= {email.partition("@")[2] for email in User.objects.values_list("email", flat=True)}
    emails = SellerIdentifier.objects.filter(kind="email").values_list("value", flat=True)
    hosts |= {email.partition("@")[2] for email in emails}
    assert [host for host in hosts if not host.endswith(RESERVED)] == []
    phones = SellerIdentifier.objects.filter(kind="phone").values_list("value", flat=True)
    assert all(phone.startswith("+86000") for phone in phones)


def test_real_marketplaces_are_recognised_and_accused_of_nothing() -> None:
    real = Marketplace.objects.filter(slug__in=catalogue.marketplaces())
    assert {one.slug for one in real} == set(catalogue.marketplaces())
    for model in (Seller, Listing, AuthorisedSeller, TestPurchase, WatchListEntry):
        assert not model._default_manager.filter(marketplace__in=real).exists()
    url = "https://item.taobao.com/item.htm?id=600000000101"
    assert addresses.parse(url, Marketplaces.all()).marketplace.slug == "taobao"


def test_evidence_is_small_and_unique(evidence_root: Path) -> None:
    files = Evidence.objects.all()
    assert set(files.values_list("content_type", flat=True)) == {"image/png"}
    assert files.values("sha256").distinct().count() == files.count()
    assert files.aggregate(total=Sum("size"))["total"] < 15 * 1024 * 1024
    stored = [path for path in evidence_root.rglob("*") if path.is_file()]
    assert len(stored) == files.count()


def test_some_cases_have_the_maximum_of_listings() -> None:
    counts = Case.objects.annotate(count=Count("listings")).values_list("count", flat=True)
    assert max(counts) == 300
    assert not Listing.objects.filter(title="").exists()


def test_updates_are_in_the_streams() -> None:
    assert Delivery.objects.count() > 500
    streams = Channel.objects.filter(kind=Channel.Kind.STREAM)
    assert not Delivery.objects.filter(channel__in=streams, sent_at=None).exists()
    for channel in streams:
        assert channel.sent_seq == channel.numbered_seq == channel.deliveries.count()


def test_other_channels_show_typical_problems() -> None:
    states = {
        found.channel.kind: found for found in statuses(Channel.objects.exclude(kind="stream"))
    }
    webhook = states["webhook"]
    assert webhook.channel.is_paused, "the demo must not send anything"
    assert (webhook.backlog, webhook.dead) == (9, 2)
    assert Attempt.objects.filter(channel=webhook.channel).failed().count() >= 5
    assert states["pull"].backlog == 0
    assert states["email"].backlog == 0
    for found in states.values():
        numbers = found.channel.deliveries.order_by("seq").values_list("seq", flat=True)
        assert list(numbers) == list(range(1, found.channel.numbered_seq + 1))
        assert found.channel.url.split("/")[2:3] in ([], ["liaison.customs.example"])


def test_some_referrals_are_overdue() -> None:
    late = Escalation.objects.open()
    assert 8 <= late.count() <= 40
    assert set(late.values_list("step", flat=True)) >= {"read", "acknowledged"}
    assert len(set(late.values_list("referral__agency", flat=True))) >= 3
    for escalation in late.select_related("referral"):
        assert escalation.referral.status in ("offered", "acknowledged")
        assert escalation.referral.referred_at < escalation.due_at < timezone.now()
    reminders = Notice.objects.filter(key__startswith="reminder:")
    assert reminders.filter(sent_at=None).count() == reminders.count() > 0
    assert not Notice.objects.exclude(key__startswith="reminder:").filter(sent_at=None).exists()
    assert not Referral.objects.filter(delivered_at=None).exists()
    answered = Referral.objects.exclude(acknowledged_at=None)
    assert not answered.exclude(read_at__lte=F("acknowledged_at")).exists()
    assert not answered.exclude(delivered_at__lte=F("read_at")).exists()


def test_agencies_have_different_disclosures() -> None:
    without = Agency.objects.get(slug=disclosure.WITHOUT_MEMBERS)
    assert without.discloses
    assert "member" not in without.discloses
    updates = Update.objects.filter(payload__case__seller__has_key="other_agencies")
    assert updates.exists()
    proposed = [
        case
        for case in Case.objects.filter(status="removed").select_related("seller")[:40]
        if propose(case)
    ]
    assert len(proposed) > 3


def test_old_mail_is_not_pending() -> None:
    waiting = OutgoingMail.objects.filter(sent_at=None)
    assert 0 < waiting.count() < 150
    assert not waiting.filter(created_at__lt=timezone.now() - timezone.timedelta(days=2)).exists()


def test_every_login_works_and_is_listed(settings: Any) -> None:
    settings.PASSWORD_HASHERS = global_settings.PASSWORD_HASHERS
    table = run()
    assert logins.PASSWORD in table
    for login in logins.LOGINS:
        assert login.email in table
        assert authenticate(request=None, email=login.email, password=logins.PASSWORD)
    agent = User.objects.get(email="agent@demo.example")
    assert Membership.objects.may_file().filter(user=agent, is_agent=True).count() == 4


def test_agent_has_authorisations_of_which_one_ends_soon_and_one_has_ended() -> None:
    agent = User.objects.get(email="agent@demo.example")
    roles = list(agent.memberships.filter(is_agent=True))
    standing.attach(roles)
    left = [role.standing.days_left for role in roles]  # type: ignore[attr-defined]
    assert len(left) == 5
    assert 6 in left
    assert left.count(None) == 1
    for authorisation in agent.authorisations.select_related("document"):
        document = authorisation.document
        assert document
        with document.file.open("rb") as file:
            content = file.read()
        assert content.startswith(b"%PDF-1.4")
        assert hashlib.sha256(content).hexdigest() == document.sha256


def test_a_second_run_changes_nothing() -> None:
    before = (Case.objects.count(), CaseEvent.objects.count(), User.objects.count())
    assert "already loaded" in run()
    assert (Case.objects.count(), CaseEvent.objects.count(), User.objects.count()) == before


def test_used_database_is_refused() -> None:
    User.objects.filter(email=logins.MARKER).update(email="somebody@else.example")
    with pytest.raises(CommandError, match="empty database"):
        run()


def test_command_needs_demo_or_debug(settings: Any) -> None:
    settings.DEMO = settings.DEBUG = False
    with pytest.raises(CommandError, match="DEMO=1"):
        run()


def test_split_parts_add_up_and_have_a_minimum() -> None:
    parts = split(247, [0.1, 3.3, 1, 7.25], least=2)
    assert sum(parts) == 247
    assert min(parts) >= 2
    assert all(part % 10 == 0 for part in split(1000, [1, 2, 3.7], least=100, unit=10))


def test_counter_notices_are_answered_and_decided_by_another_moderator() -> None:
    open_ones = CounterNotice.objects.filter(status="open")
    answered_at = open_ones.values_list("answered_at", flat=True)
    assert {at is None for at in answered_at} == {True, False}
    filer = User.objects.get(email="filer@demo.example")
    at_desk = Case.objects.at_members_of(filer).awaiting_member()
    assert at_desk.filter(status=Status.COUNTER_NOTICED).exists()
    decided = CounterNotice.objects.exclude(status="open")
    assert decided.filter(answered_at=None).exists()
    assert decided.filter(evidence__isnull=False).exists()
    too_early = Q(answered_at=None, resolved_at__lt=F("answer_due_at"))
    assert not decided.filter(too_early | Q(answered_at__gt=F("resolved_at"))).exists()
    for notice in decided.select_related("case"):
        upheld = notice.case.decisions.filter(outcome="upheld").latest("decided_at")
        assert notice.resolved_by_id != upheld.decided_by_id
