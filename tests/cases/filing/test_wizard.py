"""Filing a case through the forms, from the first step to the last."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from cases.models import Case, Marketplace, OutgoingMail
from cases.states import Status
from tests import factories
from tests.cases.filing.forms import NEW, STEPS, at, complaint, seller, the_case, words
from tests.forms import form_data
from tests.personas import Personas

pytestmark = pytest.mark.django_db

REAL_SHOPS = Path(__file__).parents[3].parent / "shared" / "data" / "fake-shop-domains.txt"


def test_complete_filing(personas: Personas, client: Client, market: Marketplace) -> None:
    assert client.get(NEW).status_code == 200
    response = client.post(NEW, complaint(personas.right))
    case = the_case()
    assert response["Location"] == at(case, "listings")
    response = client.post(at(case, "listings"), seller(market, [f"{market.hosts[0]}/item/1"]))
    assert response["Location"] == at(case, "evidence")
    files = {"kind": "screenshot", "uploads": [factories.png()]}
    assert client.post(at(case, "evidence"), files)["Location"] == at(case, "evidence")
    page = words(client.get(at(case, "check")))
    for part in (personas.filer.name, personas.filer.email, "in good faith", "时尚潮流旗舰店"):
        assert part in page
    response = client.post(at(case, "check"), {"good_faith": "on"})
    assert response["Location"] == at(case, "submitted")
    page = words(client.get(at(case, "submitted")))
    assert case.reference in page
    assert "Expect a decision by" in page
    case = the_case()
    assert (case.status, case.good_faith_by, case.member) == (
        Status.SUBMITTED,
        personas.filer,
        personas.member,
    )
    assert OutgoingMail.objects.filter(case=case, user=personas.filer).count() == 1


@pytest.mark.parametrize(("button", "leads_to"), [("next", "check"), ("later", "")])
def test_leaving_the_evidence_step_attaches_the_chosen_file(
    client: Client, mine: dict[str, Any], button: str, leads_to: str
) -> None:
    case = factories.draft_case(**mine, files=0)
    target = at(case, leads_to) if leads_to else "/desk/"
    page = client.get(at(case, "evidence"))
    assert f'name="then" value="{button}" form="evidence-form"' in page.content.decode()
    empty = form_data(page, "evidence-form", then=button)
    assert client.post(at(case, "evidence"), empty)["Location"] == target
    files = empty | {"uploads": [factories.png("a.png"), factories.png("b.png")]}
    response = client.post(at(case, "evidence"), files, follow=True)
    assert response.redirect_chain[-1][0] == target
    assert "2 files were uploaded." in words(response)
    bad = empty | {"uploads": [factories.png("label.pdf")]}
    response = client.post(at(case, "evidence"), bad)
    assert response.status_code == 422
    assert "has the wrong extension" in words(response)
    assert case.evidence.count() == 2
    assert client.post(at(case, "evidence"), form_data(page, "evidence-form")).status_code == 422


def test_returning_to_the_case_attaches_the_chosen_file(
    client: Client, mine: dict[str, Any]
) -> None:
    case = factories.submitted_case(**mine)
    page = client.get(at(case, "evidence"))
    data = form_data(page, "evidence-form", then="back") | {"uploads": [factories.png("late.png")]}
    assert client.post(at(case, "evidence"), data)["Location"] == case.get_absolute_url()
    assert case.evidence.count() == 2


@pytest.mark.skipif(
    not REAL_SHOPS.exists(), reason=f"{REAL_SHOPS} does not lie beside the checkout"
)
def test_filing_with_300_real_addresses(personas: Personas, client: Client) -> None:
    shops = [line for line in REAL_SHOPS.read_text().splitlines() if line and line[0] != "#"]
    web = Marketplace.objects.filter(hosts=[]).first()
    assert web
    client.post(NEW, complaint(personas.right))
    case = the_case()
    data = seller(web, shops[:300], shop=shops[0], seller_name=shops[0])
    page = words(client.post(at(case, "listings"), data))
    assert "These URLs are on 300 marketplaces or websites" in page
    assert f"Line 2: This URL belongs to {shops[1]}, not to the shop {shops[0]}." in page
    pages = [f"{shops[0]}/product/{n}" for n in range(300)]
    data = seller(web, pages, shop=shops[0], seller_name=shops[0])
    assert client.post(at(case, "listings"), data)["Location"] == at(case, "evidence")
    client.post(at(case, "evidence"), {"kind": "screenshot", "uploads": [factories.png()]})
    assert client.post(at(case, "check"), {"good_faith": "on"})["Location"] == at(case, "submitted")
    filed = the_case().listings.order_by("position")
    assert [listing.url for listing in filed] == [f"https://{page}" for page in pages]
    assert filed.filter(is_open=True).count() == 300
    assert case.reference in words(client.get(at(case, "submitted")))
    assert len(client.get(f"{case.get_absolute_url()}?listings=all").context["listings"]) == 300


def test_steps_can_be_visited_in_any_order(client: Client, mine: dict[str, Any]) -> None:
    case = factories.draft_case(**mine, listings=0, files=0)
    for step in (*STEPS, *STEPS[::-1]):
        assert client.get(at(case, step)).status_code == 200
    page = words(client.get(at(case, "check")))
    for sentence in ("Enter the seller.", "Add at least one listing.", "Add at least one piece"):
        assert sentence in page
    assert at(case, "listings") in page
    assert at(case, "evidence") in page


def test_save_for_later_keeps_incomplete_input(
    personas: Personas, client: Client, market: Marketplace
) -> None:
    response = client.post(NEW, complaint(personas.right, explanation="", then="later"))
    assert response["Location"] == "/desk/"
    case = the_case()
    only_urls = {"urls": f"{market.hosts[0]}/item/5", "then": "later"}
    assert client.post(at(case, "listings"), only_urls)["Location"] == "/desk/"
    assert case.listings.count() == 1
    page = client.get(at(case, "listings"))
    assert f"{market.hosts[0]}/item/5" in page.content.decode()
    assert case.reference in words(client.get("/desk/"))


def test_rejected_case_can_be_filed_again(client: Client, mine: dict[str, Any]) -> None:
    rejected = factories.rejected_case(**mine, listings=3)
    page = client.get(f"{NEW}?like={rejected.reference}")
    assert rejected.explanation in page.content.decode()
    data = complaint(rejected.right, like=rejected.reference)
    client.post(NEW, data)
    client.post(NEW, data)
    again = Case.objects.get(status=Status.DRAFT)
    assert again.seller == rejected.seller
    assert list(again.listings.values_list("url", "position", "is_open")) == [
        (listing.url, listing.position, False) for listing in rejected.listings.all()
    ]


def test_another_members_case_cannot_be_copied(client: Client) -> None:
    theirs = factories.rejected_case()
    page = client.get(f"{NEW}?like={theirs.reference}")
    assert theirs.explanation not in page.content.decode()
