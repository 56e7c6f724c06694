"""Reporting an operation on the liaison desk."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from alliance.lib import clock
from cases.liaison.models import Operation, Referral, Update
from cases.services import operations
from cases.services import referral as referrals
from tests import factories
from tests.cases.liaison_operations.reports import LIST, REPORT, report_data
from tests.cases.liaison_pages.pages import text
from tests.concurrency import run_concurrently
from tests.forms import end_session, form_data, form_owner
from tests.personas import Personas, browser_of


def test_form_preselects_the_given_referral(
    personas: Personas, officer: Client, referral: Referral
) -> None:
    factories.accepted_referral(personas.agency, officer=personas.officer)
    offered = factories.referred_case(personas.agency)
    page = officer.get(f"{REPORT}?referral={referral.reference}")
    html = page.content.decode()
    checked = re.findall(r'name="referrals" value="(\d+)"[^>]*checked', html)
    assert checked == [str(referral.pk)]
    assert html.count('name="referrals"') == 2
    assert offered.case.reference not in html
    assert f'max="{timezone.localdate().isoformat()}"' in html
    assert '<option value="CN" selected>' in html


@pytest.mark.parametrize("query", ["referral=a/b", "referral=%00", "referral=LR-0000-0000"])
def test_invalid_parameters_are_ignored(officer: Client, query: str) -> None:
    assert officer.get(f"{REPORT}?{query}").status_code == 200
    assert officer.get(f"{LIST}?cursor=nonsense&{query}").status_code == 200


def test_report_awaits_verification(
    personas: Personas, officer: Client, referral: Referral
) -> None:
    response = officer.post(REPORT, report_data(referral))
    made = Operation.objects.get()
    assert response["Location"] == reverse("liaison:operation", args=[made.reference])
    assert (made.agency, made.reported_by) == (personas.agency, personas.officer)
    assert (made.premises_closed, made.arrests, made.items_seized) == (2, 5, 1200)
    assert made.value_cny == Decimal(350_000)
    assert list(made.cases.all()) == [referral.case]
    page = text(officer.get(response["Location"]))
    for words in (
        "was reported",
        "The figures are not published until then",
        "CNY 350,000",
        "Yiwu",
    ):
        assert words in page, words
    assert made.reference in text(officer.get(LIST))
    timeline = text(officer.get(reverse("liaison:referral", args=[referral.reference])))
    assert "Operation reported" in timeline
    assert made.reference in timeline
    assert Update.objects.filter(referral=referral, kind="operation_reported").count() == 1


def test_report_is_checked_before_it_is_sent(officer: Client, referral: Referral) -> None:
    page = officer.get(f"{REPORT}?referral={referral.reference}")
    figures = {"items_seized": "3万", "value_cny": "１２５万", "summary": "One.\r\nTwo."}
    typed_in = form_data(
        page, "report", kind="raid", place="Yiwu", held_on=clock.today().isoformat(), **figures
    )
    check = officer.post(REPORT, typed_in)
    assert check.status_code == 200
    for words in (
        "CNY 1,250,000",
        "1 million 250 thousand",
        "30,000",
        "Yiwu",
        "Nothing has been sent",
    ):
        assert words in text(check), words
    assert not Operation.objects.exists()
    back = officer.post(REPORT, form_data(check, "report-check", step="change"))
    changed = form_data(back, "report", value_cny="1.5万", place="")
    assert changed["items_seized"] == "3万"
    wrong = officer.post(REPORT, changed)
    assert wrong.status_code == 422
    check = officer.post(REPORT, form_data(wrong, "report", place="Wenzhou"))
    sent = officer.post(REPORT, form_data(check, "report-check", step="send"))
    made = Operation.objects.get()
    assert sent["Location"] == reverse("liaison:operation", args=[made.reference])
    assert (made.place, made.items_seized, made.value_cny) == ("Wenzhou", 30_000, 15_000)
    assert made.summary == "One.\nTwo."
    assert list(made.cases.all()) == [referral.case]


def test_cases_are_selected_or_named(
    personas: Personas, officer: Client, referral: Referral
) -> None:
    others = [
        factories.accepted_referral(personas.agency, officer=personas.officer) for _ in range(3)
    ]
    names = f" {others[0].reference.lower()},{others[1].case.reference}\n{referral.reference} "
    assert officer.post(REPORT, report_data(referral, further=names)).status_code == 302
    made = Operation.objects.get()
    assert set(made.cases.all()) == {referral.case, others[0].case, others[1].case}


def test_selected_older_cases_stay_selectable(
    personas: Personas, officer: Client, referral: Referral, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cases.forms import liaison

    monkeypatch.setattr(liaison, "OFFERED_AS_CHOICES", 1)
    late = factories.accepted_referral(personas.agency, officer=personas.officer)
    assert referral.case.reference not in text(officer.get(REPORT))
    page = officer.get(f"{REPORT}?referral={referral.reference}")
    assert referral.case.reference in text(page)
    assert late.case.reference in text(page)
    assert officer.post(REPORT, report_data(referral)).status_code == 302


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1,250,000.50", "1250000.50"),
        ("￥1，250，000", "1250000"),
        (" 1 250 000 ", "1250000"),
        ("CNY 99", "99"),
        ("125万", "1250000"),
        ("0", "0"),
    ],
)
def test_amounts_are_parsed(officer: Client, referral: Referral, written: str, meant: str) -> None:
    assert officer.post(REPORT, report_data(referral, value_cny=written)).status_code == 302
    assert Operation.objects.get().value_cny == Decimal(meant)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"referrals": []}, "Choose at least one case."),
        ({"referrals": ["x"]}, "“x” is not a valid value."),
        ({"referrals": ["99999999999999999999999"]}, "Select a valid choice"),
        ({"further": "AP-0000-0000 nonsense"}, "with the references AP-0000-0000, NONSENSE"),
        ({"kind": "party"}, "Select a valid choice"),
        ({"held_on": ""}, "Enter the date of the operation"),
        ({"held_on": "yesterday"}, "Enter a valid date"),
        ({"held_on": "2999-01-01"}, "The date is in the future."),
        ({"country": "XX"}, "Select a valid choice"),
        ({"place": "   "}, "Enter the city or district"),
        ({"arrests": "-1"}, "greater than or equal to 0"),
        ({"arrests": "99999999999"}, "less than or equal to"),
        ({"arrests": "five"}, "“five” is not a clear number. Enter a whole number"),
        ({"items_seized": "1.000"}, "Enter a whole number like 12,500"),
        ({"value_cny": "a lot"}, "Enter it like 12,500.50"),
        ({"value_cny": "12500,50"}, "Enter it like 12,500.50"),
        ({"value_cny": "1,5"}, "“1,5” is not a clear amount."),
        ({"value_cny": "-5"}, "greater than or equal to 0"),
        ({"value_cny": "9999999999999"}, "no more than 12 digits before the decimal point"),
        ({"value_cny": "1.005"}, "no more than 2 decimal places"),
        ({"value_cny": "NaN"}, "“NaN” is not a clear amount"),
        ({"summary": "x" * 5001}, "at most 5000 characters"),
        ({"token": ""}, "This form is damaged"),
        ({"token": "x"}, "This form is damaged"),
        (
            {"premises_closed": "0", "arrests": "0", "items_seized": "0", "value_cny": "0"},
            "Enter at least one figure.",
        ),
    ],
)
def test_invalid_input_is_explained_and_kept(
    officer: Client, referral: Referral, changes: dict[str, Any], words: str
) -> None:
    response = officer.post(REPORT, report_data(referral, place="Long typed place") | changes)
    assert response.status_code == 422
    assert words in text(response)
    if "place" not in changes:
        assert 'value="Long typed place"' in response.content.decode()
    if "referrals" not in changes:
        assert re.search(rf'value="{referral.pk}"[^>]*checked', response.content.decode())
    assert Operation.objects.count() == 0


def test_empty_form_names_required_fields(officer: Client, referral: Referral) -> None:
    response = officer.post(REPORT, {})
    assert response.status_code == 422
    errors = response.context["form"].errors
    assert {"referrals", "kind", "held_on", "country", "place", "token"} <= set(errors)


def test_future_dates_are_judged_in_the_officers_time_zone(
    personas: Personas, referral: Referral
) -> None:
    """The date on Kiritimati is ahead of UTC for most of the day, by one day at most."""
    personas.officer.time_zone = "Pacific/Kiritimati"
    personas.officer.save()
    client = personas.client("officer")
    with timezone.override("Pacific/Kiritimati"):
        today = timezone.localdate()
    late = client.post(
        REPORT, report_data(referral, held_on=(today + timedelta(days=1)).isoformat())
    )
    assert late.status_code == 422
    assert client.post(REPORT, report_data(referral, held_on=today.isoformat())).status_code == 302


def test_repeated_report_creates_one_operation(officer: Client, referral: Referral) -> None:
    form = report_data(referral)
    places = [officer.post(REPORT, form)["Location"] for _ in range(3)]
    assert len(set(places)) == 1
    assert Operation.objects.count() == 1
    assert Update.objects.filter(kind="operation_reported").count() == 1


@pytest.mark.django_db(transaction=True)
def test_simultaneous_clicks_create_one_operation() -> None:
    agency = factories.agency()
    person = factories.officer(agency)
    referral = factories.accepted_referral(agency, officer=person)
    form = report_data(referral)
    places = run_concurrently(*[lambda: browser_of(person).post(REPORT, form).get("Location")] * 4)
    made = Operation.objects.get()
    assert places == [reverse("liaison:operation", args=[made.reference])] * 4


def test_repeated_report_with_other_figures_is_a_conflict(
    officer: Client, referral: Referral
) -> None:
    form = report_data(referral)
    officer.post(REPORT, form)
    made = Operation.objects.get()
    response = officer.post(REPORT, form | {"arrests": "7"})
    assert response.status_code == 409
    assert f"submitted as operation {made.reference}" in text(response)
    assert 'value="7"' in response.content.decode()
    made.refresh_from_db()
    assert made.arrests == 5


def test_token_of_another_officer_is_refused(
    personas: Personas, officer: Client, referral: Referral
) -> None:
    form = report_data(referral)
    officer.post(REPORT, form)
    colleague = browser_of(factories.officer(personas.agency))
    assert colleague.post(REPORT, form).status_code == 409


def test_report_on_a_withdrawn_referral_is_refused(
    personas: Personas, officer: Client, referral: Referral, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = operations.report

    def late(**kwargs: Any) -> Operation:
        referrals.withdraw(referral=referral, by=personas.moderator, note="Mistake.")
        return real(**kwargs)

    monkeypatch.setattr(operations, "report", late)
    response = officer.post(REPORT, report_data(referral))
    assert response.status_code == 409
    assert 'value="Yiwu"' in response.content.decode()
    assert Operation.objects.count() == 0


def test_input_survives_session_expiry(
    personas: Personas, officer: Client, referral: Referral
) -> None:
    form = report_data(referral, form_owner=form_owner(officer, REPORT))
    end_session(officer)
    assert officer.post(REPORT, form).status_code == 302
    officer.force_login(personas.officer)
    page = officer.get(REPORT)
    assert "Your session expired." in text(page)
    assert "Two workshops behind a market hall." in text(page)
    html = page.content.decode()
    assert re.search(rf'value="{referral.pk}"[^>]*checked', html)
    assert form["token"] in html
