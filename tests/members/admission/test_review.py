"""Moderators review applications: duplicates, checklist, question, refusal, and admission with its first owner."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from alliance.lib.refusals import Conflict, NotAllowed
from cases import tasks
from members import names
from members.models import Application, Member, MemberNotice, Membership
from members.services import admissions, applications, invitations
from tests import factories
from tests.concurrency import run_concurrently
from tests.forms import form_data
from tests.personas import Personas

pytestmark = pytest.mark.django_db


def page_of(one: Application) -> str:
    return reverse("triage:application", args=[one.pk])


def post(
    client: Client, one: Application, verb: str, form: str, page: Any = None, **changes: Any
) -> Any:
    """Send a form of the page, or of the ``page`` that was opened earlier."""
    url = reverse(f"triage:application_{verb}", args=[one.pk])
    return client.post(url, form_data(page or client.get(page_of(one)), form, **changes))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Alder Works Co., Ltd.", "ALDER-WORKS LIMITED"),
        ("Ａｌｄｅｒ Ｗｏｒｋｓ", "Alder\u200b Works GmbH & Co. KG"),
        ("Société Alder S.A.R.L.", "Societe Alder SAS"),
        ("臺灣積體電路製造股份有限公司", "台湾积体电路制造有限公司"),
        ("株式会社 東雲", "東雲"),
        ("㈱東雲", "東雲（株）"),
        ("(주) 서울패션", "주식회사 서울패션"),
        ("ООО «Ромашка»", "Общество с ограниченной ответственностью Ромашка"),
        ("Alder Limited Liability Company", "Alder LLC"),
        ("Alder Public Limited Company", "ALDER P.L.C."),
        ("Alder Aktiengesellschaft", "Alder AG"),
        ("Alder Société Anonyme", "Alder A/S"),
        ("Công ty TNHH Alder", "Alder"),
        ("Alder Ltd. Şti.", "Alder"),
        ("บริษัท ไหมไทย จำกัด", "ไหมไทย"),
        ("شركة الدُّرّ ش.م.م", "الدر"),
        ("杭州宏遠（集團）有限公司", "杭州宏远集团"),
        ("Birch & Sons Inc", "Birch and Sons"),
        ("Straße AG", "STRASSE"),
    ],
)
def test_names_of_the_same_organisation_are_equal(one: str, other: str) -> None:
    assert names.key(one) == names.key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Alder Works", "Alder"),
        ("Company Ltd", "Limited"),
        ("宏远", "宏达"),
        ("주원", "원"),
        ("ไหมไทย", "ไหมทย"),  # vowels count
        ("श्री", "शर"),
    ],
)
def test_names_of_different_organisations_differ(one: str, other: str) -> None:
    assert names.key(one) != names.key(other)
    assert names.key("\u200b🧵 — ") == ""


def test_duplicates_are_flagged_with_the_reason(
    personas: Personas, django_assert_max_num_queries: Any
) -> None:
    factories.member(name="Hongyuan Industrial", name_local="宏远实业有限公司", country="CN")
    factories.member(
        name="Oak Group", website="https://shop.oak.co.uk/", registration_number="hrb 55-001"
    )
    one = factories.application(
        name="Hung Yuen Trading",
        name_local="宏遠實業股份有限公司",
        website="https://oak.co.uk",
        registration_number="HRB 55001",
    )
    twin = factories.application(name="HUNG YUEN TRADING INC", country="HK")
    factories.application()
    client = personas.client("moderator")
    with django_assert_max_num_queries(8):
        page = client.get("/triage/applications/")
    assert page.text.count("same name") == 3  # twice for the first one
    assert "same website domain, same registration number" in page.text
    review = client.get(page_of(one)).text
    for text in ("Hongyuan Industrial", "Oak Group", twin.reference):
        assert text in review.partition("Possible duplicates")[2]
    factories.draft_application(name="Hung Yuen Trading")
    assert client.get(page_of(one)).text.count("same name") == 2


def test_navigation_counts_applications_without_a_query(
    personas: Personas, django_capture_on_commit_callbacks: Any
) -> None:
    client, label = personas.client("moderator"), 'Applications <span class="tabs-count">'
    assert label not in client.get("/triage/overdue/").text
    with django_capture_on_commit_callbacks(execute=True):
        one = factories.application()
    assert label + "1</span>" in client.get("/triage/overdue/").text
    with django_capture_on_commit_callbacks(execute=True):
        admissions.refuse(application=one, by=personas.moderator, reason="No brand.")
    assert label not in client.get("/triage/overdue/").text


def test_directory_finds_traditional_names_by_simplified_characters(client: Client) -> None:
    factories.member(name="Hung Yuen", name_local="宏遠實業", country="HK")
    factories.brand(factories.member(name="Kiefer AG", country="DE"), name="Fir", name_local="云雀")
    for words, found in (("宏远实业", "Hung Yuen"), ("遠", "Hung Yuen"), ("雲雀", "Kiefer AG")):
        page = client.get("/members/", {"q": words}).text
        assert found in page.partition('id="found"')[2], words


def test_names_follow_a_change() -> None:
    member = factories.member(name="Alder Works Ltd")
    member.refresh_from_db()
    assert (member.name_keys, member.search_text) == (["alderworks"], "alder works ltd\n")
    member.name = "Birch"
    member.save()
    member.refresh_from_db()
    assert member.name_keys == ["birch"]


def test_from_checklist_to_the_first_owner(personas: Personas) -> None:
    one = factories.application(
        name="Alder Works", name_local="", brands=["FIR", "罗恩"], email="bea@fir.example"
    )
    client = personas.client("moderator")
    page = client.get(page_of(one))
    assert "Admit organisation" not in page.text
    admit = reverse("triage:application_admit", args=[one.pk])
    seen = {"seen": form_data(page, "ask")["seen"]}
    early = client.post(admit, seen)
    assert early.status_code == 422
    assert "The person may act for it" in early.text
    ticks = {f"{key}_done": "on" for key in ("identity", "authority", "website", "brands")}
    notes = {"duplicate_note": "Same name, other country.", "conduct_note": "Asked the 秘书处."}
    url = reverse("triage:application_checks", args=[one.pk])
    data = form_data(page, "checklist-form") | ticks | notes
    for _again in range(2):
        assert client.post(url, data).status_code == 302
    page = client.get(page_of(one))
    assert "Same name, other country." in page.text
    assert f'name="seen"\n        value="{seen["seen"]}"' in page.text
    for _again in range(2):
        assert client.post(admit, form_data(page, admit) | seen).status_code == 302
    member = Member.objects.get(application=one)
    # The persona's member has the slug of the name.
    assert (member.slug, member.status, member.joined_on is None) == (
        "alder-works-2",
        "active",
        False,
    )
    assert list(member.brands.values_list("name", flat=True)) == ["FIR", "罗恩"]
    assert member.industries.count() == 1
    assert member.slug in Client().get("/members/").text
    tasks.send_mails()
    sent = {message.subject: message for message in mail.outbox if message.to == [one.email]}
    assert any("Welcome to the alliance" in subject for subject in sent)
    invited = next(message for subject, message in sent.items() if "invited" in subject)
    link = "/accounts/invitation/" + invited.body.partition("/accounts/invitation/")[2].split()[0]
    browser = Client()
    owner = {"name": "Bea Ng", "password1": "a long phrase 9", "password2": "a long phrase 9"}
    assert browser.post(link, form_data(browser.get(link), link) | owner).status_code == 302
    assert Membership.objects.get(member=member).role == "owner"
    assert "Bea" in browser.get("/desk/").text
    with pytest.raises(Conflict):
        invitations.resend_first_owner(member=member, by=personas.moderator, language="en")


def test_second_moderator_sees_who_decided_and_keeps_the_text(personas: Personas) -> None:
    one = factories.application()
    first, second = personas.client("moderator"), personas.client("second_moderator")
    page = second.get(page_of(one))
    assert post(first, one, "refuse", "refuse", text="No brand of its own.").status_code == 302
    late = post(second, one, "ask", "ask", page=page, text="Which brand do you own?")
    assert late.status_code == 409
    assert "Mo Moderator refused this application" in late.text
    assert "Which brand do you own?" in late.text
    tasks.send_mails()
    assert "No brand of its own." in mail.outbox[-1].body
    assert (
        post(first, one, "refuse", "refuse", page=page, text="No brand of its own.").status_code
        == 302
    )
    assert post(first, one, "refuse", "refuse", page=page, text=" \u200b").status_code == 422


def test_decision_on_answers_that_have_changed(personas: Personas) -> None:
    one = factories.application()
    client = personas.client("moderator")
    page = client.get(page_of(one))
    asked = admissions.ask(application=one, by=personas.second_moderator, text="Who?")
    applications.save(application=asked, contact_name="Another Person")
    applications.answer(application=asked, text="Me.")
    stale = post(client, one, "refuse", "refuse", page=page, text="No proof.")
    assert stale.status_code == 409
    assert "The application has changed" in stale.text
    # The same text can be sent again for what the page now shows.
    assert post(client, one, "refuse", "refuse", page=stale).status_code == 302


def test_checklists_do_not_overwrite_each_other(personas: Personas) -> None:
    one = factories.application()
    first, second = personas.client("moderator"), personas.client("second_moderator")
    page = second.get(page_of(one))
    assert post(first, one, "checks", "checklist-form", identity_note="From A.").status_code == 302
    late = post(second, one, "checks", "checklist-form", page=page, identity_note="From B.")
    assert late.status_code == 409
    assert "From B." in late.text
    assert "Mo Moderator has saved the checklist" in late.text
    assert post(second, one, "checks", "checklist-form", page=late).status_code == 302
    assert one.checks.get().note == "From B."


def test_only_moderators_decide(personas: Personas) -> None:
    one = factories.application()
    for person in (personas.admin, personas.owner):
        with pytest.raises(NotAllowed):
            admissions.refuse(application=one, by=person, reason="No.")


@pytest.mark.django_db(transaction=True)
def test_two_moderators_at_once_decide_once() -> None:
    first, second = factories.moderator(name="Ana"), factories.moderator(name="Bo")
    one = factories.application()
    factories.tick_all(one, by=first)
    results = run_concurrently(
        lambda: admissions.admit(application=one, by=first),
        lambda: admissions.refuse(application=one, by=second, reason="No."),
    )
    one.refresh_from_db()
    assert sum(isinstance(result, Conflict) for result in results) == 1
    admitted = one.status == "admitted"
    assert Member.objects.count() == MemberNotice.objects.count() == int(admitted)
    assert f"{'Ana' if admitted else 'Bo'} {one.status}" in str(
        next(result for result in results if isinstance(result, Conflict))
    )


def test_first_owner_can_be_invited_again(personas: Personas) -> None:
    member = factories.admitted_member(by=personas.moderator)
    client = personas.client("second_moderator")
    url = reverse("triage:application_resend", args=[member.application.pk])
    assert client.post(url).status_code == 422  # sent a moment ago
    member.invitations.update(invited_at="2020-01-01T00:00Z", expires_at="2020-01-09T00:00Z")
    assert client.post(url).status_code == 302
    assert not member.invitations.get().has_expired
