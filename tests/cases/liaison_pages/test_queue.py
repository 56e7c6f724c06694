"""The queue of an agency: order, tabs, filters and pagination."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from alliance.lib import clock
from cases.liaison.models import Agency, Referral
from cases.services import referral as referrals
from cases.views.liaison import referral as liaison_views
from tests import factories
from tests.cases.liaison_pages.pages import QUEUE, text
from tests.personas import Personas


def test_new_referrals_are_ordered_by_acknowledgement_deadline(
    personas: Personas, officer: Client
) -> None:
    later = factories.referred_case(personas.agency)
    sooner = factories.referred_case(personas.agency)
    Referral.objects.filter(pk=sooner.pk).update(acknowledge_by=clock.now() - timedelta(hours=30))
    Referral.objects.filter(pk=later.pk).update(acknowledge_by=clock.now() + timedelta(hours=3.5))
    response = officer.get(QUEUE)
    page = text(response)
    assert page.index(sooner.reference) < page.index(later.reference)
    assert "Overdue by 1 day" in page
    assert "Due in 3 hours" in page
    assert page.count("Unread") == 2
    assert 'class="deadline-late"' in response.content.decode()


@pytest.mark.parametrize(
    ("verbs", "tab"),
    [
        ([], "new"),
        (["acknowledge"], "in-hand"),
        (["accept", "investigate"], "in-hand"),
        (["accept", "conclude"], "done"),
        (["decline"], "done"),
    ],
)
def test_referrals_are_on_the_tab_of_their_status(
    personas: Personas, officer: Client, referral: Referral, verbs: list[str], tab: str
) -> None:
    for verb in verbs:
        reason = factories.reason("decline") if verb == "decline" else None
        referrals.answer(referral=referral, by=personas.officer, verb=verb, reason=reason)
    for name in ("new", "in-hand", "done"):
        listed = referral.reference in officer.get(f"{QUEUE}?tab={name}").content.decode()
        assert listed == (name == tab), name
    assert referral.reference in officer.get(f"{QUEUE}?tab=all").content.decode()


def test_row_describes_the_case(officer: Client, referral: Referral) -> None:
    page = text(officer.get(QUEUE))
    case = referral.case
    for words in (
        referral.reference,
        case.reference,
        "ALDER",
        f"CNIPA {case.right.number}",
        "Counterfeit goods",
        case.seller.name,
        case.seller.marketplace.name,
        "1 update",
    ):
        assert words in page, words


def test_filters(personas: Personas, officer: Client, referral: Referral) -> None:
    other = factories.referred_case(personas.agency, violation="trademark")

    def found(query: str) -> set[str]:
        page = officer.get(f"{QUEUE}?{query}").content.decode()
        return {r.reference for r in (referral, other) if r.reference in page}

    mine = {referral.reference}
    assert found("violation=counterfeit") == mine
    assert found(f"q={referral.reference.lower()}") == mine
    assert found(f"q=+{referral.case.reference}+") == mine
    assert found(f"q={referral.case.seller.external_id}") == mine
    assert found(f"q={referral.case.seller.name[2:]}") == mine
    assert found("q=nobody") == set()
    assert len(found("q=")) == 2


@pytest.mark.parametrize(
    "query",
    ["tab=nonsense", "violation=nonsense", "cursor=nonsense", "q=%00", "q=" + "x" * 5000, "q=%25_"],
)
def test_invalid_parameters_are_ignored(officer: Client, referral: Referral, query: str) -> None:
    assert officer.get(f"{QUEUE}?{query}").status_code == 200


@pytest.mark.parametrize(
    ("tab", "words"),
    [
        ("new", "No new referrals"),
        ("in-hand", "No referrals in progress"),
        ("done", "No concluded referrals yet"),
        ("all", "No referrals yet"),
        ("new&q=zzz", "No matching referrals"),
    ],
)
def test_empty_tabs(officer: Client, tab: str, words: str) -> None:
    assert words in text(officer.get(f"{QUEUE}?tab={tab}"))


def test_pagination(personas: Personas, officer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(liaison_views, "PAGE", 2)
    case = factories.upheld_case()
    made = refer_copies(personas.agency, case, 5)
    seen: list[str] = []
    address: str | None = QUEUE
    while address:
        page = officer.get(address).content.decode()
        seen += [reference for reference in made if f">{reference}</a>" in page]
        follow = re.search(r'rel="next" href="([^"]+)"', page)
        address = QUEUE + follow[1].replace("&amp;", "&") if follow else None
    assert seen == made


def refer_copies(agency: Agency, case: Any, count: int) -> list[str]:
    """Refer copies of a case; return the references by acknowledgement deadline."""
    made = []
    for i in range(count):
        copy = type(case).objects.get(pk=case.pk)
        copy.pk, copy.reference, copy.draft_token = None, f"AP-COPY-{i:04d}", uuid.uuid4()
        copy.save()
        now = clock.now() + timedelta(minutes=i)
        made.append(
            Referral.objects.create(
                case=copy, agency=agency, referred_by=case.created_by, acknowledge_by=now
            ).reference
        )
    return made


def test_queue_uses_a_constant_number_of_queries(
    personas: Personas,
    officer: Client,
    referral: Referral,
    no_session_tracking: None,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    officer.get(QUEUE)
    with django_assert_max_num_queries(5) as few:
        officer.get(QUEUE)
    refer_copies(personas.agency, referral.case, 40)
    with django_assert_max_num_queries(5) as many:
        assert officer.get(QUEUE).content.count(b"AP-COPY") == 25
    assert len(few) == len(many)
