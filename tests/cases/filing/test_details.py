"""Prices and sales of listings, stated by the brand and used by referral rules."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from alliance.lib.refusals import Refusal
from cases.models import Case
from cases.models.event import EventKind
from cases.queries import proposals
from cases.services import filing, listing_details
from cases.services.listing_details import Detail
from cases.states import Status
from tests import factories
from tests.cases.filing.forms import NEW, at, complaint, words
from tests.forms import form_data
from tests.personas import Personas

pytestmark = pytest.mark.django_db


def details_form(client: Client, case: Case, *rows: tuple[str, str, str], **changes: str) -> Any:
    """Return the data of the details form with title, price and units sold of each listing."""
    data = form_data(client.get(at(case, "details")), "details-form", **changes)
    for listing, (title, price, units) in zip(
        case.listings.order_by("position"), rows, strict=True
    ):
        data |= {
            f"title_{listing.pk}": title,
            f"price_{listing.pk}": price,
            f"units_{listing.pk}": units,
        }
    return data


def stated(case: Case) -> list[tuple[Any, ...]]:
    rows = case.listings.order_by("position")
    return list(rows.values_list("title", "price", "currency", "units_sold"))


def test_details_are_saved_shown_and_copied(
    personas: Personas, client: Client, draft: Case
) -> None:
    listings = form_data(client.get(at(draft, "listings")), "listings-form", then="details")
    assert client.post(at(draft, "listings"), listings)["Location"] == at(draft, "details")
    rows = [("【原单】 Jacket", "1,280.50", "1.2万"), ("", "", "")]
    data = details_form(client, draft, *rows, currency="CNY", then="next")
    assert client.post(at(draft, "details"), data)["Location"] == at(draft, "evidence")
    kept = [("【原单】 Jacket", Decimal("1280.50"), "CNY", 12_000), ("", None, "", None)]
    assert stated(draft) == kept
    page = words(client.get(at(draft, "check"))).replace("\xa0", " ")
    for text in ("【原单】 Jacket", "CNY 1,280.50", "12,000"):
        assert text in page
    again = form_data(client.get(at(draft, "details")), "details-form")
    assert "1,280.50" in again.values()
    assert "12,000" in again.values()
    # Saving the listings again keeps their details.
    client.post(
        at(draft, "listings"), form_data(client.get(at(draft, "listings")), "listings-form")
    )
    assert stated(draft) == kept
    case = filing.submit(case=draft, by=personas.filer, good_faith=True)
    page = words(client.get(case.get_absolute_url())).replace("\xa0", " ")
    assert "CNY 1,280.50" in page
    client.post(NEW, complaint(personas.right, like=case.reference))
    assert stated(Case.objects.get(status=Status.DRAFT)) == kept


def test_rule_by_value_uses_the_stated_details(
    personas: Personas, client: Client, mine: dict[str, Any]
) -> None:
    rule = factories.referral_rule(personas.agency, minimum_value=Decimal(500_000))
    case = factories.upheld_case(**mine)
    assert proposals.propose(case) == []
    rows = [("", "250", "2000"), ("", "1", "")]
    client.post(at(case, "details"), details_form(client, case, *rows, currency="CNY"))
    case.refresh_from_db()
    found = proposals.propose(case)
    assert [proposal.rule for proposal in found] == [rule]
    assert "worth CNY 500,001" in found[0].words


@pytest.mark.parametrize(
    ("row", "changes", "sentence"),
    [
        (("", "12500,50", ""), {"currency": "CNY"}, "Enter it like 12,500.50"),
        (("", "5", "1.000"), {"currency": "CNY"}, "Enter a whole number like 12,500"),
        (("", "5", ""), {"currency": ""}, "Choose the currency of the prices."),
        (("", "-5", ""), {"currency": "CNY"}, "greater than or equal to 0"),
        (("x" * 301, "", ""), {}, "at most 300 characters"),
    ],
)
def test_invalid_input_is_explained_and_kept(
    client: Client, draft: Case, row: tuple[str, str, str], changes: dict[str, str], sentence: str
) -> None:
    data = details_form(client, draft, row, ("Kept", "", ""), **changes)
    response = client.post(at(draft, "details"), data)
    assert response.status_code == 422
    assert sentence in words(response)
    assert form_data(response, "details-form") | {"form_owner": data["form_owner"]} == data
    assert stated(draft) == [("", None, "", None)] * 2


def test_day_is_given_once_for_all_rows_and_shown(
    personas: Personas, client: Client, mine: dict[str, Any]
) -> None:
    case = factories.submitted_case(**mine)
    first, second = case.listings.order_by("position")
    today = timezone.localdate()
    data = form_data(client.get(at(case, "details")), "details-form")
    for wrong, sentence in (
        (today + timedelta(days=3), "This day is in the future."),
        (date(202, 1, 1), "Check the year."),
        ("yesterday", "Enter a valid date."),
    ):
        response = client.post(at(case, "details"), data | {f"seen_{second.pk}": str(wrong)})
        assert response.status_code == 422
        assert sentence in words(response)
    own = today - timedelta(days=2)
    data |= {"all_seen_on": today.isoformat(), f"seen_{second.pk}": own.isoformat()}
    assert client.post(at(case, "details"), data).status_code == 302
    assert list(case.listings.order_by("position").values_list("seen_on", flat=True)) == [
        today,
        own,
    ]
    again = form_data(client.get(at(case, "details")), "details-form")
    assert again[f"seen_{first.pk}"] == today.isoformat()
    for page in (
        client.get(case.get_absolute_url()),
        personas.client("moderator").get(reverse("triage:case", args=[case.reference])),
    ):
        assert f'<time datetime="{own.isoformat()}">' in page.content.decode()
    day = {first.pk: Detail(seen_on=today + timedelta(days=3))}
    with pytest.raises(Refusal):
        listing_details.describe(case=case, by=personas.filer, details=day, currency="")


def test_default_currency_is_that_of_the_marketplace(
    client: Client, mine: dict[str, Any], settings: Any
) -> None:
    market = factories.marketplace(country="KR")
    case = factories.draft_case(**mine, against=factories.seller(on=market))
    assert form_data(client.get(at(case, "details")), "details-form")["currency"] == "KRW"
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    assert "人民币" in client.get(at(case, "details")).content.decode()


def test_details_of_a_submitted_case_are_on_the_timeline(
    client: Client, mine: dict[str, Any]
) -> None:
    case = factories.submitted_case(**mine)
    data = details_form(client, case, ("A", "", ""), ("B", "", "3"))
    for _ in range(2):
        assert client.post(at(case, "details"), data)["Location"] == case.get_absolute_url()
    event = case.events.get(kind=EventKind.LISTINGS_DESCRIBED)
    assert event.data == {"listings": 2}
    assert "Prices and sales updated" in words(client.get(case.get_absolute_url()))


def test_details_of_a_submitted_case_save_the_case_once(mine: dict[str, Any]) -> None:
    """With the event on the timeline. Only a draft, which has no timeline, is saved for its details."""
    for case in (factories.submitted_case(**mine), factories.draft_case(**mine)):
        details = {case.listings.earliest("position").pk: Detail("A")}
        with CaptureQueriesContext(connection) as captured:
            listing_details.describe(case=case, by=case.created_by, details=details, currency="")
        saved = [one for one in captured if one["sql"].startswith('UPDATE "cases_case" ')]
        assert len(saved) == 1
        assert Case.objects.get(pk=case.pk).updated_at > case.updated_at


def test_details_of_a_closed_case_cannot_change(client: Client, mine: dict[str, Any]) -> None:
    case = factories.rejected_case(**mine)
    assert client.get(at(case, "details"))["Location"] == case.get_absolute_url()
    assert "State prices" not in words(client.get(case.get_absolute_url()))
    assert client.post(at(case, "details"), {}).status_code == 409


def test_edit_conflict_on_details(personas: Personas, client: Client, draft: Case) -> None:
    mine = details_form(client, draft, ("Mine", "", ""), ("", "", ""))
    colleague = personas.client("owner")
    theirs = details_form(colleague, draft, ("Theirs", "5", ""), ("", "", ""), currency="CNY")
    colleague.post(at(draft, "details"), theirs)
    response = client.post(at(draft, "details"), mine)
    assert response.status_code == 409
    assert "Theirs" in words(response)
    assert stated(draft)[0][0] == "Theirs"
    again = form_data(response, "details-form")
    assert client.post(at(draft, "details"), again).status_code == 302
    assert stated(draft)[0][0] == "Mine"
    # After the submission it is a case.
    filing.submit(case=draft, by=personas.filer, good_faith=True)
    mine = details_form(client, draft, ("Late", "", ""), ("", "", ""))
    colleague.post(
        at(draft, "details"), details_form(colleague, draft, ("Last", "", ""), ("", "", ""))
    )
    page = words(client.post(at(draft, "details"), mine))
    assert "This case was changed in another window" in page
    assert "Two versions of this case" in page


def test_form_accepts_300_listings(client: Client, mine: dict[str, Any]) -> None:
    case = factories.draft_case(**mine, listings=300)
    data = details_form(client, case, *[("T", "1", "1")] * 300, currency="CNY")
    assert client.post(at(case, "details"), data).status_code == 302
    assert case.listings.filter(currency="CNY").count() == 300


def test_page_uses_a_constant_number_of_queries(
    client: Client, mine: dict[str, Any], django_assert_max_num_queries: Any, settings: Any
) -> None:
    settings.USERSESSIONS_TRACK_ACTIVITY = False
    costs = []
    for count in (1, 30):
        case = factories.draft_case(**mine, listings=count)
        client.get(at(case, "details"))
        with django_assert_max_num_queries(8) as cost:
            client.get(at(case, "details"))
        costs.append(len(cost))
    assert costs[0] == costs[1]
