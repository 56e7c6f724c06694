"""Updates for members' webhooks: what the timeline shows, in the transaction of the event, and nothing else."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import jsonschema
import pytest
from django.db import transaction

from alliance.lib import clock
from alliance.lib.refusals import Refusal
from cases import visibility
from cases.liaison.delivery.pull.api import SCHEMAS
from cases.liaison.models import Channel, Delivery, Update
from cases.models import Case, ReasonCode
from cases.services import core, decisions, evidence, filing, referral, reopening, triage
from tests import factories
from tests.liaison.updates import change
from tests.personas import Personas

pytestmark = pytest.mark.django_db
URL = "https://hooks.example/in"


def updates_of(case: Case) -> list[Update]:
    return list(Update.objects.filter(case=case).order_by("sequence"))


def kinds_of(case: Case) -> list[str]:
    return [update.kind for update in updates_of(case)]


def draft(cast: Personas, **fields: Any) -> Case:
    return factories.draft_case(by=cast.filer, citing=cast.right, **fields)


def submitted(cast: Personas, **fields: Any) -> Case:
    case = draft(cast, **fields)
    return filing.submit(case=case, by=cast.filer, good_faith=True)


def test_updates_are_exactly_the_events_on_the_timeline(personas: Personas) -> None:
    channel, _secret = factories.member_webhook(URL, personas.member)
    case = submitted(personas, files=1)
    case = factories.claimed_case(moderator=personas.moderator, case=case)
    triage.comment(case=case, by=personas.moderator, note="The seller is known to us.")
    case = triage.request_information(
        case=Case.objects.get(pk=case.pk),
        by=personas.moderator,
        reason=factories.reason(ReasonCode.Use.REQUEST),
        note="Which label?",
    )
    evidence.add(case=case, by=personas.filer, upload=factories.png(seed=9), kind="screenshot")
    case = filing.answer(case=case, by=personas.filer, note="The inner one.")
    case = factories.claimed_case(moderator=personas.moderator, case=case)
    case = factories.upheld_case(moderator=personas.moderator, case=case)
    made = referral.refer(case=case, by=personas.moderator, agency=personas.agency)
    referral.answer(referral=made, by=personas.officer, verb="acknowledge")
    referral.withdraw(referral=made, by=personas.moderator, note="A mistake.")
    shown = visibility.events(personas.owner, case=Case.objects.get(pk=case.pk))
    expected = shown.exclude(sequence__lt=case.events.get(kind="submitted").sequence)
    assert kinds_of(case) == list(expected.order_by("sequence").values_list("kind", flat=True))
    assert [update.sequence for update in updates_of(case)] == list(
        range(1, len(updates_of(case)) + 1)
    )
    assert Delivery.objects.filter(channel=channel).count() == len(updates_of(case))
    text = json.dumps([update.payload for update in updates_of(case)])
    hidden = (
        personas.moderator.name,
        personas.officer.name,
        personas.agency.name,
        "known to us",
        "A mistake",
        made.reference,
    )
    for secret in hidden:
        assert secret not in text
    assert "Which label?" in text
    assert "The inner one." in text


def checked(payload: dict[str, Any]) -> None:
    """Compare a payload with the published schema."""
    schema = json.loads((SCHEMAS / "case-update.v1.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(
        schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    ).validate(payload)


def test_payloads_match_the_published_schema(personas: Personas) -> None:
    factories.member_webhook(URL, personas.member)
    case = submitted(personas, listings=3)
    case = factories.claimed_case(moderator=personas.moderator, case=case)
    case = factories.upheld_case(moderator=personas.moderator, case=case, left_up=1)
    for update in updates_of(case):
        checked(update.payload)
    upheld = updates_of(case)[-1].payload
    assert upheld["kind"] == "upheld"
    assert upheld["case"]["outcome"] == "upheld"
    assert sorted(one["outcome"] for one in upheld["case"]["listings"]) == [
        "leave_up",
        "remove",
        "remove",
    ]
    decision = case.decisions.get(superseded_at=None)
    assert decision.reason
    assert decision.left_up_reason
    assert upheld["reason"]["code"] == decision.reason.code
    assert upheld["left_up_reason"]["code"] == decision.left_up_reason.code
    assert upheld["note"] == decision.facts
    assert upheld["link"].endswith(case.get_absolute_url())


def test_a_counter_notice_says_until_when_it_can_be_answered(personas: Personas) -> None:
    factories.member_webhook(URL, personas.member)
    case = submitted(personas)
    case = factories.claimed_case(moderator=personas.moderator, case=case)
    case = factories.upheld_case(moderator=personas.moderator, case=case)
    decisions.record_removal(case=case, by=personas.moderator)
    decisions.record_counter_notice(case=case, by=personas.moderator, statement="Genuine goods.")
    notice = case.counter_notices.get()
    assert notice.answer_due_at
    sent = updates_of(case)[-1].payload
    assert sent["kind"] == "counter_noticed"
    assert sent["case"]["answer_due_at"] == notice.answer_due_at.isoformat()
    assert sent["note"] == "Genuine goods."
    with clock.at(notice.answer_due_at + timedelta(seconds=1)):
        change(case, personas.moderator)
    assert "answer_due_at" not in updates_of(case)[-1].payload["case"]


def test_a_reopened_case_has_its_listings_again(personas: Personas) -> None:
    factories.member_webhook(URL, personas.member)
    case = submitted(personas)
    case = factories.rejected_case(moderator=personas.moderator, case=case)
    evidence.add(case=case, by=personas.filer, upload=factories.png(seed=9), kind="document")
    reopening.reopen(case=case, by=personas.filer, note="The maker has answered.")
    sent = updates_of(case)[-1].payload
    checked(sent)
    assert sent["kind"] == "reopened"
    assert {one["status"] for one in sent["case"]["listings"]} == {"live"}
    assert "outcome" not in sent["case"]


def test_a_draft_sends_nothing(personas: Personas) -> None:
    factories.member_webhook(URL, personas.member)
    case = draft(personas, files=1)
    # No step of a draft records an event today.
    change(case, personas.moderator)
    filing.withdraw(case=Case.objects.get(pk=case.pk), by=personas.filer)
    assert not Update.objects.exists()


def test_a_refused_step_leaves_no_update(personas: Personas) -> None:
    factories.member_webhook(URL, personas.member)
    case = submitted(personas)

    @transaction.atomic
    def step_and_be_refused() -> None:
        change(case, personas.moderator)
        filing.answer(case=case, by=personas.filer, note="Not asked.")

    with pytest.raises(Refusal):
        step_and_be_refused()
    assert kinds_of(case) == ["submitted"]


def test_a_webhook_takes_its_brands_and_its_member_only(personas: Personas) -> None:
    other_brand = factories.brand(personas.member)
    everything, _secret = factories.member_webhook(URL, personas.member)
    chosen, _secret = factories.member_webhook(URL, personas.member, brands=[personas.brand])
    foreign, _secret = factories.member_webhook(URL, personas.other_member)
    case = submitted(personas)
    other = factories.submitted_case(of=other_brand)
    elsewhere = factories.submitted_case(of=factories.brand(personas.other_member))

    def cases_of(channel: Channel) -> set[int | None]:
        return set(channel.deliveries.values_list("update__case", flat=True))

    assert cases_of(everything) == {case.pk, other.pk}
    assert cases_of(chosen) == {case.pk}
    assert cases_of(foreign) == {elsewhere.pk}


def test_agencies_and_members_get_their_own_updates(personas: Personas) -> None:
    hook, _secret = factories.member_webhook(URL, personas.member)
    case = submitted(personas)
    case = factories.claimed_case(moderator=personas.moderator, case=case)
    case = factories.upheld_case(moderator=personas.moderator, case=case)
    referral.refer(case=case, by=personas.moderator, agency=personas.agency)
    decisions.record_removal(case=case, by=personas.moderator)
    assert not hook.deliveries.exclude(update__referral=None).exists()
    for channel in Channel.objects.of_agencies():
        assert not channel.deliveries.exclude(update__case=None).exists()
    assert personas.agency.channels.get().deliveries.count() == 2


def test_a_suspended_member_collects_and_a_former_one_does_not(personas: Personas) -> None:
    factories.member_webhook(URL, personas.member)
    case = submitted(personas)
    factories.set_status(personas.member, "suspended")
    case = factories.claimed_case(moderator=personas.moderator, case=case)
    assert kinds_of(case) == ["submitted", "claimed"]
    factories.set_status(personas.member, "left")
    factories.rejected_case(moderator=personas.moderator, case=case)
    assert kinds_of(case) == ["submitted", "claimed"]


def test_a_webhook_that_is_switched_off_collects_nothing(personas: Personas) -> None:
    channel, _secret = factories.member_webhook(URL, personas.member)
    Channel.objects.filter(pk=channel.pk).update(is_active=False)
    case = submitted(personas)
    assert not Update.objects.exists()
    Channel.objects.filter(pk=channel.pk).update(is_active=True)
    factories.claimed_case(moderator=personas.moderator, case=case)
    assert [(one.kind, one.sequence) for one in updates_of(case)] == [("claimed", 1)]


def test_events_of_one_step_are_numbered_in_order(personas: Personas) -> None:
    factories.member_webhook(URL, personas.member)
    case = submitted(personas)
    with transaction.atomic():
        locked = core.lock(case)
        made = [
            core.new_event(
                kind,
                by=personas.moderator,
                role=core.Audience.MODERATOR,
                audience=core.MEMBER,
            )
            for kind in (core.EventKind.REFERRED, core.EventKind.REFERRAL_WITHDRAWN)
        ]
        core.record_all(locked, *made)
    assert kinds_of(case) == ["submitted", "referred", "referral_withdrawn"]
