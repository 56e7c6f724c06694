"""Moderators verify operations reported by agencies; a second person is always involved."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from alliance.lib import clock
from cases import visibility
from cases.figures import impact
from cases.liaison.models import Agency, ImpactSnapshot, Operation
from cases.services import operations
from cases.views.triage import operations as views
from members.models import User
from tests import factories
from tests.forms import end_session, form_owner
from tests.personas import NAMES, Personas, browser_of

LIST = "/triage/operations/"


def page(operation: Operation) -> str:
    return reverse("triage:operation", args=[operation.reference])


def address(verb: str, operation: Operation) -> str:
    return reverse(f"triage:{verb}", args=[operation.reference])


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


def shown(client: Client, query: str = "") -> list[str]:
    return [row.reference for row in client.get(LIST + query).context["page"].rows]


@pytest.fixture
def mo(db: None) -> User:
    """The moderator who referred the case of :func:`reported`."""
    return factories.moderator(name="Mo Moderator")


@pytest.fixture
def min_(db: None) -> User:
    return factories.moderator(name="Min Moderator")


@pytest.fixture
def reported(mo: User) -> Operation:
    return factories.reported_operation(factories.accepted_referral(moderator=mo), place="Yiwu")


@pytest.mark.parametrize("name", NAMES)
def test_access(personas: Personas, reported: Operation, name: str) -> None:
    client = personas.client(name)
    reads = 200 if name in ("moderator", "second_moderator", "admin") else 403
    acts = 302 if "moderator" in name else 403
    if name == "anonymous":
        reads = acts = 302
    assert client.get(LIST).status_code == reads
    assert client.get(page(reported)).status_code == reads
    for verb in ("verify", "retract"):
        assert client.get(address(verb, reported)).status_code == acts
        if "moderator" not in name:
            sent = {"reason": "Wrong figures."}
            assert client.post(address(verb, reported), sent).status_code == acts
    reported.refresh_from_db()
    assert reported.status == "reported"


def test_unknown_operation_is_not_found(mo: User) -> None:
    desk = browser_of(mo)
    for name in ("operation", "verify", "retract"):
        assert desk.post(reverse(f"triage:{name}", args=["OP-0000-0000"])).status_code in (404, 405)
        assert desk.get(reverse(f"triage:{name}", args=["OP-0000-0000"])).status_code == 404


def test_list_shows_reported_operations_by_default(min_: User, reported: Operation) -> None:
    desk = browser_of(min_)
    verified = factories.verified_operation(by=min_, held_on=clock.today() - timedelta(days=3))
    retracted = factories.reported_operation(held_on=clock.today() - timedelta(days=9))
    desk.post(address("retract", retracted), {"reason": "Counted twice."})
    assert shown(desk) == shown(desk, "?status=nonsense") == [reported.reference]
    assert shown(desk, "?status=verified") == [verified.reference]
    assert shown(desk, "?status=retracted") == [retracted.reference]
    everything = [reported.reference, verified.reference, retracted.reference]
    assert shown(desk, "?status=all") == everything


def test_empty_list(min_: User) -> None:
    assert "No operations to verify" in words(browser_of(min_).get(LIST))


def test_pagination_by_date(min_: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "paginate", partial(views.paginate, size=2))
    made = [
        factories.reported_operation(held_on=clock.today() - timedelta(days=days))
        for days in range(3)
    ]
    desk = browser_of(min_)
    cursor = desk.get(LIST).context["page"].next
    assert shown(desk, f"?cursor={cursor}") == [made[2].reference]


def test_page_shows_figures_and_sources(min_: User, reported: Operation) -> None:
    html = words(browser_of(min_).get(page(reported)))
    case = reported.cases.get()
    for text in ("CNY 350,000", "1,200", case.reference, reported.reported_by.name, "Yiwu"):
        assert text in html
    assert "Verify the figures" in html


def test_verification_publishes_the_figures(min_: User, reported: Operation) -> None:
    desk = browser_of(min_)
    for _ in range(2):
        response = desk.post(address("verify", reported))
        assert response["Location"] == page(reported)
    reported.refresh_from_db()
    assert (reported.status, reported.verified_by) == ("verified", min_)
    impact.publish_if_due()
    assert ImpactSnapshot.objects.get().figures["arrests"] == 5
    assert "Its figures are published within a minute." in words(desk.get(page(reported)))


def test_moderator_who_referred_cannot_verify(mo: User, reported: Operation) -> None:
    desk = browser_of(mo)
    html = words(desk.get(page(reported)))
    assert "You referred one of these cases to this agency" in html
    assert address("verify", reported) not in html
    response = desk.post(address("verify", reported))
    assert response.status_code == 403
    assert "You referred this case, so another moderator must verify the operation." in words(
        response
    )
    reported.refresh_from_db()
    assert reported.status == "reported"
    assert not ImpactSnapshot.objects.exists()


def test_admins_have_read_only_access(reported: Operation) -> None:
    html = words(browser_of(factories.admin()).get(page(reported)))
    assert "View only: moderators verify." in html
    assert 'action="/triage/' not in html


def test_retracted_operation_cannot_be_verified(min_: User, reported: Operation) -> None:
    desk = browser_of(min_)
    desk.post(address("retract", reported), {"reason": "Counted twice."})
    response = desk.post(address("verify", reported))
    assert response.status_code == 409
    assert "The report of this operation has been retracted." in words(response)


def test_retraction_needs_a_reason(min_: User, reported: Operation) -> None:
    desk = browser_of(min_)
    desk.post(address("verify", reported))
    impact.publish_if_due()
    empty = desk.post(address("retract", reported), {"reason": " "})
    assert empty.status_code == 422
    assert "Reason for the retraction" in words(empty)
    long = desk.post(address("retract", reported), {"reason": "x" * 2001})
    assert long.status_code == 422
    assert "x" * 2001 in words(long)
    for _ in range(2):
        assert desk.post(address("retract", reported), {"reason": "Twice."}).status_code == 302
    reported.refresh_from_db()
    assert (reported.status, reported.retraction_reason) == ("retracted", "Twice.")
    impact.publish_if_due()
    assert ImpactSnapshot.objects.latest().figures["arrests"] == 0
    case = reported.cases.get()
    audiences = case.events.filter(kind="operation_retracted").values_list("audience", flat=True)
    assert sorted(audiences) == [["liaison"], ["member"]]


def test_input_survives_session_expiry(min_: User, reported: Operation) -> None:
    browser = browser_of(min_)
    sent = {
        "reason": "Counted twice.",
        "form_owner": form_owner(browser, f"{LIST}{reported.reference}/"),
    }
    end_session(browser)
    browser.post(address("retract", reported), sent)
    session = browser.session
    kept = {name: session[name] for name in session.keys() if not name.startswith("_")}  # noqa: SIM118
    browser.force_login(min_)
    session = browser.session
    session.update(kept)
    session.save()
    html = words(browser.get(address("retract", reported)))
    assert "Your session expired." in html
    assert "Counted twice.</textarea>" in html


def test_constant_number_of_queries(
    min_: User,
    reported: Operation,
    settings: Any,
    django_assert_max_num_queries: Any,
    django_assert_num_queries: Any,
) -> None:
    settings.USERSESSIONS_TRACK_ACTIVITY = False
    desk = browser_of(min_)
    with django_assert_max_num_queries(8) as few:
        desk.get(LIST)
    with django_assert_max_num_queries(8) as one:
        desk.get(page(reported))
    for _ in range(3):
        another = factories.accepted_referral(reported.agency)
        factories.reported_operation(another)
        reported.cases.add(another.case)
    with django_assert_num_queries(len(few)):
        assert len(shown(desk)) == 4
    with django_assert_num_queries(len(one)):
        desk.get(page(reported))


def test_agencies_without_the_referral_are_not_informed(reported: Operation, min_: User) -> None:
    """The case was added by hand; only the operation's own agency may learn of it."""
    other = factories.referred_case(factories.agency(name="Elsewhere"))
    reported.cases.add(other.case)
    operations.verify(operation=reported, by=min_)
    assert [update.kind for update in other.updates.all()] == ["referral_offered"]
    informed = other.case.events.filter(kind="operation_verified", audience__contains=["liaison"])
    assert not informed.exists()


def test_officers_of_an_inactive_agency_see_no_operation(personas: Personas) -> None:
    referral = factories.accepted_referral(personas.agency, officer=personas.officer)
    reported = factories.reported_operation(referral, officer=personas.officer)
    assert visibility.operations(personas.officer).get() == reported
    Agency.objects.update(is_active=False)
    assert not visibility.operations(personas.officer).exists()
