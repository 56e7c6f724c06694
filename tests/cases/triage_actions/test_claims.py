"""Claiming a case, and claiming the next case."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from cases.models import Case
from cases.services import triage
from members.models import User
from tests import factories
from tests.cases.triage_actions.steps import address, kinds, page, reloaded, words
from tests.concurrency import run_concurrently
from tests.personas import browser_of


def test_claim_lasts_half_an_hour(desk: Client, mo: User) -> None:
    case = factories.submitted_case()
    response = desk.post(address("claim", case), {"back": "violation=counterfeit"}, follow=True)
    assert response.redirect_chain == [(page(case) + "?back=violation%3Dcounterfeit", 302)]
    assert f"You have claimed {case.reference} until" in words(response)
    assert reloaded(case).is_claimed_by(mo)


def test_repeated_claim_has_no_second_effect(desk: Client) -> None:
    case = factories.submitted_case()
    for _ in range(2):
        assert desk.post(address("claim", case)).status_code == 302
    assert kinds(case) == ["submitted", "claimed"]


def test_case_claimed_by_a_colleague_cannot_be_claimed(desk: Client) -> None:
    case = factories.claimed_case(moderator=factories.moderator(name="Min Moderator"))
    response = desk.post(address("claim", case))
    assert response.status_code == 409
    assert "Min Moderator has already claimed this case." in words(response)


def test_next_case_is_the_most_urgent_of_the_filtered_list(desk: Client, mo: User) -> None:
    normal = factories.submitted_case()
    urgent = factories.submitted_case()
    Case.objects.filter(pk=urgent.pk).update(priority=4)
    place = f"member={normal.member_id}"
    response = desk.post(reverse("triage:next"), {"back": place})
    assert response["Location"] == f"{page(normal)}?back=member%3D{normal.member_id}"
    assert reloaded(normal).is_claimed_by(mo)
    assert not reloaded(urgent).is_claimed


def test_double_click_on_next_claims_one_case(desk: Client) -> None:
    for _ in range(3):
        factories.submitted_case()
    places = {desk.post(reverse("triage:next"))["Location"] for _ in range(2)}
    assert len(places) == 1
    assert Case.objects.filter(status="in_review").count() == 1


def test_next_case_after_work_on_the_first(desk: Client, mo: User) -> None:
    for _ in range(2):
        factories.submitted_case()
    first = triage.claim_next(by=mo)
    assert first
    desk.post(address("comment", first), {"note": "Seen."})
    assert page(first) not in desk.post(reverse("triage:next"))["Location"]


def test_next_case_of_an_empty_queue(desk: Client) -> None:
    response = desk.post(reverse("triage:next"), {"back": "violation=patent"}, follow=True)
    assert response.redirect_chain == [("/triage/?violation=patent", 302)]
    assert "No other cases in this view." in words(response)
    assert desk.get(reverse("triage:next"))["Location"] == "/triage/"


@pytest.fixture
def threads(transactional_db: None) -> Iterator[list[threading.Thread]]:
    """Threads started by a test; all are joined."""
    threads: list[threading.Thread] = []
    yield threads
    for thread in threads:
        thread.join(20)


@pytest.mark.django_db(transaction=True)
def test_concurrent_moderators_get_different_cases(
    transactional_db: None,
) -> None:
    moderators = [factories.moderator() for _ in range(2)]
    cases = {factories.submitted_case().reference for _ in range(2)}
    clients = [browser_of(person) for person in moderators]
    responses = run_concurrently(
        *(partial(client.post, reverse("triage:next")) for client in clients)
    )
    assert {response["Location"].split("/")[2] for response in responses} == cases


@pytest.mark.django_db(transaction=True)
def test_locked_case_is_skipped(threads: list[threading.Thread]) -> None:
    first, second = factories.submitted_case(), factories.submitted_case()
    locked, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            Case.objects.select_for_update().get(pk=first.pk)
            locked.set()
            done.wait(10)
        connection.close()

    threads.append(threading.Thread(target=hold))
    threads[0].start()
    assert locked.wait(10)
    response = browser_of(factories.moderator()).post(reverse("triage:next"))
    done.set()
    assert second.reference in response["Location"]
