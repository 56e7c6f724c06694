"""Autosave of drafts."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from cases.models import Case, Marketplace, Seller
from cases.services import filing
from tests import factories
from tests.cases.filing.forms import at, complaint, seller, words
from tests.personas import Personas

pytestmark = pytest.mark.django_db


def autosave(client: Client, url: str, data: dict[str, Any]) -> Any:
    data = {name: value for name, value in data.items() if name != "then"}
    return client.post(url, data, headers={"HX-Request": "true"})


def test_autosave_saves_valid_input(
    personas: Personas, client: Client, draft: Case, market: Marketplace
) -> None:
    answer = autosave(client, at(draft, "complaint"), complaint(personas.right, explanation=""))
    assert "Draft saved at" in words(answer)
    draft.refresh_from_db()
    assert draft.explanation == ""
    answer = autosave(client, at(draft, "listings"), {"urls": f"{market.hosts[0]}/item/3"})
    assert "Draft saved at" in words(answer)
    assert draft.listings.get().canonical_key == f"{market.pk}:3"
    shop = {"marketplace": market.pk, "shop": "820077"}
    answer = autosave(client, at(draft, "listings"), {"urls": f"{market.hosts[0]}/item/3"} | shop)
    assert "Draft saved at" in words(answer)
    draft.refresh_from_db()
    assert draft.seller
    assert draft.seller.external_id == "820077", "the name is still missing"
    answer = autosave(client, at(draft, "listings"), {"urls": "nonsense"})
    assert "Not saved yet" in words(answer)
    assert answer.status_code == 422, "the browser would forget what was typed"


def test_autosave_after_submission_is_refused(
    personas: Personas, client: Client, draft: Case
) -> None:
    filing.submit(case=draft, by=personas.owner, good_faith=True)
    answer = autosave(client, at(draft, "complaint"), complaint(personas.right))
    assert "already been submitted" in words(answer)


def test_unchanged_listings_keep_their_rows(
    client: Client, draft: Case, market: Marketplace
) -> None:
    urls = [f"{market.hosts[0]}/item/{n}" for n in range(5)]
    client.post(at(draft, "listings"), seller(market, urls))
    before = list(draft.listings.order_by("position").values_list("pk", flat=True))
    client.post(
        at(draft, "listings"), seller(market, [urls[4], *urls[1:4], f"{market.hosts[0]}/item/9"])
    )
    after = list(draft.listings.order_by("position").values_list("pk", flat=True))
    assert after[:4] == [before[4], *before[1:4]]
    assert len(after) == 5


def test_shop_name_can_be_corrected_until_submission(
    client: Client, draft: Case, market: Marketplace, mine: dict[str, Any]
) -> None:
    url = [f"{market.hosts[0]}/item/1"]
    for name in ("Shpo", "Shop"):
        client.post(at(draft, "listings"), seller(market, url, seller_name=name))
        draft.refresh_from_db()
        assert draft.shop_name == name
    filing.submit(case=draft, by=mine["by"], good_faith=True)
    known = Seller.objects.get(marketplace=market)
    assert known.name == "Shop"
    later = factories.draft_case(**mine, against=known)
    client.post(at(later, "listings"), seller(market, [f"{url[0]}2"], seller_name="Other"))
    known.refresh_from_db()
    later.refresh_from_db()
    assert known.name == "Shop"
    assert later.shop_name == "Other", "the draft keeps its own name"
    filing.submit(case=later, by=mine["by"], good_faith=True)
    later.refresh_from_db()
    assert later.shop_name == "Shop"
    assert [one.name for one in known.other_names.all()] == ["Other"]
