"""The queue of an agency, the page of a referral, and the answers to it."""

from __future__ import annotations

import re
import threading
import uuid
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from alliance import typed
from alliance.lib import clock, keyset
from cases.liaison import relay
from cases.liaison.models import Agency, Referral, Update
from cases.models import CaseEvent
from cases.services import decisions, triage
from cases.services import referral as referrals
from cases.views import liaison
from members.models import User
from tests import factories
from tests.personas import Personas, browser_of

QUEUE = "/liaison/"


def url(referral: Referral) -> str:
    return reverse("liaison:referral", args=[referral.reference])


def answer_url(referral: Referral, verb: str) -> str:
    return reverse("liaison:answer", args=[referral.reference, verb])


def text(response: Any) -> str:
    """Return the page as a person reads it: no tags, single spaces."""
    page = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"[\s\xa0]+", " ", page)


@pytest.fixture
def referral(personas: Personas) -> Referral:
    return factories.referred_case(
        personas.agency, moderator=personas.moderator, citing=personas.right, by=personas.filer
    )


@pytest.fixture
def untracked(settings: Any) -> None:
    """What the list of one's sessions costs every page is no business of these pages."""
    settings.USERSESSIONS_TRACK_ACTIVITY = False


@pytest.fixture
def officer(personas: Personas) -> Client:
    return personas.client("officer")


# --- Who may come in -------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["stranger", "viewer", "owner", "moderator", "admin"])
def test_the_desk_is_for_officers(personas: Personas, referral: Referral, name: str) -> None:
    client = personas.client(name)
    for path in (QUEUE, url(referral)):
        assert client.get(path).status_code == 403, path
    assert client.post(answer_url(referral, "acknowledge")).status_code == 403
    referral.refresh_from_db()
    assert referral.status == "offered"
    assert referral.read_at is None


def test_another_agency_finds_nothing(personas: Personas, referral: Referral) -> None:
    client = personas.client("other_officer")
    assert client.get(url(referral)).status_code == 404
    assert client.post(answer_url(referral, "acknowledge")).status_code == 404
    assert client.get(answer_url(referral, "accept")).status_code == 404
    assert referral.reference not in client.get(f"{QUEUE}?tab=all").content.decode()


def test_an_officer_who_is_a_moderator_works_only_their_own_queue(
    personas: Personas, referral: Referral
) -> None:
    personas.other_officer.is_moderator = True
    personas.other_officer.save()
    client = personas.client("other_officer")
    assert client.get(url(referral)).status_code == 404
    assert referral.reference not in client.get(f"{QUEUE}?tab=all").content.decode()


@pytest.mark.parametrize("which", ["officer", "agency"])
def test_an_officer_out_of_service_is_refused(
    personas: Personas, referral: Referral, which: str
) -> None:
    thing = personas.officer.officer if which == "officer" else personas.agency
    thing.is_active = False
    thing.save()
    client = browser_of(User.objects.get(pk=personas.officer.pk))
    assert client.get(QUEUE).status_code == 403
    assert client.get(url(referral)).status_code == 403


def test_an_anonymous_visitor_is_asked_to_log_in(client: Client, referral: Referral) -> None:
    response = client.get(url(referral))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("reference", ["LR-0000-0000", "x", "%00", "LR-%27%22", "😀"])
def test_a_reference_that_is_none_is_not_found(officer: Client, reference: str) -> None:
    assert officer.get(f"/liaison/{reference}/").status_code == 404
    assert officer.post(f"/liaison/{reference}/answer/accept/").status_code == 404


# --- The queue -------------------------------------------------------------------------------


def test_new_referrals_come_by_the_time_to_acknowledge(personas: Personas, officer: Client) -> None:
    later = factories.referred_case(personas.agency)
    sooner = factories.referred_case(personas.agency)
    Referral.objects.filter(pk=sooner.pk).update(acknowledge_by=clock.now() - timedelta(hours=30))
    Referral.objects.filter(pk=later.pk).update(acknowledge_by=clock.now() + timedelta(hours=3.5))
    response = officer.get(QUEUE)
    page = text(response)
    assert page.index(sooner.reference) < page.index(later.reference)
    assert "Overdue by 1 day" in page
    assert "Due in 3 hours" in page
    assert page.count("Unread") == 2
    assert 'class="clock-late"' in response.content.decode()


@pytest.mark.parametrize(
    ("verbs", "tab"),
    [
        ([], "new"),
        (["acknowledge"], "in-hand"),
        (["accept", "investigate"], "in-hand"),
        (["accept", "conclude"], "done"),
        (["decline"], "done"),
    ],
)
def test_each_referral_stands_under_its_tab(
    personas: Personas, officer: Client, referral: Referral, verbs: list[str], tab: str
) -> None:
    for verb in verbs:
        reason = factories.reason("decline") if verb == "decline" else None
        referrals.answer(referral=referral, by=personas.officer, verb=verb, reason=reason)
    for name in ("new", "in-hand", "done"):
        listed = referral.reference in officer.get(f"{QUEUE}?tab={name}").content.decode()
        assert listed == (name == tab), name
    assert referral.reference in officer.get(f"{QUEUE}?tab=all").content.decode()


def test_a_row_says_what_it_is_about(officer: Client, referral: Referral) -> None:
    page = text(officer.get(QUEUE))
    case = referral.case
    for words in (
        referral.reference,
        case.reference,
        "ALDER",
        f"CNIPA {case.right.number}",
        "Counterfeit goods",
        case.seller.name,
        case.seller.marketplace.name,
        "1 update",
    ):
        assert words in page, words


def test_the_queue_is_narrowed_by_violation_and_words(
    personas: Personas, officer: Client, referral: Referral
) -> None:
    other = factories.referred_case(personas.agency, violation="trademark")

    def found(query: str) -> set[str]:
        page = officer.get(f"{QUEUE}?{query}").content.decode()
        return {r.reference for r in (referral, other) if r.reference in page}

    mine = {referral.reference}
    assert found("violation=counterfeit") == mine
    assert found(f"q={referral.reference.lower()}") == mine
    assert found(f"q=+{referral.case.reference}+") == mine
    assert found(f"q={referral.case.seller.external_id}") == mine
    assert found(f"q={referral.case.seller.name[2:]}") == mine
    assert found("q=nobody") == set()
    assert len(found("q=")) == 2


@pytest.mark.parametrize(
    "query",
    ["tab=nonsense", "violation=nonsense", "cursor=nonsense", "q=%00", "q=" + "x" * 5000, "q=%25_"],
)
def test_nonsense_in_the_address_is_no_error(
    officer: Client, referral: Referral, query: str
) -> None:
    assert officer.get(f"{QUEUE}?{query}").status_code == 200


@pytest.mark.parametrize(
    ("tab", "words"),
    [
        ("new", "Nothing new"),
        ("in-hand", "Nothing in hand"),
        ("done", "Nothing concluded yet"),
        ("all", "No case has been referred"),
        ("new&q=zzz", "Nothing here matches"),
    ],
)
def test_an_empty_tab_says_why(officer: Client, tab: str, words: str) -> None:
    assert words in text(officer.get(f"{QUEUE}?tab={tab}"))


def test_pages_follow_each_other(
    personas: Personas, officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(liaison, "paginate", partial(keyset.paginate, size=2))
    case = factories.upheld_case()
    made = _many(personas.agency, case, 5)
    seen: list[str] = []
    address: str | None = QUEUE
    while address:
        page = officer.get(address).content.decode()
        seen += [reference for reference in made if f">{reference}</a>" in page]
        follow = re.search(r'rel="next" href="([^"]+)"', page)
        address = QUEUE + follow[1].replace("&amp;", "&") if follow else None
    assert seen == made


def _many(agency: Agency, case: Any, count: int) -> list[str]:
    """Refer copies of a case, and return the referrals' references by the time to acknowledge."""
    made = []
    for i in range(count):
        copy = type(case).objects.get(pk=case.pk)
        copy.pk, copy.reference, copy.draft_token = None, f"AP-COPY-{i:04d}", uuid.uuid4()
        copy.save()
        now = clock.now() + timedelta(minutes=i)
        made.append(
            Referral.objects.create(
                case=copy, agency=agency, referred_by=case.created_by, acknowledge_by=now
            ).reference
        )
    return made


def test_the_queue_costs_the_same_for_every_length(
    personas: Personas,
    officer: Client,
    referral: Referral,
    untracked: None,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    officer.get(QUEUE)
    with django_assert_max_num_queries(8) as few:
        officer.get(QUEUE)
    _many(personas.agency, referral.case, 40)
    with django_assert_max_num_queries(8) as many:
        assert officer.get(QUEUE).content.count(b"AP-COPY") == 40
    assert len(few) == len(many)


# --- The page of a referral ------------------------------------------------------------------


def test_the_page_shows_all_that_the_agency_may_see(
    personas: Personas, officer: Client, referral: Referral
) -> None:
    case = referral.case
    seller = case.seller
    phone = factories.identifier(seller, kind="phone", value="+10005550100")
    page = text(officer.get(url(referral)))
    evidence = case.evidence.get()
    for words in (
        case.member.name,
        "ALDER",
        case.right.title,
        case.right.number,
        "China",
        seller.name,
        seller.external_id,
        phone.value,
        evidence.sha256,
        evidence.original_name,
        "Three shops, one warehouse.",
        "The test purchase shows a forged label.",
        "Offered to the agency",
        *case.listings.values_list("url", flat=True),
    ):
        assert words in page, words
    assert (
        reverse("desk:evidence_file", args=[evidence.pk])
        in officer.get(url(referral)).content.decode()
    )


def test_the_page_shows_nothing_that_others_alone_may_see(
    personas: Personas, officer: Client, referral: Referral
) -> None:
    triage.comment(case=referral.case, by=personas.moderator, note="Not for the police.")
    other = referrals.refer(
        case=referral.case, by=personas.moderator, agency=personas.other_agency, note="For customs."
    )
    referrals.answer(referral=other, by=personas.other_officer, verb="accept", note="Ours now.")
    page = text(officer.get(url(referral)))
    for words in ("Not for the police", "For customs", "Ours now", personas.other_agency.name):
        assert words not in page, words


def test_opening_it_first_is_noted_once(
    personas: Personas, officer: Client, referral: Referral
) -> None:
    officer.head(url(referral))
    referral.refresh_from_db()
    assert referral.read_at is None
    page = officer.get(url(referral))
    referral.refresh_from_db()
    first = referral.read_at
    assert first is not None
    assert page.context["referral"].read_at == first
    colleague = browser_of(factories.officer(personas.agency))
    colleague.get(url(referral))
    referral.refresh_from_db()
    assert referral.read_at == first
    assert referral.status == "offered"
    assert CaseEvent.objects.filter(kind="referral_acknowledged").count() == 0


def test_sent_is_told_for_each_channel(officer: Client, referral: Referral) -> None:
    assert "On its way" in text(officer.get(url(referral)))
    relay.drain(referral.agency.channels.get().pk)
    page = text(officer.get(url(referral)))
    assert "On its way" not in page
    assert "1 of 1 updates sent" in page


def test_many_listings_are_shown_fifty_first(personas: Personas, officer: Client) -> None:
    referral = factories.referred_case(personas.agency, listings=120)
    page = officer.get(url(referral))
    assert len(page.context["listings"]) == 50
    assert "Show all 120 listings" in text(page)
    everything = officer.get(f"{url(referral)}?listings=all")
    assert len(everything.context["listings"]) == 120
    assert "Show all" not in text(everything)


def test_the_page_costs_the_same_for_every_case(
    personas: Personas,
    officer: Client,
    untracked: None,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    small = factories.referred_case(personas.agency, listings=1)
    big = factories.referred_case(personas.agency, listings=60, files=5)
    for _ in range(4):
        factories.identifier(big.case.seller)
    for referral in (small, big):
        officer.get(url(referral))
    with django_assert_max_num_queries(16) as few:
        officer.get(url(small))
    with django_assert_max_num_queries(16) as many:
        officer.get(url(big))
    assert len(few) == len(many)


def test_names_are_written_and_not_run(personas: Personas, officer: Client) -> None:
    seller = factories.seller(name="<script>alert(1)</script>", shop_url="https://shop.example/")
    referral = factories.referred_case(
        personas.agency, against=seller, explanation="<img src=x onerror=alert(1)>"
    )
    for page in (officer.get(QUEUE), officer.get(url(referral))):
        assert b"<script>alert" not in page.content
        assert b"<img src=x" not in page.content


# --- Answers ---------------------------------------------------------------------------------


def test_the_way_from_offer_to_conclusion(
    personas: Personas, officer: Client, referral: Referral
) -> None:
    steps = [
        ("acknowledge", {}, "acknowledged"),
        ("accept", {"file_number": "HP-2026-17", "note": "Unit 3 has it."}, "accepted"),
        ("investigate", {"note": ""}, "investigating"),
        ("conclude", {"note": "Two were convicted."}, "concluded"),
    ]
    for verb, data, status in steps:
        offered = {a["verb"] for a in officer.get(url(referral)).context["answers"]}
        assert verb in offered
        response = officer.post(answer_url(referral, verb), data)
        assert (response.status_code, response["Location"]) == (302, url(referral))
        referral.refresh_from_db()
        assert referral.status == status
    page = text(officer.get(url(referral)))
    for words in ("HP-2026-17", "Unit 3 has it.", "Two were convicted.", "in time"):
        assert words in page, words
    assert referral.update_sequence == 5
    assert list(
        Update.objects.filter(referral=referral).order_by("sequence").values_list("kind", flat=True)
    ) == [
        "referral_offered",
        "referral_acknowledged",
        "referral_accepted",
        "referral_investigating",
        "referral_concluded",
    ]


def test_declining_takes_a_reason_from_the_list(
    personas: Personas, officer: Client, referral: Referral
) -> None:
    reason = factories.reason("decline", label="Outside our area")
    wrong = factories.reason("reject")
    typed_words = {"note": "It is three provinces away."}
    for choice in ("", str(wrong.pk), "999999", "x"):
        response = officer.post(answer_url(referral, "decline"), typed_words | {"reason": choice})
        assert response.status_code == 422, choice
        assert "It is three provinces away." in text(response)
        assert '<details class="confirm" name="answer" open>' in response.content.decode()
    officer.post(answer_url(referral, "decline"), typed_words | {"reason": reason.pk})
    referral.refresh_from_db()
    assert referral.status == "declined"
    assert referral.answered_at is not None
    page = text(officer.get(url(referral)))
    assert "Outside our area" in page
    assert "Report an operation" not in page


def test_a_second_click_does_nothing_more(officer: Client, referral: Referral) -> None:
    reason = factories.reason("decline")
    for verb, data in (
        ("acknowledge", {}),
        ("decline", {"reason": reason.pk, "note": "Not ours."}),
    ):
        for _ in range(2):
            response = officer.post(answer_url(referral, verb), data)
            assert response.status_code == 302
    assert Update.objects.filter(referral=referral).count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_are_one_answer() -> None:
    agency = factories.agency()
    person = factories.officer(agency)
    referral = factories.referred_case(agency)
    statuses: list[int] = []

    def click() -> None:
        try:
            response = browser_of(person).post(
                answer_url(referral, "accept"), {"file_number": "A 1"}
            )
            statuses.append(response.status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [302] * 4
    assert CaseEvent.objects.filter(kind="referral_accepted").count() == 1


def test_an_answer_too_late_keeps_what_was_typed(
    personas: Personas, officer: Client, referral: Referral
) -> None:
    colleague = factories.officer(personas.agency, name="Col League")
    referrals.answer(
        referral=referral, by=colleague, verb="decline", reason=factories.reason("decline")
    )
    response = officer.post(
        answer_url(referral, "accept"), {"file_number": "HP-9", "note": "We take it."}
    )
    assert response.status_code == 409
    page = response.content.decode()
    assert "The referral is now “Declined”, so this can no longer be done." in text(response)
    assert 'value="HP-9"' in page
    assert "We take it." in page
    referral.refresh_from_db()
    assert referral.file_number == ""


def test_a_colleague_who_was_faster_is_named(
    personas: Personas, officer: Client, referral: Referral
) -> None:
    colleague = factories.officer(personas.agency, name="Col League")
    referrals.answer(referral=referral, by=colleague, verb="accept", file_number="HP-1")
    response = officer.post(answer_url(referral, "accept"), {"file_number": "HP-2"})
    assert response.status_code == 409
    assert "Col League has already answered: “Accepted”" in text(response)
    assert 'value="HP-2"' in response.content.decode()
    # The same words again are no contradiction, whoever sends them.
    again = officer.post(answer_url(referral, "accept"), {"file_number": "HP-1"})
    assert again.status_code == 302


def test_a_withdrawn_referral_says_so_and_shows_what_was_typed(
    personas: Personas, officer: Client, referral: Referral
) -> None:
    referrals.withdraw(referral=referral, by=personas.moderator, note="Referred by mistake.")
    response = officer.post(answer_url(referral, "accept"), {"file_number": "HP-3", "note": "Mine"})
    assert response.status_code == 404
    page = text(response)
    for words in ("was withdrawn", "Referred by mistake.", "HP-3", "Mine"):
        assert words in page, words
    shown = officer.get(url(referral))
    assert shown.status_code == 404
    assert referral.case.seller.name not in text(shown)
    assert personas.client("other_officer").get(url(referral)).status_code == 404
    assert "was withdrawn" not in text(personas.client("other_officer").get(url(referral)))


@pytest.mark.parametrize(
    ("verb", "data"),
    [
        ("accept", {"file_number": "x" * 61, "note": "kept"}),
        ("accept", {"file_number": "a\0b", "note": "kept"}),
        ("accept", {"note": "kept" + "x" * 5000}),
        ("conclude", {"note": "kept"}),
        ("investigate", {"note": "kept"}),
    ],
)
def test_a_bad_answer_changes_nothing_and_keeps_the_words(
    officer: Client, referral: Referral, verb: str, data: dict[str, str]
) -> None:
    response = officer.post(answer_url(referral, verb), data)
    assert response.status_code in (409, 422)
    assert "kept" in response.content.decode()
    referral.refresh_from_db()
    assert referral.status == "offered"


@pytest.mark.parametrize("verb", ["withdraw", "nonsense", "report"])
def test_there_are_no_other_verbs(officer: Client, referral: Referral, verb: str) -> None:
    assert officer.post(answer_url(referral, verb)).status_code == 404


def test_what_was_typed_outlives_the_session(
    personas: Personas, officer: Client, referral: Referral
) -> None:
    token = typed.owner_token(personas.officer)
    officer.logout()
    lost = officer.post(
        answer_url(referral, "accept"),
        {"file_number": "HP-77", "note": "Long thought over.", "typed_by": token},
    )
    assert lost.status_code == 302
    officer.force_login(personas.officer)
    page = officer.get(answer_url(referral, "accept"))
    assert page.status_code == 200
    assert "Your session had ended." in text(page)
    assert 'value="HP-77"' in page.content.decode()
    assert "Long thought over." in text(page)
    # Only once; and without anything kept, the address leads back to the referral.
    again = officer.get(answer_url(referral, "accept"))
    assert (again.status_code, again["Location"]) == (302, url(referral))


def test_reasons_no_longer_used_are_not_offered(officer: Client, referral: Referral) -> None:
    old = factories.reason("decline", label="Old reason", is_active=False)
    assert "Old reason" not in text(officer.get(url(referral)))
    response = officer.post(answer_url(referral, "decline"), {"reason": old.pk})
    assert response.status_code == 422


def test_moderators_are_not_named_and_colleagues_are(
    personas: Personas, officer: Client, referral: Referral
) -> None:
    referrals.answer(referral=referral, by=personas.officer, verb="accept")
    factories.verified_operation(referral, officer=personas.officer)
    colleague = factories.officer(personas.agency, name="Otto Colleague")
    referrals.answer(referral=referral, by=colleague, verb="conclude", note="Done.")
    page = text(officer.get(url(referral)))
    assert "Otto Colleague" in page
    assert User.objects.filter(is_moderator=True).exists()
    for moderator in User.objects.filter(is_moderator=True):
        assert moderator.name not in page


def test_an_agency_that_declined_hears_no_more_of_the_case(
    personas: Personas, officer: Client, referral: Referral
) -> None:
    referrals.answer(
        referral=referral, by=personas.officer, verb="decline", reason=factories.reason("decline")
    )
    decisions.record_removal(case=referral.case, by=personas.moderator)
    decisions.record_counter_notice(
        case=referral.case, by=personas.moderator, statement="They were mine to sell."
    )
    response = officer.get(url(referral))
    kinds = [step["event"].kind for step in response.context["steps"]]
    assert kinds == ["referral_declined", "referral_offered"]
    assert "They were mine to sell." not in text(response)
    assert referral.case.evidence.get().original_name not in text(response)
