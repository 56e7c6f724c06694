"""Preview of a referral: exactly what the moderator saw is sent to the agency."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from alliance.lib.refusals import Changed, Conflict, NotAllowed, Refusal
from cases.liaison.models import Agency, DueTimes, Referral, Update
from cases.models import Case
from cases.queries import referral_previews
from cases.services import decisions
from cases.services import referral as referrals
from members.models import User
from tests import factories
from tests.forms import end_session, form_owner
from tests.personas import browser_of

pytestmark = pytest.mark.django_db

NOTE = "One warehouse, three shops. <b>Look</b>"


@pytest.fixture
def mo() -> User:
    return factories.moderator()


@pytest.fixture
def desk(mo: User) -> Client:
    return browser_of(mo)


@pytest.fixture
def case() -> Case:
    return factories.upheld_case()


def refer_url(case: Case) -> str:
    return reverse("triage:refer", args=[case.reference])


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


def preview(desk: Client, case: Case, agency: Agency, **more: Any) -> Any:
    return desk.post(refer_url(case), {"agency": agency.pk, "note": NOTE} | more)


def confirm(desk: Client, case: Case, shown: Any, **more: Any) -> Any:
    """Submit the form of the preview page."""
    preview = shown.context["preview"]
    sent = {"agency": preview.agency.pk, "note": preview.referral.note, "seen": preview.fingerprint}
    if preview.proposal:
        sent["rule"] = preview.proposal.rule.pk
    return desk.post(refer_url(case), sent | more)


@pytest.mark.parametrize(
    "discloses",
    [
        [],
        ["member"],
        ["seller", "listings"],
        ["right", "note", "evidence"],
        ["member", "right", "seller", "listings", "note", "evidence"],
    ],
)
def test_previewed_payload_is_sent(desk: Client, case: Case, discloses: list[str]) -> None:
    agency = factories.agency(discloses=discloses)
    shown = preview(desk, case, agency)
    assert shown.status_code == 200
    assert not Referral.objects.exists()
    assert not Update.objects.exists()
    assert confirm(desk, case, shown).status_code == 302
    payload = Update.objects.get().payload
    assert referral_previews.without_identifiers(payload) == shown.context["preview"].payload
    assert Referral.objects.get().note == NOTE


def test_preview_marks_withheld_parts(desk: Client, case: Case) -> None:
    agency = factories.agency(
        name="Harbour Police", discloses=["seller", "listings", "note"], channels=2
    )
    agency.channels.update(kind="stream")
    html = words(preview(desk, case, agency))
    assert html.count("Harbour Police may not see this.") == 3
    assert case.seller is not None
    for part in (case.seller.external_id, case.listings.all()[0].url, "2 channels (Redis stream"):
        assert part in html
    assert "Your note: One warehouse, three shops. &lt;b&gt;Look" in html
    assert case.brand.name not in html
    assert "and in the portal" in html


def test_preview_shows_the_deadlines_of_the_referral(desk: Client, case: Case) -> None:
    agency = factories.agency()
    DueTimes.objects.create(
        agency=agency, priority=case.priority, read_hours=1, acknowledge_hours=2, accept_hours=3
    )
    shown = preview(desk, case, agency)
    before = shown.context["preview"].referral
    confirm(desk, case, shown)
    made = Referral.objects.get()
    for name in ("deliver_by", "read_by", "acknowledge_by", "accept_by"):
        assert getattr(made, name) - made.referred_at == getattr(before, name) - before.referred_at


def test_preview_lists_the_listing_urls(desk: Client, case: Case) -> None:
    parts = {part.label: part for part in preview(desk, case, factories.agency()).context["parts"]}
    assert [label for label, part in parts.items() if part.sends_items] == ["The listings"]
    assert parts["The listings"].items


def test_agency_without_a_channel_uses_the_desk(desk: Client, case: Case) -> None:
    assert "In the portal only" in words(preview(desk, case, factories.agency(channels=0)))


def test_withheld_name_in_the_note_is_pointed_out(desk: Client, case: Case) -> None:
    agency = factories.agency(discloses=["note"])
    note = f"It is all about {case.brand.name.upper()}."
    html = words(preview(desk, case, agency, note=note))
    assert f"contains information that {agency.name} may not see: {case.brand.name}." in html
    assert "contains information that" not in words(
        preview(desk, case, factories.agency(), note=note)
    )


# --- Changes between preview and confirmation ----------------------------------------------------


def _disclosure(case: Case, agency: Agency) -> None:
    agency.discloses = ["listings"]
    agency.save()


def _new_event(case: Case, agency: Agency) -> None:
    decisions.record_removal(case=case, by=factories.moderator())


def _new_channel(case: Case, agency: Agency) -> None:
    factories.channel(agency, name="Another")


def _due_times(case: Case, agency: Agency) -> None:
    agency.acknowledge_within_hours = 3
    agency.save()


@pytest.mark.parametrize("change", [_disclosure, _new_event, _new_channel, _due_times])
def test_change_after_the_preview_is_detected(desk: Client, case: Case, change: Any) -> None:
    agency = factories.agency()
    shown = preview(desk, case, agency)
    change(case, agency)
    answer = confirm(desk, case, shown)
    assert answer.status_code == 409
    assert "has changed since you opened this page" in words(answer)
    assert not Referral.objects.exists()
    assert answer.context["preview"].fingerprint != shown.context["preview"].fingerprint
    assert confirm(desk, case, answer).status_code == 302
    assert Referral.objects.get().note == NOTE


def test_service_checks_under_the_lock(case: Case, mo: User) -> None:
    agency = factories.agency()
    preview = referrals.prepare(case=case, by=mo, agency=agency)
    Agency.objects.filter(pk=agency.pk).update(discloses=[])
    with pytest.raises(Changed):
        referrals.refer(case=case, by=mo, agency=agency, seen=preview.fingerprint)
    assert not Referral.objects.exists()


# --- Going back, and refusals --------------------------------------------------------------------


def test_going_back_keeps_input(desk: Client, case: Case) -> None:
    agency = factories.agency()
    shown = preview(desk, case, agency)
    back = confirm(desk, case, shown, change="1")
    assert back.status_code == 200
    form = back.context["forms"]["refer"]
    assert (str(form["agency"].value()), form["note"].value()) == (str(agency.pk), NOTE)
    assert back.context["opened"] == "refer"
    assert not Referral.objects.exists()


def test_case_cannot_be_referred_twice_to_an_agency(desk: Client, case: Case) -> None:
    referral = factories.referred_case(case=case)
    answer = preview(desk, case, referral.agency)
    assert answer.status_code == 409
    assert f"has already been referred to {referral.agency.name}." in words(answer)
    assert Referral.objects.count() == 1


def test_preview_is_refused_by_role_agency_and_status(case: Case) -> None:
    agency = factories.agency()
    with pytest.raises(NotAllowed):
        referrals.prepare(case=case, by=factories.user(), agency=agency)
    with pytest.raises(Refusal):
        referrals.prepare(
            case=case, by=factories.moderator(), agency=factories.agency(is_active=False)
        )
    with pytest.raises(Conflict):
        referrals.prepare(case=factories.rejected_case(), by=factories.moderator(), agency=agency)


def test_input_survives_session_expiry(case: Case, mo: User) -> None:
    agency, client = factories.agency(), browser_of(mo)
    token = form_owner(client, f"/triage/{case.reference}/")
    end_session(client)
    sent = {"agency": agency.pk, "note": NOTE, "seen": "x" * 64, "form_owner": token}
    assert client.post(refer_url(case), sent).status_code == 302
    client.force_login(mo)
    page = client.get(refer_url(case))
    assert page.context["forms"]["refer"]["note"].value() == NOTE
    assert not Referral.objects.exists()
