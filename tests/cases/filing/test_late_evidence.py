"""A rejected case is reopened by late evidence."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from alliance.lib import clock
from alliance.lib.refusals import Conflict, NotAllowed, Refusal
from cases import tasks
from cases.figures import brand_month
from cases.models import Case, Listing
from cases.models.event import EventKind
from cases.services import decisions, evidence, filing, reopening, triage
from cases.states import Outcome, Status
from tests import factories
from tests.cases.filing.forms import at, words
from tests.forms import form_data
from tests.personas import Personas

pytestmark = pytest.mark.django_db
NOTE = "The maker has confirmed that it never sold to this shop."


@pytest.fixture
def case(mine: dict[str, Any], personas: Personas) -> Case:
    return factories.rejected_case(moderator=personas.moderator, **mine)


def send(client: Client, case: Case, *, name: str = "statement.png", **changes: Any) -> Any:
    """Send the form of the case's page with a file."""
    page = client.get(case.get_absolute_url())
    data = form_data(page, at(case, "reopen"), note=NOTE)
    return client.post(at(case, "reopen"), data | {"uploads": [factories.png(name)]} | changes)


def add_late(case: Case) -> None:
    evidence.add(case=case, by=case.created_by, upload=factories.png(), kind="document")


def test_late_evidence_reopens_the_case(client: Client, case: Case) -> None:
    page = words(client.get(case.get_absolute_url()))
    assert "Add evidence and reopen the case" in page
    assert "Reopen the case with new evidence." in page
    until = reopening.open_until(case)
    assert until == case.decided_at + timedelta(days=184)  # type: ignore[operator]
    assert f'until <time datetime="{until:%Y-%m-%d}' in page
    soon = clock.now() + timedelta(days=3)
    with clock.at(soon):
        response = send(client, case)
        assert response["Location"] == case.get_absolute_url()
        page = words(client.get(case.get_absolute_url()))
    assert "The case was reopened and sent to the moderators." in page
    assert "With moderators" in page
    assert NOTE in page
    assert "Complaint rejected" in page  # the decision stays in the timeline
    stored = Case.objects.get(pk=case.pk)
    assert (stored.status, stored.outcome, stored.decided_at) == (Status.SUBMITTED, "", None)
    assert stored.due_at == soon + timedelta(hours=24)
    assert stored.submitted_at == case.submitted_at
    assert {(one.status, one.outcome, one.is_open) for one in stored.listings.all()} == {
        (Listing.Status.LIVE, Listing.Outcome.UNDECIDED, True)
    }
    (decision,) = stored.decisions.all()
    assert (decision.outcome, decision.superseded_at) == (Outcome.REJECTED, soon)
    kinds = list(stored.events.order_by("sequence").values_list("kind", flat=True))
    assert kinds[-3:] == ["rejected", "evidence_added", "reopened"]


def test_form_sent_twice_reopens_once(client: Client, case: Case) -> None:
    same = factories.png_bytes(7)
    page = client.get(case.get_absolute_url())
    data = form_data(page, at(case, "reopen"), note=NOTE)
    for _ in range(2):
        upload = factories.png("statement.png", seed=7)
        assert client.post(at(case, "reopen"), data | {"uploads": [upload]}).status_code == 302
    assert case.events.filter(kind=EventKind.REOPENED).count() == 1
    assert case.evidence.filter(size=len(same), original_name="statement.png").count() == 1


def test_moderators_see_what_is_new(client: Client, case: Case, personas: Personas) -> None:
    send(client, case)
    moderator = personas.client("second_moderator")
    page = words(moderator.get(reverse("triage:case", args=[case.reference])))
    card = page[page.index('id="reopened-title"') : page.index('id="complaint-title"')]
    assert "Reopened by late evidence" in card
    for text in (NOTE, "statement.png", "The goods shown are genuine.", personas.moderator.name):
        assert text in card
    assert "screenshot.png" not in card
    listed = moderator.get(reverse("triage:list")).content.decode()
    assert case.reference in listed
    claimed = triage.claim(case=case, by=personas.second_moderator)
    again = decisions.reject(
        case=claimed,
        by=personas.second_moderator,
        reason=factories.reason("reject"),
        facts="The statement is about another shop.",
        expected_version=claimed.version,
    )
    assert again.decisions.count() == 2
    page = words(moderator.get(reverse("triage:case", args=[case.reference])))
    assert 'id="reopened-title"' not in page


def test_an_open_case_does_not_count_as_rejected(case: Case) -> None:
    month = brand_month.Month(clock.today(), clock.now().tzinfo)  # type: ignore[arg-type]
    before = brand_month.figures(case.brand, month)
    assert (before.total.rejected, before.total.decided) == (1, 1)
    assert before.refusals
    add_late(case)
    reopening.reopen(case=case, by=case.created_by, note=NOTE)
    after = brand_month.figures(case.brand, month)
    assert (after.total.filed, after.total.rejected, after.total.decided) == (1, 0, 0)
    assert not after.refusals


def test_without_a_file_or_a_sentence_nothing_changes(client: Client, case: Case) -> None:
    response = send(client, case, uploads=[])
    assert response.status_code == 422
    assert NOTE in words(response)
    assert "Choose at least one file." in words(response)
    response = send(client, case, note=" ")
    assert "State what is new." in words(response)
    response = send(client, case, name="statement.pdf")
    assert "has the wrong extension" in words(response)
    assert NOTE in words(response)
    with pytest.raises(Refusal, match="did not have when they decided"):
        reopening.reopen(case=case, by=case.created_by, note=NOTE)
    case.refresh_from_db()
    assert case.status == Status.REJECTED
    assert case.evidence.count() == 1


def test_evidence_that_is_there_already_needs_no_further_file(client: Client, case: Case) -> None:
    """One of two files was accepted, so the other one need not be sent again."""
    page = client.get(case.get_absolute_url())
    assert "Files</label>" in words(page)
    files = [factories.png("statement.png"), factories.png("statement.pdf")]
    page = send(client, case, uploads=files)
    assert page.status_code == 422
    assert "has the wrong extension" in words(page)
    assert 'Files <span class="optional">(optional)</span>' in words(page)
    data = form_data(page, at(case, "reopen"))
    for _ in range(2):
        assert client.post(at(case, "reopen"), data).status_code == 302
    assert case.events.filter(kind=EventKind.REOPENED).count() == 1
    assert case.evidence.count() == 2


def test_after_the_time_the_page_says_so(
    client: Client, case: Case, personas: Personas, settings: Any
) -> None:
    settings.LATE_EVIDENCE_DAYS = 10
    with clock.at(clock.now() + timedelta(days=11)):
        page = words(client.get(case.get_absolute_url()))
        assert "The time to add evidence ended on" in page
        assert at(case, "reopen") not in page
        assert "The time to add evidence ended" not in words(
            personas.client("viewer").get(case.get_absolute_url())
        )
        with pytest.raises(Conflict, match="The time to add evidence ended"):
            add_late(case)


def test_a_case_filed_again_is_not_reopened(client: Client, case: Case) -> None:
    """The evidence belongs to the later case, and two open cases cannot have the same listing."""
    by, brand = case.created_by, case.brand
    fields = {"violation": "counterfeit", "jurisdiction": "CN", "goods_class": 25}
    draft = filing.start_draft(
        by=by,
        token=uuid.uuid4(),
        brand=brand,
        right=case.right,
        explanation="Now with a test purchase.",
        infringement_in=["product"],
        like=case,
        **fields,  # type: ignore[arg-type]
    )
    Case.objects.filter(pk=draft.pk).update(follows=case)
    assert at(case, "reopen") in words(client.get(case.get_absolute_url()))  # only a draft
    upload = factories.png()
    evidence.add(case=draft, by=by, upload=upload, kind="screenshot")
    again = filing.submit(case=draft, by=by, good_faith=True)
    other = factories.draft_case(by=by, citing=case.right, against=case.seller)
    Case.objects.filter(pk=other.pk).update(follows=case)
    page = words(client.get(case.get_absolute_url()))
    assert f"filed again as {again.reference}. Add the evidence to that case." in page
    assert at(case, "reopen") not in page
    with pytest.raises(Conflict, match=again.reference):
        add_late(case)
    Case.objects.filter(follows=case).update(follows=None)
    with pytest.raises(Conflict, match=f"open case {again.reference}"):
        add_late(case)


def test_only_filers_reopen(case: Case, personas: Personas) -> None:
    page = words(personas.client("viewer").get(case.get_absolute_url()))
    assert at(case, "reopen") not in page
    add_late(case)
    for name in ("viewer", "stranger", "moderator", "officer"):
        with pytest.raises(NotAllowed):
            reopening.reopen(case=case, by=getattr(personas, name), note=NOTE)


def test_filer_is_notified_when_a_colleague_reopens(case: Case, personas: Personas) -> None:
    add_late(case)
    reopening.reopen(case=case, by=personas.owner, note=NOTE)
    tasks.send_mails()
    (message,) = [one for one in mail.outbox if "Reopened by late evidence" in one.subject]
    assert message.to == [case.created_by.email]
    assert NOTE not in str(message.body)
