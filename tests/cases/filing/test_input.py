"""Invalid input: the error explains what to correct, and the input is kept."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from cases.models import Case, Marketplace
from cases.states import Status
from tests import factories
from tests.cases.filing.forms import NEW, at, complaint, seller, words
from tests.forms import form_data
from tests.personas import Personas

pytestmark = pytest.mark.django_db


def test_empty_form_names_required_fields(client: Client, draft: Case) -> None:
    page = words(client.post(NEW, {"then": "next"}))
    for sentence in (
        "Choose the infringed right.",
        "Choose the violation type.",
        "Choose the country or region.",
        "Choose the class of the goods offered.",
        "Explain why the listings infringe the right.",
    ):
        assert sentence in page
    response = client.post(at(draft, "listings"), {"then": "next", "urls": " \r\n "})
    assert response.status_code == 422
    for sentence in ("Choose the marketplace", "Enter the shop ID", "at least one listing URL"):
        assert sentence in words(response)
    assert draft.listings.count() == 2


def test_invalid_lines_are_numbered_and_kept(
    client: Client, draft: Case, market: Marketplace
) -> None:
    good = f"{market.hosts[0]}/item/1"
    response = client.post(
        at(draft, "listings"), seller(market, [good, "", "nonsense", good, "ftp://x.example/1"])
    )
    page = words(response)
    assert response.status_code == 422
    assert "Line 3: “nonsense” is not a valid URL." in page
    assert "Line 5: “ftp://x.example/1” is not a valid URL." in page
    assert "nonsense\n" in response.content.decode()
    assert "时尚潮流旗舰店" in page


def test_errors_of_many_invalid_lines_are_shortened(
    client: Client, draft: Case, market: Marketplace
) -> None:
    page = words(client.post(at(draft, "listings"), seller(market, ["bad line"] * 40)))
    assert "Line 30:" in page
    assert "Line 31:" not in page
    assert "Also check these lines: 31, 32" in page


def test_too_many_addresses_give_one_error(
    client: Client, draft: Case, market: Marketplace
) -> None:
    urls = [f"https://{market.hosts[0]}/item/{n}?{'long=' * 60}" for n in range(5000)]
    response = client.post(at(draft, "listings"), seller(market, urls))
    assert response.status_code == 422
    page = response.content.decode()
    assert "You entered 5,000 URLs, and a case can have up to 300." in page
    assert "17 in all" in page
    assert urls[4999] in page


def test_limit_counts_distinct_listings(client: Client, draft: Case, market: Marketplace) -> None:
    urls = [f"https://{market.hosts[0]}/item/{n}" for n in range(301)]
    assert "You entered 301 URLs" in words(client.post(at(draft, "listings"), seller(market, urls)))
    copies = [*urls[:300], f"{urls[0]}?utm_source=mail", urls[1].replace("https", "http")]
    page = words(client.post(at(draft, "listings"), seller(market, copies), follow=True))
    assert "2 duplicate lines were merged." in page
    assert draft.listings.count() == 300


def test_shop_on_another_marketplace_is_refused(
    client: Client, draft: Case, market: Marketplace
) -> None:
    data = seller(market, [f"{market.hosts[0]}/item/1"], shop="https://other.example/shop")
    response = client.post(at(draft, "listings"), data)
    assert f"This URL is not on {market.name}." in words(response)
    assert "https://other.example/shop" in response.content.decode()


@pytest.mark.parametrize("text", ["x" * 5001, "a\x00b"])
def test_invalid_text_is_kept(personas: Personas, client: Client, text: str) -> None:
    response = client.post(NEW, complaint(personas.right, explanation=text))
    assert response.status_code == 422
    assert text[:1000] in response.content.decode()
    assert "maxlength" not in str(response.context["form"]["explanation"])


def test_line_break_counts_as_one_character(
    personas: Personas, client: Client, draft: Case
) -> None:
    lines = "\r\n".join(["x" * 48] * 102)
    assert len(lines.replace("\r\n", "\n")) == 4997
    data = form_data(client.get(at(draft, "complaint")), "complaint-form", explanation=lines)
    assert client.post(at(draft, "complaint"), data).status_code == 302
    draft.refresh_from_db()
    assert draft.explanation == lines.replace("\r\n", "\n")


def test_invisible_name_is_refused(client: Client, draft: Case, market: Marketplace) -> None:
    data = form_data(client.get(at(draft, "listings")), "listings-form", seller_name="\u200b\u3164")
    response = client.post(at(draft, "listings"), data)
    assert response.status_code == 422
    assert "This name has no visible characters." in words(response)


def test_control_characters_are_removed_from_names_with_a_message(
    client: Client, draft: Case
) -> None:
    page = client.get(at(draft, "listings"))
    data = form_data(page, "listings-form", shop="820077", seller_name="Shop\u202egnp")
    page = words(client.post(at(draft, "listings"), data, follow=True))
    assert "Invisible control characters were removed from the shop name." in page
    draft.refresh_from_db()
    assert draft.shop_name == "Shopgnp"


def test_names_are_escaped(client: Client, draft: Case, market: Marketplace) -> None:
    name = "<script>alert(1)</script>"
    data = seller(market, [f"{market.hosts[0]}/item/1"], seller_name=name)
    client.post(at(draft, "listings"), data)
    page = client.get(at(draft, "check")).content.decode()
    assert name not in page
    assert "&lt;script&gt;" in page


def test_inconsistent_complaint_is_saved_with_warnings(
    personas: Personas, client: Client, draft: Case
) -> None:
    data = complaint(
        personas.right, violation="patent", jurisdiction="DE", goods_class=3, explanation="New."
    )
    response = client.post(at(draft, "complaint"), data)
    assert response["Location"] == at(draft, "complaint")
    page = words(client.get(at(draft, "complaint")))
    for sentence in ("kind: Patent (invention)", "not valid in Germany", "for this class of goods"):
        assert sentence in page
    draft.refresh_from_db()
    assert draft.explanation == "New."


def test_filed_listings_and_authorised_sellers_are_reported_early(
    personas: Personas, client: Client, draft: Case, mine: dict[str, Any]
) -> None:
    other = factories.submitted_case(**mine, against=draft.seller)
    url = other.listings.earliest("position").url
    factories.authorised_seller(
        brand=personas.brand,
        marketplace=other.seller.marketplace,
        external_id=other.seller.external_id,
    )
    data = seller(
        other.seller.marketplace, [url], shop=other.seller.external_id, seller_name="Shop"
    )
    page = words(client.post(at(draft, "listings"), data, follow=True))
    assert f"{url} is already in your case {other.reference}." in page
    assert "The brand has authorised this seller" in page
    assert "Continue and fix later" in page
    assert f"This shop is already on record as “{other.seller.name}”" in page


def test_submission_needs_the_good_faith_statement(client: Client, draft: Case) -> None:
    response = client.post(at(draft, "check"), {})
    assert response.status_code == 422
    assert "Confirm the good-faith statement." in words(response)
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT


def test_missing_parts_are_listed_with_links(client: Client, mine: dict[str, Any]) -> None:
    case = factories.draft_case(**mine, files=0)
    response = client.post(at(case, "check"), {"good_faith": "on"})
    assert response.status_code == 422
    page = words(response)
    assert f'<a href="{at(case, "evidence")}">Add at least one piece of evidence' in page
    assert "checked" in page
