"""Programs file cases as the pages do."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.urls import reverse

from cases.models import Case, CaseEvent, HiddenLink, Listing, Marketplace
from cases.services import counter_notices, filing
from members.models import StoredAnswer
from tests import factories
from tests.concurrency import run_concurrently
from tests.factories.api import Api, access_token, api_of, complaint_body, fields
from tests.factories.files import png
from tests.forms import form_data
from tests.personas import Personas

pytestmark = pytest.mark.django_db


def test_a_case_from_the_draft_to_the_submission(
    api: Api, personas: Personas, complaint: dict[str, Any]
) -> None:
    made = api.post("/cases", complaint)
    assert made.status_code == 201, made.content
    draft = made.json()
    reference = draft["reference"]
    assert made.headers["Location"] == f"/api/v1/cases/{reference}"
    assert made.headers["ETag"] == f'"{draft["version"]}"'
    assert (draft["status"], draft["seller"]["name"]) == ("draft", "Moonlight Boutique")
    assert [one["price"] for one in draft["listings"]] == ["199.00", "199.00"]
    assert draft["listings"][0]["still_up"] == "draft"
    assert draft["next_step"]["by"] == "member"

    missing = api.get(f"/cases/{reference}/problems").json()
    assert missing["is_complete"] is False
    assert [problem["field"] for problem in missing["problems"]] == ["evidence"]
    refused = api.post(f"/cases/{reference}/submit", {"good_faith": False})
    assert set(fields(refused)) == {"evidence", "good_faith"}

    sent = {
        "file": png("page.png"),
        "kind": "screenshot",
        "shows_url": complaint["listings"][0]["url"],
    }
    file = api.upload(f"/cases/{reference}/evidence", sent)
    assert file.status_code == 201, file.content
    assert api.get(f"/cases/{reference}/problems").json()["is_complete"] is True
    done = api.post(f"/cases/{reference}/submit", {"good_faith": True})
    assert done.status_code == 200, done.content
    case = Case.objects.get(reference=reference)
    assert (case.status, case.good_faith_by) == ("submitted", personas.filer)
    assert done.json()["status"] == "submitted"
    assert done.json()["evidence"][0]["sha256"] == file.json()["sha256"]
    assert done.json()["listings"][0]["still_up"] == "awaits_moderator"
    assert "decides by" in done.json()["listings"][0]["still_up_text"]
    # Sent again, it has no further effect.
    assert api.post(f"/cases/{reference}/submit", {"good_faith": True}).status_code == 200
    [entry] = api.get(f"/cases/{reference}/events").json()["items"]
    assert (entry["kind"], entry["actor"], entry["listings"]) == ("submitted", "Fay Filer", 2)
    assert api.get(f"/cases/{reference}/problems").status_code == 409
    # The page shows the same case.
    assert reference in personas.client("filer").get(case.get_absolute_url()).content.decode()


def test_everything_that_is_wrong_is_said_at_once(
    api: Api, complaint: dict[str, Any], market: Marketplace
) -> None:
    first, second = complaint["listings"]
    wrong = complaint | {
        "right_id": 999_999,
        "seller": {"shop": first["url"], "identifiers": {"email": ["no address"]}},
        "listings": [
            first | {"currency": ""},
            second | {"seen_on": "2999-01-01"},
            {"url": "not an address"},
            {"url": second["url"] + "?x=1", "currency": "XXX"},
        ],
    }
    found = fields(api.post("/cases", wrong))
    assert found.keys() >= {
        *("right_id", "seller.shop", "seller.identifiers.email", "listings.0.currency"),
        *("listings.1.seen_on", "listings.2.url", "listings.3.currency"),
    }
    assert not Case.objects.exists()
    # Types and unknown fields are checked before.
    assert set(fields(api.post("/cases", {"violation": "theft", "x": 1}))) == {
        *("right_id", "violation", "jurisdiction", "x"),
    }


def test_a_draft_may_be_incomplete(api: Api, personas: Personas) -> None:
    least = {"right_id": personas.right.pk, "violation": "counterfeit", "jurisdiction": "us"}
    made = api.post("/cases", least)
    assert made.status_code == 201, made.content
    found = api.get(f"/cases/{made.json()['reference']}/problems").json()["problems"]
    assert [one["field"] for one in found] == [
        *("goods_class", "jurisdiction", "infringement_in", "explanation", "seller", "listings"),
        "evidence",
    ]


def test_listings_of_several_shops_are_named(
    api: Api, complaint: dict[str, Any], market: Marketplace
) -> None:
    other = factories.marketplace()
    complaint["listings"].append({"url": factories.listing_urls(other, 1)[0]})
    complaint["seller"] |= {"marketplace": "yimart"}
    refused = api.post("/cases", complaint)
    assert set(fields(refused)) == {"listings"}
    [error] = refused.json()["errors"]
    assert "2 shops: shop-15 (2)" in error["detail"]
    assert str(other) in error["detail"]


def test_shops_on_independent_websites_are_known_by_their_urls(
    api: Api, complaint: dict[str, Any]
) -> None:
    complaint["listings"] = [{"url": "https://shop.cheap-bags.example/products/1"}]
    del complaint["seller"]
    made = api.post("/cases", complaint)
    assert made.status_code == 201, made.content
    assert made.json()["seller"]["shop"] == "shop.cheap-bags.example"


def test_what_was_filed_before_is_noticed(
    api: Api, personas: Personas, complaint: dict[str, Any]
) -> None:
    urls = [one["url"] for one in complaint["listings"]]
    seller = factories.seller(Marketplace.objects.get(slug="yimart"))
    mine = factories.submitted_case(
        by=personas.filer, citing=personas.right, against=seller, urls=urls[:1]
    )
    factories.submitted_case(against=seller, urls=urls[1:])
    complaint["seller"] = {"shop": seller.external_id}
    reference = api.post("/cases", complaint).json()["reference"]
    found = api.get(f"/cases/{reference}/problems").json()
    assert [(one["kind"], one["reference"]) for one in found["notices"]] == [
        ("filed_already", mine.reference),
        ("other_member", None),
    ]
    assert mine.reference in found["problems"][0]["detail"]


def test_drafts_are_changed_by_their_version(api: Api, complaint: dict[str, Any]) -> None:
    made = api.post("/cases", complaint).json()
    path = f"/cases/{made['reference']}"
    hidden = {
        "advertised_in": "A live stream",
        "how_to_order": "Variant B",
        "what_arrives": "A copy",
    }
    change = {"explanation": "Glued seams.", "hidden_link": hidden}
    assert api.patch(path, change).status_code == 428
    assert api.patch(path, change, If_Match='"old"').status_code == 412
    changed = api.patch(path, change, If_Match=f'"{made["version"]}"')
    assert changed.status_code == 200, changed.content
    assert changed.json()["explanation"] == "Glued seams."
    assert changed.json()["hidden_link"] == hidden
    assert changed.json()["listings"] == made["listings"]
    assert changed.json()["version"] != made["version"]
    # Repeated with the old version, it changes nothing and is harmless.
    assert api.patch(path, change, If_Match=made["version"]).status_code == 200
    # A page that has saved the draft in between is not overwritten.
    stale = {"explanation": "Other."}
    assert api.patch(path, stale, If_Match=made["version"]).status_code == 412
    assert Case.objects.get().explanation == "Glued seams."

    first, second = made["listings"]
    version = changed.json()["version"]
    listings = [
        {"url": second["url"], "price": "5", "currency": "EUR", "title": "Bag"},
        {"url": first["url"]},
    ]
    answer = api.patch(path, {"listings": listings, "hidden_link": None}, If_Match=version).json()
    assert [one["url"] for one in answer["listings"]] == [second["url"], first["url"]]
    assert [(one["price"], one["currency"]) for one in answer["listings"]] == [
        ("5.00", "EUR"),
        (None, ""),
    ]
    assert answer["seller"] == made["seller"]
    assert not HiddenLink.objects.exists()
    seller = {"shop": "shop-16", "identifiers": {"phone": ["+86 139 1234 5678"]}}
    answer = api.patch(path, {"seller": seller}, If_Match=answer["version"]).json()
    assert answer["seller"]["shop"] == "shop-16"
    assert [one["kind"] for one in answer["identifiers"]] == ["phone"]
    assert len(answer["listings"]) == 2


def test_a_submitted_case_cannot_be_changed(api: Api, personas: Personas) -> None:
    case = factories.submitted_case(by=personas.filer, citing=personas.right)
    refused = api.patch(f"/cases/{case.reference}", {"explanation": "x"}, If_Match="x")
    assert refused.status_code == 409


def test_withdrawing_and_discarding(api: Api, personas: Personas) -> None:
    mine = {"by": personas.filer, "citing": personas.right}
    case, draft = factories.submitted_case(**mine), factories.draft_case(**mine)
    for _ in range(2):
        done = api.post(f"/cases/{case.reference}/withdraw", {"reason": "Settled."})
        assert (done.status_code, done.json()["status"]) == (200, "withdrawn")
    assert case.events.get(kind="withdrawn").note == "Settled."
    key = {"Idempotency_Key": "discard"}
    for _ in range(2):
        done = api.post(f"/cases/{draft.reference}/withdraw", {}, **key)
        assert (done.status_code, done.json()["status"]) == (200, "withdrawn")
    assert api.get(f"/cases/{draft.reference}").status_code == 404
    # Every part of the answer says so.
    assert {one["still_up"] for one in done.json()["listings"]} == {"withdrawn"}
    assert done.json()["next_step"]["by"] is None
    assert "withdrawn" in done.json()["next_step"]["text"]
    decided = factories.upheld_case(**mine)
    assert api.post(f"/cases/{decided.reference}/withdraw", {}).status_code == 409


def test_answering_moderators(api: Api, personas: Personas) -> None:
    mine = {"by": personas.filer, "citing": personas.right}
    case = factories.information_requested_case(**mine)
    path = f"/cases/{case.reference}"
    asked = api.get(path).json()
    assert asked["question"]["text"] == "A photo of the inner label, please."
    assert asked["question"]["reason"]["label"]
    assert (asked["next_step"]["by"], asked["next_step"]["due_at"]) == (
        "member",
        asked["answer_due_at"],
    )
    assert (
        api.upload(f"{path}/evidence", {"file": png("label.png"), "kind": "document"}).status_code
        == 201
    )
    for _ in range(2):
        assert api.post(f"{path}/answer", {"text": "Attached."}).json()["status"] == "submitted"
    assert case.events.filter(kind="answered").count() == 1
    assert api.post(f"{path}/answer", {"text": "Other"}).status_code == 409
    assert set(fields(api.post(f"{path}/answer", {"text": ""}))) == {"text"}


def test_answering_a_counter_notice(api: Api, personas: Personas) -> None:
    case = factories.counter_noticed_case(by=personas.filer, citing=personas.right)
    path = f"/cases/{case.reference}"
    noticed = api.get(path).json()
    assert noticed["counter_notice"]["statement"]
    assert noticed["next_step"]["by"] == "member"
    done = api.post(f"{path}/counter-notice/answer", {"text": "The seller is wrong."})
    assert done.status_code == 200, done.content
    assert done.json()["counter_notice"]["answered_at"]
    notice = counter_notices.open_notice(case)
    assert notice is not None
    assert notice.answer == "The seller is wrong."
    assert api.post(f"{path}/counter-notice/answer", {"text": "Again"}).status_code == 409


def test_who_may_do_what(personas: Personas, complaint: dict[str, Any]) -> None:
    viewer = api_of(personas, "viewer")
    draft = factories.draft_case(by=personas.filer, citing=personas.right)
    path = f"/cases/{draft.reference}"
    # Colleagues see drafts, as on the pages.
    assert viewer.get(path).json()["next_step"]["text"] == "The draft has not been submitted yet."
    # The problems are for people who may file: they say what other members have filed.
    assert viewer.get(f"{path}/problems").status_code == 403
    steps = {
        "": complaint,
        f"/{draft.reference}/submit": {"good_faith": True},
        f"/{draft.reference}/withdraw": {},
    }
    for step, body in steps.items():
        assert viewer.post(f"/cases{step}", body).status_code == 403
    assert viewer.patch(path, {}, If_Match="x").status_code == 403
    assert viewer.upload(f"{path}/evidence", {"file": png(), "kind": "document"}).status_code == 403
    stranger = api_of(personas, "stranger")
    assert stranger.get(path).status_code == 404
    assert stranger.get(f"{path}/events").status_code == 404
    assert stranger.get(f"{path}/problems").status_code == 404
    for step, body in steps.items():
        assert stranger.post(f"/cases{step}", body).status_code in (404, 422)
    assert set(fields(stranger.post("/cases", complaint))) == {"right_id"}
    reads = api_of(personas, "filer", "cases:read")
    assert reads.get(path).status_code == 200
    assert reads.post("/cases", complaint).status_code == 403
    assert api_of(personas, "filer", "rights:read").get("/cases").status_code == 403
    # A colleague who files may go on with the draft.
    owner = api_of(personas, "owner")
    assert owner.post(f"{path}/submit", {"good_faith": True}).status_code == 200


def test_a_token_of_an_agent_files_for_its_member_only(
    personas: Personas, complaint: dict[str, Any]
) -> None:
    other = factories.right(factories.brand())
    agent = factories.agent(personas.member, other.brand.member)
    api = Api(access_token(personas.member, agent)[1])
    assert api.post("/cases", complaint).status_code == 201
    assert set(fields(api.post("/cases", complaint | {"right_id": other.pk}))) == {"right_id"}
    made = api.get("/cases").json()["items"][0]
    change = {"right_id": other.pk}
    version = api.get(f"/cases/{made['reference']}").json()["version"]
    assert set(fields(api.patch(f"/cases/{made['reference']}", change, If_Match=version))) == {
        "right_id"
    }


def test_the_same_key_files_one_case(api: Api, complaint: dict[str, Any]) -> None:
    first = api.post("/cases", complaint, Idempotency_Key="k")
    again = api.post("/cases", complaint, Idempotency_Key="k")
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert Case.objects.count() == 1
    other = complaint | {"explanation": "Other"}
    assert api.post("/cases", other, Idempotency_Key="k").status_code == 422
    assert Case.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_submissions_at_the_same_moment_make_one_case() -> None:
    right, market = factories.right(), factories.marketplace()
    filer = factories.filer(right.brand.member)
    secret = access_token(right.brand.member, filer)[1]
    body = complaint_body(right, market)

    def file() -> tuple[int, bytes]:
        answer = Api(secret).post("/cases", body, Idempotency_Key="k")
        return answer.status_code, answer.content

    first, *others = run_concurrently(*[file] * 8)
    assert first[0] == 201, first[1]
    assert others == [first] * 7
    case = Case.objects.get()

    def add() -> int:
        sent = {"file": png("one.png", seed=7), "kind": "screenshot"}
        return int(
            Api(secret)
            .upload(f"/cases/{case.reference}/evidence", sent, Idempotency_Key="f")
            .status_code
        )

    assert set(run_concurrently(*[add] * 4)) == {201}

    def submit(key: str) -> int:
        path = f"/cases/{case.reference}/submit"
        return int(Api(secret).post(path, {"good_faith": True}, Idempotency_Key=key).status_code)

    keys = ["s", "s", "s", "s", *(str(uuid.uuid4()) for _ in range(4))]
    assert set(run_concurrently(*[lambda key=key: submit(key) for key in keys])) == {200}
    assert CaseEvent.objects.filter(case=case).count() == 1
    assert Listing.objects.filter(is_open=True).count() == 2


def test_the_page_is_warned_of_what_a_program_saved(
    api: Api, personas: Personas, complaint: dict[str, Any]
) -> None:
    made = api.post("/cases", complaint).json()
    page = personas.client("filer")
    url = reverse("desk:complaint", args=[made["reference"]])
    data = form_data(page.get(url), "complaint-form", explanation="Typed on the page.")
    api.patch(f"/cases/{made['reference']}", {"explanation": "Sent."}, If_Match=made["version"])
    assert page.post(url, data).status_code == 409
    assert Case.objects.get().explanation == "Sent."


def test_answers_are_kept_for_each_step(api: Api, personas: Personas) -> None:
    case = factories.draft_case(by=personas.filer, citing=personas.right)
    path = f"/cases/{case.reference}/submit"
    assert api.post(path, {"good_faith": False}, Idempotency_Key="k").status_code == 422
    assert not StoredAnswer.objects.exists()
    assert api.post(path, {"good_faith": True}, Idempotency_Key="k").status_code == 200
    filing.withdraw(case=case, by=personas.filer)
    again = api.post(path, {"good_faith": True}, Idempotency_Key="k")
    assert (again.status_code, again.json()["status"]) == (200, "submitted")
