"""Access to an agency's operations, their list and page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from alliance.lib import clock
from cases.liaison.models import Operation, Referral
from cases.services import operations
from tests import factories
from tests.cases.liaison_operations.reports import LIST, REPORT, report_data
from tests.cases.liaison_pages.pages import text
from tests.personas import Personas


@pytest.mark.parametrize("name", ["stranger", "viewer", "owner", "moderator", "admin"])
def test_only_officers_have_access(personas: Personas, referral: Referral, name: str) -> None:
    made = factories.reported_operation(referral, officer=personas.officer)
    client = personas.client(name)
    for path in (LIST, REPORT, f"{LIST}{made.reference}/"):
        assert client.get(path).status_code == 403, path
    assert client.post(REPORT, report_data(referral)).status_code == 403
    assert Operation.objects.count() == 1


def test_another_agencys_operation_is_not_found(personas: Personas, referral: Referral) -> None:
    made = factories.reported_operation(referral, officer=personas.officer)
    client = personas.client("other_officer")
    assert client.get(f"{LIST}{made.reference}/").status_code == 404
    assert made.reference not in text(client.get(LIST))
    page = client.get(f"{REPORT}?referral={referral.reference}")
    assert referral.case.reference not in text(page)
    response = client.post(REPORT, report_data(referral))
    assert response.status_code == 422
    named = client.post(REPORT, report_data(further=referral.reference))
    assert named.status_code == 422
    assert Operation.objects.count() == 1


@pytest.mark.parametrize("reference", ["OP-0000-0000", "%00", "x'"])
def test_invalid_reference_is_not_found(officer: Client, reference: str) -> None:
    assert officer.get(f"{LIST}{reference}/").status_code == 404


def test_empty_list(officer: Client) -> None:
    page = text(officer.get(LIST))
    assert "No operations reported yet" in page
    assert "Your agency has not accepted any cases yet" in text(officer.get(REPORT))


def test_page_shows_verification_and_retraction(
    personas: Personas, officer: Client, referral: Referral
) -> None:
    made = factories.reported_operation(referral, officer=personas.officer)
    address = f"{LIST}{made.reference}/"
    operations.verify(operation=made, by=personas.second_moderator)
    assert "Verified. The figures are included" in text(officer.get(address))
    operations.retract(operation=made, by=personas.moderator, reason="Counted twice.")
    page = text(officer.get(address))
    assert "Retracted. The figures are not published." in page
    assert "Counted twice." in page


def test_constant_number_of_queries(
    personas: Personas,
    officer: Client,
    referral: Referral,
    settings: Any,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    settings.USERSESSIONS_TRACK_ACTIVITY = False
    factories.reported_operation(referral, officer=personas.officer)
    costs = []
    for _ in range(2):
        for path in (LIST, REPORT):
            officer.get(path)
            with django_assert_max_num_queries(8) as cost:
                officer.get(path)
            costs.append(len(cost))
        for _ in range(5):
            more = factories.accepted_referral(personas.agency, officer=personas.officer)
            factories.reported_operation(more, officer=personas.officer)
    assert costs[:2] == costs[2:]


def test_pagination_by_date(personas: Personas, officer: Client, referral: Referral) -> None:
    for i in range(60):
        factories.reported_operation(
            referral, officer=personas.officer, held_on=clock.today() - timedelta(days=i % 7)
        )
    first = officer.get(LIST).context["page"]
    second = officer.get(f"{LIST}?cursor={first.next}").context["page"]
    assert [len(first.rows), len(second.rows), second.next] == [50, 10, None]
    shown = [row.pk for row in [*first.rows, *second.rows]]
    assert shown == list(Operation.objects.order_by("-held_on", "-pk").values_list("pk", flat=True))
