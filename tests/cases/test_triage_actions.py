"""What moderators do with cases: once however often they click, never over a colleague's head."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from alliance import typed
from alliance.lib import clock
from cases.models import Case, Listing, ReasonCode
from cases.services import decisions, triage
from members.models import User
from tests import factories
from tests.personas import NAMES, Personas, browser_of

FACTS = "The test purchase shows a forged label, see page 2."
# Every action on a case, with a status in which a moderator may do it.
ACTIONS = {
    "claim": "submitted",
    "release": "in_review",
    "comment": "submitted",
    "request_information": "in_review",
    "listings": "in_review",
    "uphold": "in_review",
    "reject": "in_review",
    "removed": "upheld",
    "counter_notice": "removed",
    "uphold_again": "counter_noticed",
    "reinstate": "counter_noticed",
    "close": "removed",
    "refer": "upheld",
    "withdraw_referral": "upheld",
}


def address(verb: str, case: Case) -> str:
    return reverse(f"triage:{verb}", args=[case.reference])


def page(case: Case) -> str:
    return reverse("triage:case", args=[case.reference])


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


def kinds(case: Case) -> list[str]:
    return list(case.events.order_by("sequence").values_list("kind", flat=True))


def now(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def run_out(case: Case) -> None:
    """Let the hold of the case run out."""
    Case.objects.filter(pk=case.pk).update(lease_until=clock.now() - timedelta(minutes=1))


def outcomes(case: Case, outcome: str = "remove") -> dict[str, str]:
    return {f"outcome-{pk}": outcome for pk in case.listings.values_list("pk", flat=True)}


def upholding(case: Case, **changes: Any) -> dict[str, Any]:
    """Return what the form to uphold sends when it is filled in."""
    return {
        "reason": factories.reason(ReasonCode.Use.UPHOLD).pk,
        "ground": "illegal_content",
        "facts": FACTS,
        "expected_version": case.version,
        "for": "uphold",
        **outcomes(case),
        **changes,
    }


def rejecting(case: Case, **changes: Any) -> dict[str, Any]:
    reason = factories.reason(ReasonCode.Use.REJECT).pk
    return {"reason": reason, "facts": FACTS, "expected_version": case.version, **changes}


@pytest.fixture
def mo(db: None) -> User:
    return factories.moderator(name="Mo Moderator")


@pytest.fixture
def desk(mo: User) -> Client:
    return browser_of(mo)


@pytest.fixture
def held(mo: User) -> Case:
    return factories.claimed_case(moderator=mo, listings=3)


# --- Who may ---------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", [*ACTIONS, "next"])
def test_only_moderators_act(personas: Personas, verb: str) -> None:
    case = factories.CASE_IN[ACTIONS.get(verb, "submitted")](
        citing=personas.right, by=personas.filer
    )
    there = reverse("triage:next") if verb == "next" else address(verb, case)
    for name in NAMES:
        if "moderator" in name:
            continue
        client = personas.client(name)
        expected = 302 if name == "anonymous" else 403
        assert client.post(there).status_code == expected, name
        assert client.get(there).status_code == expected, name
    assert now(case).version == case.version


@pytest.mark.parametrize("verb", ACTIONS)
def test_what_is_not_there_is_not_found_and_a_get_leads_to_the_page(
    desk: Client, verb: str
) -> None:
    draft = factories.draft_case()
    assert desk.post(address(verb, draft)).status_code == 404
    case = factories.CASE_IN[ACTIONS[verb]]()
    response = desk.get(address(verb, case))
    assert (response.status_code, response["Location"]) == (302, page(case))
    assert now(case).version == case.version


@pytest.mark.parametrize("verb", sorted(set(ACTIONS) - {"claim", "comment", "refer"}))
def test_an_action_that_does_not_fit_is_refused_and_nothing_changes(
    desk: Client, mo: User, verb: str
) -> None:
    case = factories.closed_case(moderator=mo)
    facts = {**upholding(case), "statement": FACTS, "note": FACTS, "for": verb}
    use = {"reject": "reject", "request_information": "request"}.get(verb)
    if use:
        facts["reason"] = factories.reason(use).pk
    response = desk.post(address(verb, case), facts)
    if verb == "close":  # again: no second effect
        assert response.status_code == 302
    else:
        assert response.status_code in (409, 422)
    assert now(case).version == case.version


# --- Claiming --------------------------------------------------------------------------------


def test_claiming_holds_the_case_for_half_an_hour(desk: Client, mo: User) -> None:
    case = factories.submitted_case()
    response = desk.post(address("claim", case), {"back": "violation=counterfeit"}, follow=True)
    assert response.redirect_chain == [(page(case) + "?back=violation%3Dcounterfeit", 302)]
    assert f"You hold {case.reference} until" in words(response)
    assert now(case).held_by(mo)


def test_claiming_twice_claims_once(desk: Client) -> None:
    case = factories.submitted_case()
    for _ in range(2):
        assert desk.post(address("claim", case)).status_code == 302
    assert kinds(case) == ["submitted", "claimed"]


def test_a_case_that_a_colleague_holds_cannot_be_claimed(desk: Client) -> None:
    case = factories.claimed_case(moderator=factories.moderator(name="Min Moderator"))
    response = desk.post(address("claim", case))
    assert response.status_code == 409
    assert "Min Moderator already works on this case." in words(response)


def test_the_next_case_is_the_most_urgent_of_the_filtered_list(desk: Client, mo: User) -> None:
    normal = factories.submitted_case()
    urgent = factories.submitted_case()
    Case.objects.filter(pk=urgent.pk).update(priority=4)
    place = f"member={normal.member_id}"
    response = desk.post(reverse("triage:next"), {"back": place})
    assert response["Location"] == f"{page(normal)}?back=member%3D{normal.member_id}"
    assert now(normal).held_by(mo)
    assert not now(urgent).is_held


def test_two_clicks_on_next_take_one_case(desk: Client) -> None:
    for _ in range(3):
        factories.submitted_case()
    places = {desk.post(reverse("triage:next"))["Location"] for _ in range(2)}
    assert len(places) == 1
    assert Case.objects.filter(status="in_review").count() == 1


def test_after_work_on_the_case_the_next_one_comes_at_once(desk: Client, mo: User) -> None:
    for _ in range(2):
        factories.submitted_case()
    first = triage.claim_next(by=mo)
    assert first
    desk.post(address("comment", first), {"note": "Seen."})
    assert page(first) not in desk.post(reverse("triage:next"))["Location"]


def test_when_nothing_waits_the_list_says_so(desk: Client) -> None:
    response = desk.post(reverse("triage:next"), {"back": "violation=patent"}, follow=True)
    assert response.redirect_chain == [("/triage/?violation=patent", 302)]
    assert "Nothing else waits here." in words(response)
    assert desk.get(reverse("triage:next"))["Location"] == "/triage/"


@pytest.fixture
def at_once(transactional_db: None) -> Iterator[list[threading.Thread]]:
    """Threads that a test starts; each is waited for."""
    threads: list[threading.Thread] = []
    yield threads
    for thread in threads:
        thread.join(20)


@pytest.mark.django_db(transaction=True)
def test_two_moderators_at_once_get_two_cases_and_nobody_waits(
    at_once: list[threading.Thread],
) -> None:
    moderators = [factories.moderator() for _ in range(2)]
    cases = {factories.submitted_case().reference for _ in range(2)}
    start, taken = threading.Barrier(2), []

    def take(person: User) -> None:
        client = browser_of(person)
        start.wait(10)
        taken.append(client.post(reverse("triage:next"))["Location"].split("/")[2])
        connection.close()

    at_once += [threading.Thread(target=take, args=(person,)) for person in moderators]
    for thread in at_once:
        thread.start()
    for thread in at_once:
        thread.join(20)
    assert set(taken) == cases


@pytest.mark.django_db(transaction=True)
def test_a_locked_case_is_passed_over(at_once: list[threading.Thread]) -> None:
    first, second = factories.submitted_case(), factories.submitted_case()
    locked, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            Case.objects.select_for_update().get(pk=first.pk)
            locked.set()
            done.wait(10)
        connection.close()

    at_once.append(threading.Thread(target=hold))
    at_once[0].start()
    assert locked.wait(10)
    response = browser_of(factories.moderator()).post(reverse("triage:next"))
    done.set()
    assert second.reference in response["Location"]


# --- Upholding -------------------------------------------------------------------------------


def test_upholding_decides_listings_and_case_in_one_go(desk: Client, held: Case) -> None:
    response = desk.post(address("uphold", held), upholding(held, back="priority=2"))
    assert response["Location"] == f"/triage/?priority=2&decided={held.reference}"
    case = now(held)
    assert (case.status, case.decisions.get().facts) == ("upheld", FACTS)
    assert set(case.listings.values_list("outcome", "status")) == {("remove", "removal_requested")}
    html = words(desk.get(response["Location"]))
    assert f"{case.reference} is upheld." in html
    assert "autofocus" in html
    assert f"Back to {case.reference}" in html


def test_two_clicks_uphold_once(desk: Client, held: Case) -> None:
    sent = upholding(held)
    for _ in range(2):
        assert desk.post(address("uphold", held), sent).status_code == 302
    case = now(held)
    assert (case.decisions.count(), case.seller.strikes.count()) == (1, 1)  # type: ignore[union-attr]
    assert kinds(case).count("upheld") == 1


def test_uphold_and_take_the_next(desk: Client, mo: User, held: Case) -> None:
    following = factories.submitted_case()
    factories.submitted_case()
    sent = upholding(held, then="next", back="violation=counterfeit")
    for _ in range(2):  # a second click takes no second case
        response = desk.post(address("uphold", held), sent)
        assert response["Location"] == f"{page(following)}?back=violation%3Dcounterfeit"
    assert [case.pk for case in triage.held_by(mo)] == [following.pk]


def test_a_decision_sent_again_in_other_words_is_refused_and_the_words_kept(
    desk: Client, held: Case
) -> None:
    sent = upholding(held)
    assert desk.post(address("uphold", held), sent).status_code == 302
    response = desk.post(address("uphold", held), sent | {"facts": "There is more to it."})
    assert response.status_code == 409
    assert "There is more to it." in words(response)
    assert now(held).decisions.get(superseded_at=None).facts == FACTS


def test_a_listing_without_outcome_keeps_all_that_was_typed(desk: Client, held: Case) -> None:
    first, *others = held.listings.all()
    sent = upholding(held)
    del sent[f"outcome-{first.pk}"]
    response = desk.post(address("uphold", held), sent)
    html = words(response)
    assert response.status_code == 422
    assert "1 listing has no decision yet." in html
    assert FACTS in html
    assert response.context["opened"] == "uphold"
    chosen = {row["listing"].pk: row["outcome"] for row in response.context["listings"]["rows"]}
    assert chosen == {first.pk: ""} | {listing.pk: "remove" for listing in others}
    assert set(held.listings.values_list("outcome", flat=True)) == {""}
    assert now(held).status == "in_review"


@pytest.mark.parametrize("verb", ["uphold", "reject", "request_information"])
def test_an_empty_form_says_what_is_missing(desk: Client, held: Case, verb: str) -> None:
    response = desk.post(address(verb, held), {"expected_version": held.version})
    assert response.status_code == 422
    assert "Please check what you entered" in words(response)
    assert now(held).version == held.version


def test_nonsense_in_the_form_is_no_error_of_ours(desk: Client, held: Case) -> None:
    other = factories.submitted_case().listings.first()
    assert other
    for changes in (
        {"reason": "x"},
        {"reason": "9" * 30},
        {"ground": "<b>"},
        {"expected_version": "-1"},
        {"expected_version": "9" * 30},
        {"facts": "x" * 5001},
        {"facts": "a\0b"},
        {f"outcome-{other.pk}": "remove"},
        {"outcome-" + "9" * 30: "remove"},
    ):
        response = desk.post(address("uphold", held), upholding(held, **changes))
        assert response.status_code in (409, 422), changes
    assert now(held).status == "in_review"
    other.refresh_from_db()
    assert other.outcome == ""


# --- Somebody else was faster ----------------------------------------------------------------


def test_a_stale_page_says_who_changed_what_and_keeps_the_text(desk: Client, held: Case) -> None:
    sent = upholding(held)
    triage.comment(case=held, by=factories.moderator(name="Min Moderator"), note="Look again.")
    response = desk.post(address("uphold", held), sent)
    html = words(response)
    assert response.status_code == 409
    assert "The case changed while you were deciding (Min Moderator: Internal note)." in html
    assert FACTS in html
    assert "Look again." in html
    assert now(held).status == "in_review"
    # Having looked, the same form can be sent.
    again = upholding(held, expected_version=response.context["case"].version)
    assert f'name="expected_version" value="{again["expected_version"]}"' in html
    assert desk.post(address("uphold", held), again).status_code == 302
    assert now(held).status == "upheld"


def test_a_case_that_a_colleague_decided_meanwhile_stays_decided(desk: Client, held: Case) -> None:
    sent = upholding(held)
    run_out(held)
    min_ = factories.moderator(name="Min Moderator")
    factories.claimed_case(case=held, moderator=min_)
    case = now(held)
    decisions.reject(
        case=case,
        by=min_,
        reason=factories.reason("reject"),
        facts="Genuine.",
        expected_version=case.version,
    )
    response = desk.post(address("uphold", held), sent)
    html = words(response)
    assert response.status_code == 409
    assert "The case is now “Rejected”, so this can no longer be done." in html
    assert "Complaint rejected" in html
    assert f"readonly>{FACTS}</textarea>" in html
    assert now(held).status == "rejected"


def test_while_a_colleague_holds_the_case_the_text_is_kept(desk: Client, held: Case) -> None:
    sent = rejecting(held)
    run_out(held)
    factories.claimed_case(case=held, moderator=factories.moderator(name="Min Moderator"))
    response = desk.post(address("reject", held), sent)
    assert response.status_code == 409
    assert "Min Moderator now works on this case." in words(response)
    assert f"readonly>{FACTS}</textarea>" in words(response)


def test_when_the_hold_ran_out_the_case_is_claimed_again_with_the_text(
    desk: Client, mo: User, held: Case
) -> None:
    sent = upholding(held)
    run_out(held)
    response = desk.post(address("uphold", held), sent)
    assert response.status_code == 409
    assert "You no longer hold this case." in words(response)
    kept = response.context["kept"]
    response = desk.post(address("claim", held), {"for": kept.verb, **dict(kept.sent)})
    html = words(response)
    assert response.status_code == 200
    assert now(held).held_by(mo)
    assert FACTS in html
    assert f'<option value="{sent["reason"]}" selected>' in html
    assert response.context["listings"]["decided"] == 3
    assert response.context["opened"] == "uphold"
    again = upholding(held, expected_version=response.context["case"].version)
    assert desk.post(address("uphold", held), again).status_code == 302


def test_a_session_that_ran_out_loses_no_word(mo: User, held: Case) -> None:
    browser = Client()
    sent = upholding(held, typed_by=typed.owner_token(mo), back="priority=2")
    assert browser.post(address("uphold", held), sent).status_code == 302
    session = browser.session
    kept = {name: session[name] for name in session.keys() if not name.startswith("_")}  # noqa: SIM118
    browser.force_login(mo)
    session = browser.session
    session.update(kept)
    session.save()
    response = browser.get(address("uphold", held))
    html = words(response)
    assert "Your session had ended." in html
    assert FACTS in html
    assert response.context["listings"]["decided"] == 3
    assert response.context["back"] == "priority=2"
    assert now(held).status == "in_review"


# --- Rejecting, asking, handing back, noting -------------------------------------------------


def test_rejecting_shows_each_reason_with_its_advice_and_works_once(
    desk: Client, held: Case
) -> None:
    sent = rejecting(held)
    reason = ReasonCode.objects.get(pk=sent["reason"])
    html = words(desk.get(page(held)))
    assert f"<dt>{reason}</dt><dd>{reason.fix}</dd>" in html
    for _ in range(2):
        assert desk.post(address("reject", held), sent).status_code == 302
    case = now(held)
    assert (case.status, case.decisions.get().reason) == ("rejected", reason)
    assert kinds(case).count("rejected") == 1


def test_asking_for_information_works_once(desk: Client, held: Case) -> None:
    sent = {"reason": factories.reason("request").pk, "note": "A photo of the label, please."}
    for _ in range(2):
        assert desk.post(address("request_information", held), sent).status_code == 302
    case = now(held)
    assert case.status == "information_requested"
    assert kinds(case).count("information_requested") == 1


def test_a_case_can_be_handed_back(desk: Client, held: Case) -> None:
    for _ in range(2):
        response = desk.post(address("release", held))
        assert response["Location"] == f"/triage/?decided={held.reference}"
    assert now(held).status == "submitted"
    assert kinds(held).count("released") == 1


def test_a_note_is_written_once_and_renews_the_hold(desk: Client, held: Case) -> None:
    Case.objects.filter(pk=held.pk).update(lease_until=clock.now() + timedelta(minutes=1))
    for _ in range(2):
        assert desk.post(address("comment", held), {"note": "Same warehouse?"}).status_code == 302
    case = now(held)
    assert kinds(case).count("commented") == 1
    assert case.lease_until
    assert case.lease_until > clock.now() + timedelta(minutes=29)


# --- Listings --------------------------------------------------------------------------------


def test_outcomes_are_saved_without_deciding_and_renew_the_hold(desk: Client, held: Case) -> None:
    Case.objects.filter(pk=held.pk).update(lease_until=clock.now() + timedelta(minutes=1))
    first = held.listings.first()
    assert first
    response = desk.post(address("listings", held), {f"outcome-{first.pk}": "keep"})
    assert response["Location"] == page(held)
    assert list(held.listings.values_list("outcome", flat=True)) == ["keep", "", ""]
    case = now(held)
    assert case.status == "in_review"
    assert case.lease_until
    assert case.lease_until > clock.now() + timedelta(minutes=29)


@pytest.mark.parametrize("outcome", ["remove", "keep"])
def test_all_listings_at_once_keeping_what_was_typed(
    desk: Client, held: Case, outcome: str
) -> None:
    response = desk.post(
        address("listings", held), {"every": outcome, "for": "uphold", "facts": FACTS}
    )
    assert set(held.listings.values_list("outcome", flat=True)) == {outcome}
    assert response.status_code == 200
    assert FACTS in words(response)
    assert response.context["listings"]["decided"] == 3


def test_a_listing_of_another_case_is_refused(desk: Client, held: Case) -> None:
    other = Listing.objects.get(case=factories.submitted_case(listings=1))
    response = desk.post(address("listings", held), {f"outcome-{other.pk}": "remove"})
    assert response.status_code == 422
    assert "do not belong to this case" in words(response)
    other.refresh_from_db()
    assert other.outcome == ""


def test_three_hundred_listings_are_decided_in_one_form(desk: Client, mo: User) -> None:
    case = factories.claimed_case(moderator=mo, listings=300)
    html = words(desk.get(page(case)))
    names = [f'name="outcome-{pk}"' for pk in case.listings.values_list("pk", flat=True)]
    assert all(name in html for name in names)
    assert desk.post(address("uphold", case), upholding(case)).status_code == 302
    assert case.listings.filter(status="removal_requested").count() == 300


# --- After the decision ----------------------------------------------------------------------


def test_the_way_of_a_case_after_it_was_upheld(desk: Client, mo: User) -> None:
    case = factories.upheld_case(moderator=mo)
    steps: list[tuple[str, dict[str, str], str]] = [
        ("removed", {}, "removed"),
        ("counter_notice", {"statement": "These are genuine."}, "counter_noticed"),
        ("uphold_again", {"facts": "The invoice is forged."}, "removed"),
        ("close", {}, "closed"),
    ]
    for verb, sent, status in steps:
        for _ in range(2):  # the second click changes nothing
            assert desk.post(address(verb, case), sent).status_code == 302, verb
        assert now(case).status == status
    assert kinds(case)[-4:] == ["listings_removed", "counter_noticed", "upheld_again", "closed"]


def test_an_objection_that_is_accepted_puts_the_listings_back(desk: Client, mo: User) -> None:
    case = factories.counter_noticed_case(moderator=mo)
    assert "These goods were bought from the maker." in words(desk.get(page(case)))
    for _ in range(2):
        sent = {"facts": "The invoices are in order."}
        assert desk.post(address("reinstate", case), sent).status_code == 302
    assert now(case).status == "reinstated"
    assert set(case.listings.values_list("status", flat=True)) == {"live"}
    assert kinds(case).count("reinstated") == 1


@pytest.mark.parametrize(
    ("verb", "status"), [("uphold_again", "counter_noticed"), ("counter_notice", "removed")]
)
def test_words_are_needed_where_somebody_is_sent_them(desk: Client, verb: str, status: str) -> None:
    case = factories.CASE_IN[status]()
    response = desk.post(address(verb, case), {"facts": "  ", "statement": "  "})
    assert response.status_code == 422
    assert now(case).status == status


# --- Law enforcement -------------------------------------------------------------------------


def test_referring_twice_refers_once(desk: Client) -> None:
    case, agency = factories.upheld_case(), factories.agency(name="Harbour Police")
    sent = {"agency": agency.pk, "note": "One warehouse, three shops."}
    shown = desk.post(address("refer", case), sent)
    sent["seen"] = shown.context["offer"].mark
    for _ in range(2):
        assert desk.post(address("refer", case), sent).status_code == 302
    referral = case.referrals.get()
    assert (referral.agency, referral.note) == (agency, "One warehouse, three shops.")
    html = words(desk.get(page(case)))
    assert "Acknowledgement" in html
    assert referral.reference in html


def test_an_agency_that_does_not_take_such_cases_is_refused(desk: Client) -> None:
    case = factories.upheld_case()
    agency = factories.agency(violations=["advertising"])
    response = desk.post(address("refer", case), {"agency": agency.pk, "note": "Please look."})
    assert response.status_code == 422
    assert "Please look." in words(response)
    assert not case.referrals.exists()


def test_a_case_that_is_not_upheld_is_not_referred(desk: Client) -> None:
    case, agency = factories.rejected_case(), factories.agency()
    response = desk.post(address("refer", case), {"agency": agency.pk, "note": "Please look."})
    assert response.status_code == 409
    assert "Only cases that were upheld can be referred" in words(response)
    assert "readonly>Please look.</textarea>" in words(response)


def test_a_referral_is_withdrawn_with_a_reason_and_once(desk: Client) -> None:
    referral = factories.referred_case()
    there = address("withdraw_referral", referral.case)
    response = desk.post(there, {"referral": referral.pk, "note": ""})
    assert response.status_code == 422
    assert f'id="withdraw-{referral.pk}-note"' in words(response)
    for _ in range(2):
        sent = {"referral": referral.pk, "note": "Sent to the wrong city."}
        assert desk.post(there, sent).status_code == 302
    referral.refresh_from_db()
    assert referral.status == "withdrawn"
    assert kinds(referral.case).count("referral_withdrawn") == 1


def test_the_referral_of_another_case_is_out_of_reach(desk: Client) -> None:
    referral, case = factories.referred_case(), factories.upheld_case()
    response = desk.post(
        address("withdraw_referral", case), {"referral": referral.pk, "note": "Wrong."}
    )
    assert response.status_code == 422
    referral.refresh_from_db()
    assert referral.status == "offered"


def test_a_number_of_thousands_of_digits_is_no_error_of_ours(desk: Client, held: Case) -> None:
    body = urlencode(upholding(held, **{"outcome-" + "9" * 5000: "remove"}))
    form = "application/x-www-form-urlencoded"
    assert desk.post(address("uphold", held), body, content_type=form).status_code == 302
    assert now(held).status == "upheld"
