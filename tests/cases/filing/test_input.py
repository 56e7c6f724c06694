"""Bad input: every sentence says what to mend, and what was typed is kept."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from cases.models import Case, Marketplace
from cases.states import Status
from tests import factories
from tests.cases.filing.forms import NEW, at, complaint, seller, words
from tests.personas import Personas
from tests.sending import held

pytestmark = pytest.mark.django_db


def test_an_empty_form_says_what_is_needed(client: Client, draft: Case) -> None:
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


def test_bad_lines_are_named_by_number_and_kept(
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


def test_many_bad_lines_do_not_bury_the_form(
    client: Client, draft: Case, market: Marketplace
) -> None:
    page = words(client.post(at(draft, "listings"), seller(market, ["bad line"] * 40)))
    assert "Line 30:" in page
    assert "Line 31:" not in page
    assert "Also check these lines: 31, 32" in page


def test_5000_addresses_get_one_sentence(client: Client, draft: Case, market: Marketplace) -> None:
    urls = [f"https://{market.hosts[0]}/item/{n}?{'long=' * 60}" for n in range(5000)]
    response = client.post(at(draft, "listings"), seller(market, urls))
    assert response.status_code == 422
    page = response.content.decode()
    assert "You entered 5,000 URLs, and a case can have up to 300." in page
    assert "17 in all" in page
    assert urls[4999] in page


def test_301_are_too_many_unless_copies_make_them_fewer(
    client: Client, draft: Case, market: Marketplace
) -> None:
    urls = [f"https://{market.hosts[0]}/item/{n}" for n in range(301)]
    assert "You entered 301 URLs" in words(client.post(at(draft, "listings"), seller(market, urls)))
    copies = [*urls[:300], f"{urls[0]}?utm_source=mail", urls[1].replace("https", "http")]
    page = words(client.post(at(draft, "listings"), seller(market, copies), follow=True))
    assert "2 duplicate lines were merged." in page
    assert draft.listings.count() == 300


def test_a_shop_on_another_marketplace_is_questioned(
    client: Client, draft: Case, market: Marketplace
) -> None:
    typed = seller(market, [f"{market.hosts[0]}/item/1"], shop="https://other.example/shop")
    response = client.post(at(draft, "listings"), typed)
    assert f"This URL is not on {market.name}." in words(response)
    assert "https://other.example/shop" in response.content.decode()


@pytest.mark.parametrize("text", ["x" * 5001, "a\x00b"])
def test_a_text_that_cannot_be_taken_is_kept(personas: Personas, client: Client, text: str) -> None:
    response = client.post(NEW, complaint(personas.right, explanation=text))
    assert response.status_code == 422
    assert text[:1000] in response.content.decode()
    assert "maxlength" not in str(response.context["form"]["explanation"])


def test_a_line_break_counts_as_one_character(
    personas: Personas, client: Client, draft: Case
) -> None:
    lines = "\r\n".join(["x" * 48] * 102)
    assert len(lines.replace("\r\n", "\n")) == 4997
    typed = held(client.get(at(draft, "complaint")), "complaint-form", explanation=lines)
    assert client.post(at(draft, "complaint"), typed).status_code == 302
    draft.refresh_from_db()
    assert draft.explanation == lines.replace("\r\n", "\n")


def test_a_name_that_nobody_sees_is_refused(
    client: Client, draft: Case, market: Marketplace
) -> None:
    typed = held(client.get(at(draft, "listings")), "listings-form", seller_name="\u200b\u3164")
    response = client.post(at(draft, "listings"), typed)
    assert response.status_code == 422
    assert "This name has no visible characters." in words(response)


def test_control_characters_are_taken_out_of_a_name_and_that_is_said(
    client: Client, draft: Case
) -> None:
    page = client.get(at(draft, "listings"))
    typed = held(page, "listings-form", shop="820077", seller_name="Shop\u202egnp")
    page = words(client.post(at(draft, "listings"), typed, follow=True))
    assert "Invisible control characters were removed from the shop name." in page
    draft.refresh_from_db()
    assert draft.shop_name == "Shopgnp"


def test_script_in_names_is_text(client: Client, draft: Case, market: Marketplace) -> None:
    name = "<script>alert(1)</script>"
    typed = seller(market, [f"{market.hosts[0]}/item/1"], seller_name=name)
    client.post(at(draft, "listings"), typed)
    page = client.get(at(draft, "check")).content.decode()
    assert name not in page
    assert "&lt;script&gt;" in page


def test_wrong_combinations_are_saved_and_pointed_out(
    personas: Personas, client: Client, draft: Case
) -> None:
    typed = complaint(
        personas.right, violation="patent", jurisdiction="DE", goods_class=3, explanation="New."
    )
    response = client.post(at(draft, "complaint"), typed)
    assert response["Location"] == at(draft, "complaint")
    page = words(client.get(at(draft, "complaint")))
    for sentence in ("kind: Patent (invention)", "not valid in Germany", "for this class of goods"):
        assert sentence in page
    draft.refresh_from_db()
    assert draft.explanation == "New."


def test_what_was_filed_before_and_who_is_allowed_is_said_early(
    personas: Personas, client: Client, draft: Case, mine: dict[str, Any]
) -> None:
    other = factories.submitted_case(**mine, against=draft.seller)
    url = other.listings.earliest("position").url
    factories.authorised_seller(
        brand=personas.brand,
        marketplace=other.seller.marketplace,
        external_id=other.seller.external_id,
    )
    typed = seller(
        other.seller.marketplace, [url], shop=other.seller.external_id, seller_name="Shop"
    )
    page = words(client.post(at(draft, "listings"), typed, follow=True))
    assert f"{url} is already in your case {other.reference}." in page
    assert "The brand has authorised this seller" in page
    assert "Continue and fix later" in page
    assert f"This shop is already on record as “{other.seller.name}”" in page


def test_without_good_faith_nothing_is_submitted(client: Client, draft: Case) -> None:
    response = client.post(at(draft, "check"), {})
    assert response.status_code == 422
    assert "Confirm the good-faith statement." in words(response)
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT


def test_what_is_incomplete_is_listed_with_links(client: Client, mine: dict[str, Any]) -> None:
    case = factories.draft_case(**mine, files=0)
    response = client.post(at(case, "check"), {"good_faith": "on"})
    assert response.status_code == 422
    page = words(response)
    assert f'<a href="{at(case, "evidence")}">Add at least one piece of evidence' in page
    assert "checked" in page
