"""Filing a case through the forms, and every way in which it goes wrong."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from alliance.lib import clock
from cases.models import Case, Listing, Marketplace, OutgoingMail, Seller
from cases.services import filing, triage
from cases.services.completeness import Step, problems
from cases.states import Status
from members.models import IPRight, Membership
from tests import factories
from tests.personas import NAMES, Personas, browser_of

pytestmark = pytest.mark.django_db

NEW = "/cases/new/"
STEPS = ("complaint", "listings", "evidence", "check")
REAL_SHOPS = Path(__file__).parents[2].parent / "shared" / "data" / "fake-shop-domains.txt"


def at(case: Case, step: str) -> str:
    return reverse(f"desk:{step}", args=[case.reference])


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


def complaint(right: IPRight, **changes: Any) -> dict[str, Any]:
    return {
        "token": str(uuid.uuid4()),
        "right": right.pk,
        "violation": "counterfeit",
        "jurisdiction": "CN",
        "goods_class": 25,
        "explanation": "The label is misspelt.",
        "then": "next",
        **changes,
    }


def seller(on: Marketplace, urls: list[str], **changes: Any) -> dict[str, Any]:
    return {
        "marketplace": on.pk,
        "shop": "820011",
        "seller_name": "时尚潮流旗舰店",
        "urls": "\r\n".join(urls),
        "then": "next",
        **changes,
    }


@pytest.fixture
def client(personas: Personas) -> Client:
    return personas.client("filer")


@pytest.fixture
def market() -> Marketplace:
    return factories.marketplace()


@pytest.fixture
def mine(personas: Personas) -> dict[str, Any]:
    return {"by": personas.filer, "citing": personas.right}


@pytest.fixture
def draft(mine: dict[str, Any]) -> Case:
    return factories.draft_case(**mine)


def the_case() -> Case:
    return Case.objects.get()


# --- The way through -------------------------------------------------------------------------


def test_a_case_is_filed_through_the_forms(
    personas: Personas, client: Client, market: Marketplace
) -> None:
    assert client.get(NEW).status_code == 200
    response = client.post(NEW, complaint(personas.right))
    case = the_case()
    assert response["Location"] == at(case, "listings")
    response = client.post(at(case, "listings"), seller(market, [f"{market.hosts[0]}/item/1"]))
    assert response["Location"] == at(case, "evidence")
    files = {"kind": "screenshot", "uploads": [factories.png()]}
    assert client.post(at(case, "evidence"), files)["Location"] == at(case, "evidence")
    page = words(client.get(at(case, "check")))
    for part in (personas.filer.name, personas.filer.email, "In good faith", "时尚潮流旗舰店"):
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


@pytest.mark.skipif(
    not REAL_SHOPS.exists(), reason=f"{REAL_SHOPS} does not lie beside the checkout"
)
def test_300_real_addresses_are_filed(personas: Personas, client: Client) -> None:
    shops = [line for line in REAL_SHOPS.read_text().splitlines() if line and line[0] != "#"]
    web = Marketplace.objects.filter(hosts=[]).first()
    assert web
    client.post(NEW, complaint(personas.right))
    case = the_case()
    typed = seller(web, shops[:300], shop=shops[0], seller_name=shops[0])
    assert client.post(at(case, "listings"), typed)["Location"] == at(case, "evidence")
    client.post(at(case, "evidence"), {"kind": "screenshot", "uploads": [factories.png()]})
    assert client.post(at(case, "check"), {"good_faith": "on"})["Location"] == at(case, "submitted")
    filed = the_case().listings.order_by("position")
    assert [listing.url for listing in filed] == [f"https://{shop}" for shop in shops[:300]]
    assert filed.filter(is_open=True).count() == 300
    assert case.reference in words(client.get(at(case, "submitted")))
    assert len(client.get(f"{case.get_absolute_url()}?listings=all").context["listings"]) == 300


def test_steps_are_visited_in_any_order(client: Client, mine: dict[str, Any]) -> None:
    case = factories.draft_case(**mine, listings=0, files=0)
    for step in (*STEPS, *STEPS[::-1]):
        assert client.get(at(case, step)).status_code == 200
    page = words(client.get(at(case, "check")))
    for sentence in ("Name the seller.", "Add at least one listing.", "Add at least one piece"):
        assert sentence in page
    assert at(case, "listings") in page
    assert at(case, "evidence") in page


def test_come_back_later_keeps_what_is_there(
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


def test_a_rejected_case_is_filed_again_with_what_it_had(
    client: Client, mine: dict[str, Any]
) -> None:
    rejected = factories.rejected_case(**mine, listings=3)
    page = client.get(f"{NEW}?like={rejected.reference}")
    assert rejected.explanation in page.content.decode()
    typed = complaint(rejected.right, like=rejected.reference)
    client.post(NEW, typed)
    client.post(NEW, typed)
    again = Case.objects.get(status=Status.DRAFT)
    assert again.seller == rejected.seller
    assert list(again.listings.values_list("url", "position", "is_open")) == [
        (listing.url, listing.position, False) for listing in rejected.listings.all()
    ]


def test_another_members_case_is_not_taken_over(client: Client) -> None:
    theirs = factories.rejected_case()
    page = client.get(f"{NEW}?like={theirs.reference}")
    assert theirs.explanation not in page.content.decode()


# --- Who may ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_who_files(personas: Personas, name: str, draft: Case) -> None:
    may = name in ("filer", "owner")
    client = personas.client(name)
    outside = 302 if name == "anonymous" else 404
    expected = 200 if may else 403 if name == "viewer" else outside
    for step in STEPS:
        assert client.get(at(draft, step)).status_code == expected
        if not may:
            assert client.post(at(draft, step), {}).status_code == expected
    new = 200 if may or name == "stranger" else 302 if name == "anonymous" else 403
    assert client.get(NEW).status_code == new
    for step in ("answer", "withdraw"):
        assert client.get(at(draft, step)).status_code == (302 if may else expected)
    assert client.get(at(draft, "submitted")).status_code == (
        302 if name == "viewer" or may else outside
    )


def test_a_right_of_another_member_cannot_be_cited(personas: Personas, client: Client) -> None:
    theirs = factories.right()
    response = client.post(NEW, complaint(theirs))
    assert response.status_code == 422
    assert not Case.objects.exists()


def test_rights_that_cannot_be_cited_are_shown_with_the_reason(
    personas: Personas, client: Client
) -> None:
    yesterday = clock.today() - timedelta(days=1)
    factories.right(personas.brand, title="Old", expires_on=yesterday)
    factories.right(personas.brand, title="Fresh", verified_at=None, verified_by=None)
    page = words(client.get(NEW))
    assert re.search(r"disabled[^>]*>Old [^<]*\(not in force\)", page)
    assert re.search(r"disabled[^>]*>Fresh [^<]*\(not verified yet\)", page)


def test_without_any_right_the_page_says_what_to_do() -> None:
    page = words(browser_of(factories.owner(factories.member())).get(NEW))
    assert "No right can be cited yet" in page


def test_the_rights_own_countries_and_classes_come_first(
    personas: Personas, client: Client, draft: Case
) -> None:
    form = client.get(at(draft, "complaint")).context["form"]
    near = form.fields["jurisdiction"].choices[1][1]
    assert [code for code, _name in near] == ["CN"]
    assert [number for number, _name in form.fields["goods_class"].choices[1][1]] == [25]


# --- Bad input keeps what was typed ----------------------------------------------------------


def test_an_empty_form_says_what_is_needed(client: Client, draft: Case) -> None:
    page = words(client.post(NEW, {"then": "next"}))
    for sentence in (
        "Choose the right that is infringed.",
        "Choose what the seller is said to have done.",
        "Choose the country or region.",
        "Choose the class of the goods offered.",
        "Explain why the listings infringe the right.",
    ):
        assert sentence in page
    response = client.post(at(draft, "listings"), {"then": "next", "urls": " \r\n "})
    assert response.status_code == 422
    for sentence in ("Choose the marketplace", "Give the shop", "address of at least one listing"):
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
    assert "Line 3: “nonsense” is not a web address." in page
    assert "Line 5: “ftp://x.example/1” is not a web address." in page
    assert "nonsense\r\n" in response.content.decode()
    assert "时尚潮流旗舰店" in page


def test_many_bad_lines_do_not_bury_the_form(
    client: Client, draft: Case, market: Marketplace
) -> None:
    page = words(client.post(at(draft, "listings"), seller(market, ["bad line"] * 40)))
    assert "Line 30:" in page
    assert "Line 31:" not in page
    assert "Look at these lines too: 31, 32" in page


def test_5000_addresses_get_one_sentence(client: Client, draft: Case, market: Marketplace) -> None:
    urls = [f"https://{market.hosts[0]}/item/{n}?{'long=' * 60}" for n in range(5000)]
    response = client.post(at(draft, "listings"), seller(market, urls))
    assert response.status_code == 422
    page = response.content.decode()
    assert "These are 5,000 addresses, and a case takes up to 300." in page
    assert "17 in all" in page
    assert urls[4999] in page


def test_301_are_too_many_unless_copies_make_them_fewer(
    client: Client, draft: Case, market: Marketplace
) -> None:
    urls = [f"https://{market.hosts[0]}/item/{n}" for n in range(301)]
    assert "These are 301 addresses" in words(
        client.post(at(draft, "listings"), seller(market, urls))
    )
    copies = [*urls[:300], f"{urls[0]}?utm_source=mail", urls[1].replace("https", "http")]
    page = words(client.post(at(draft, "listings"), seller(market, copies), follow=True))
    assert "2 lines named a listing a second time and were merged." in page
    assert draft.listings.count() == 300


def test_a_shop_on_another_marketplace_is_questioned(
    client: Client, draft: Case, market: Marketplace
) -> None:
    typed = seller(market, [f"{market.hosts[0]}/item/1"], shop="https://other.example/shop")
    response = client.post(at(draft, "listings"), typed)
    assert f"This address is not on {market.name}." in words(response)
    assert "https://other.example/shop" in response.content.decode()


@pytest.mark.parametrize("text", ["x" * 5001, "a\x00b"])
def test_a_text_that_cannot_be_taken_is_kept(personas: Personas, client: Client, text: str) -> None:
    response = client.post(NEW, complaint(personas.right, explanation=text))
    assert response.status_code == 422
    assert text[:1000] in response.content.decode()
    assert "maxlength" not in str(response.context["form"]["explanation"])


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
    for sentence in ("kind: Patent", "does not extend to Germany", "for this class of goods"):
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
    assert f"{url} is already part of your case {other.reference}." in page
    assert "The brand has authorised this seller" in page
    assert "Mend it later and go on" in page
    assert f"This shop is known here as “{other.seller.name}”" in page


def test_without_good_faith_nothing_is_submitted(client: Client, draft: Case) -> None:
    response = client.post(at(draft, "check"), {})
    assert response.status_code == 422
    assert "Confirm the statement of good faith." in words(response)
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT


def test_what_is_incomplete_is_listed_with_links(client: Client, mine: dict[str, Any]) -> None:
    case = factories.draft_case(**mine, files=0)
    response = client.post(at(case, "check"), {"good_faith": "on"})
    assert response.status_code == 422
    page = words(response)
    assert f'<a href="{at(case, "evidence")}">Add at least one piece of evidence' in page
    assert "checked" in page


# --- Twice, and too late ---------------------------------------------------------------------


def test_a_double_click_makes_one_draft_with_what_came_last(
    personas: Personas, client: Client
) -> None:
    typed = complaint(personas.right)
    first, second = (client.post(NEW, typed | {"explanation": text}) for text in ("One.", "Two."))
    assert first["Location"] == second["Location"]
    assert the_case().explanation == "Two."


def test_a_double_click_submits_once(client: Client, draft: Case) -> None:
    first, second = (client.post(at(draft, "check"), {"good_faith": "on"}) for _ in range(2))
    assert first["Location"] == second["Location"] == at(draft, "submitted")
    draft.refresh_from_db()
    assert (draft.version, draft.events.count()) == (1, 1)


def test_a_colleague_submitted_meanwhile(personas: Personas, client: Client, draft: Case) -> None:
    filing.submit(case=draft, by=personas.owner, good_faith=True)
    typed = complaint(personas.right, explanation="Typed for an hour.")
    response = client.post(at(draft, "complaint"), typed)
    assert response.status_code == 409
    page = words(response)
    assert "This case was submitted already" in page
    assert "Typed for an hour." in page
    assert draft.get_absolute_url() in page
    for step in ("complaint", "listings", "check"):
        assert client.get(at(draft, step))["Location"] == draft.get_absolute_url()
    page = words(client.post(at(draft, "check"), {"good_faith": "on"}, follow=True))
    assert "submitted already" in page


def test_a_colleague_discarded_the_draft_meanwhile(
    personas: Personas, client: Client, draft: Case, market: Marketplace
) -> None:
    assert personas.client("owner").post(at(draft, "withdraw"))["Location"] == "/cases/"
    response = client.post(at(draft, "listings"), seller(market, [f"{market.hosts[0]}/item/77"]))
    assert response.status_code == 409
    assert "This draft was discarded." in words(response)
    assert f"{market.hosts[0]}/item/77" in words(response)
    page = words(client.get(at(draft, "listings"), follow=True))
    assert "This draft was discarded." in page


def test_somebody_else_filed_the_same_listing_meanwhile(
    personas: Personas, client: Client, draft: Case, mine: dict[str, Any]
) -> None:
    urls = [listing.url for listing in draft.listings.all()]
    other = factories.submitted_case(**mine, against=draft.seller, urls=urls)
    response = client.post(at(draft, "check"), {"good_faith": "on"})
    assert response.status_code == 422
    assert other.reference in words(response)


def test_a_form_of_another_person_makes_no_case(personas: Personas, client: Client) -> None:
    typed = complaint(personas.right)
    client.post(NEW, typed)
    response = personas.client("owner").post(NEW, typed)
    assert response.status_code == 422
    assert "This form belongs to somebody else." in words(response)


def test_a_session_that_ran_out_while_typing(personas: Personas, client: Client) -> None:
    token = re.search(r'name="typed_by" value="([^"]+)"', client.get(NEW).content.decode())
    assert token
    client.logout()
    typed = complaint(personas.right, explanation="Typed for an hour.", typed_by=token[1])
    assert client.post(NEW, typed)["Location"].startswith("/accounts/login/")
    session = client.session
    client.force_login(personas.filer)
    kept = client.session
    kept.update(dict(session.items()))
    kept.save()
    page = words(client.get(NEW))
    assert "Your session had ended." in page
    assert "Typed for an hour." in page
    assert "Typed for an hour." not in words(client.get(NEW))


# --- Autosave --------------------------------------------------------------------------------


def autosave(client: Client, url: str, typed: dict[str, Any]) -> Any:
    typed = {name: value for name, value in typed.items() if name != "then"}
    return client.post(url, typed, headers={"HX-Request": "true"})


def test_a_draft_is_saved_while_typing(
    personas: Personas, client: Client, draft: Case, market: Marketplace
) -> None:
    answer = autosave(client, at(draft, "complaint"), complaint(personas.right, explanation=""))
    assert "Draft saved at" in words(answer)
    draft.refresh_from_db()
    assert draft.explanation == ""
    answer = autosave(client, at(draft, "listings"), {"urls": f"{market.hosts[0]}/item/3"})
    assert "Draft saved at" in words(answer)
    assert draft.listings.get().canonical_key == f"{market.slug}:3"
    answer = autosave(client, at(draft, "listings"), {"urls": "nonsense"})
    assert "Not saved yet" in words(answer)


def test_autosave_says_when_it_is_too_late(personas: Personas, client: Client, draft: Case) -> None:
    filing.submit(case=draft, by=personas.owner, good_faith=True)
    answer = autosave(client, at(draft, "complaint"), complaint(personas.right))
    assert "submitted already" in words(answer)


def test_saving_the_same_addresses_again_changes_no_row(
    client: Client, draft: Case, market: Marketplace
) -> None:
    urls = [f"{market.hosts[0]}/item/{n}" for n in range(5)]
    client.post(at(draft, "listings"), seller(market, urls))
    before = list(draft.listings.order_by("position").values_list("pk", flat=True))
    client.post(at(draft, "listings"), seller(market, [urls[4], *urls[1:4], "new.example"]))
    after = list(draft.listings.order_by("position").values_list("pk", flat=True))
    assert after[:4] == [before[4], *before[1:4]]
    assert len(after) == 5


def test_a_misspelt_name_is_mended_until_a_case_is_submitted(
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
    assert known.name == later.shop_name == "Shop"


# --- Answers and withdrawal ------------------------------------------------------------------


def test_a_question_is_answered_with_a_file(client: Client, mine: dict[str, Any]) -> None:
    case = factories.information_requested_case(**mine)
    typed = {"note": "Here it is.", "uploads": [factories.png("label.png")], "kind": "comparison"}
    page = words(client.post(at(case, "answer"), typed, follow=True))
    assert "Your answer was sent to the moderators." in page
    assert "label.png" in page
    case.refresh_from_db()
    assert case.status == Status.SUBMITTED
    assert case.events.latest("sequence").note == "Here it is."


def test_an_answer_is_kept_when_its_file_is_bad(client: Client, mine: dict[str, Any]) -> None:
    case = factories.information_requested_case(**mine)
    bad = factories.png("label.pdf")
    response = client.post(at(case, "answer"), {"note": "Here it is.", "uploads": [bad]})
    assert response.status_code == 422
    assert "Here it is." in words(response)
    assert "mislabelled" in words(response)
    assert words(client.post(at(case, "answer"), {"note": " "})).count("Write an answer first.")
    case.refresh_from_db()
    assert case.status == Status.INFORMATION_REQUESTED


def test_a_colleague_answered_meanwhile(
    personas: Personas, client: Client, mine: dict[str, Any]
) -> None:
    case = factories.information_requested_case(**mine)
    filing.answer(case=case, by=personas.owner, note="Done.")
    response = client.post(at(case, "answer"), {"note": "Typed for an hour."})
    assert response.status_code == 409
    assert "Typed for an hour." in words(response)
    assert "can no longer be done" in words(response)
    assert client.get(at(case, "answer"))["Location"] == case.get_absolute_url()


def test_a_case_is_withdrawn_with_its_reason(client: Client, mine: dict[str, Any]) -> None:
    case = factories.submitted_case(**mine)
    typed = {"withdraw-note": "Filed by mistake."}
    for _ in range(2):
        response = client.post(at(case, "withdraw"), typed)
        assert response["Location"] == case.get_absolute_url()
    case.refresh_from_db()
    assert case.status == Status.WITHDRAWN
    assert case.events.filter(note="Filed by mistake.").count() == 1
    assert not Listing.objects.filter(case=case, is_open=True).exists()


def test_a_decided_case_is_not_withdrawn(client: Client, mine: dict[str, Any]) -> None:
    case = factories.upheld_case(**mine)
    page = words(client.post(at(case, "withdraw"), follow=True))
    assert "can no longer be done" in page


def test_a_case_under_review_is_withdrawn_under_the_moderators_hands(
    personas: Personas, client: Client, mine: dict[str, Any]
) -> None:
    case = factories.claimed_case(**mine, moderator=personas.moderator)
    client.post(at(case, "withdraw"))
    case.refresh_from_db()
    assert (case.status, case.assignee) == (Status.WITHDRAWN, None)
    with pytest.raises(triage.Conflict):
        triage.claim(case=case, by=personas.moderator)


# --- What the service finds ------------------------------------------------------------------


def test_problems_name_the_step_where_they_are_mended(mine: dict[str, Any]) -> None:
    case = factories.draft_case(**mine, listings=0, files=0, explanation="", goods_class=None)
    found = {(problem.step, problem.missing) for problem in problems(case=case)}
    assert found == {
        (Step.COMPLAINT, True),
        (Step.LISTINGS, True),
        (Step.EVIDENCE, True),
    }


def test_a_right_that_lapsed_is_found_at_submitting(
    personas: Personas, client: Client, draft: Case
) -> None:
    IPRight.objects.update(expires_on=clock.today() - timedelta(days=1))
    response = client.post(at(draft, "check"), {"good_faith": "on"})
    assert "not verified or no longer in force" in words(response)
    page = words(client.get(at(draft, "complaint")))
    assert "(not in force)" in page


def test_a_suspended_member_files_nothing(personas: Personas, draft: Case) -> None:
    personas.member.status = "suspended"
    personas.member.suspended_on = clock.today()
    personas.member.save()
    client = personas.client("owner")
    assert client.get("/desk/").status_code == 200
    assert client.get(NEW).status_code == 403
    assert client.get(at(draft, "complaint")).status_code == 403
    assert Membership.objects.may_file().filter(member=personas.member).count() == 0
