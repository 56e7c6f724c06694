"""Programs list and read the member's cases, and see what the member's people see."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alliance.lib import clock
from cases.api import case_schemas
from cases.api.case_input import IdentifiersIn
from cases.api.imports import ImportKind, ImportState, PlannedState
from cases.models import Case, Evidence, Listing, PlannedCase, StatedIdentifier
from cases.models.event import EventKind
from cases.services import drafts, evidence, referral, triage
from cases.states import ListingPart, Outcome, Priority, Status, Violation
from members.imports import registry
from members.models import ImportJob
from tests import factories
from tests.factories.api import Api
from tests.factories.files import png
from tests.personas import Personas

pytestmark = pytest.mark.django_db


def references(api: Api, query: str = "") -> list[str]:
    found = api.get(f"/cases?{query}")
    assert found.status_code == 200, found.content
    return [one["reference"] for one in found.json()["items"]]


def test_the_document_has_all_values() -> None:
    closed = {
        case_schemas.CaseStatus: Status,
        case_schemas.CaseOutcome: Outcome,
        case_schemas.ViolationType: Violation,
        case_schemas.Part: ListingPart,
        case_schemas.ListingStatus: Listing.Status,
        case_schemas.FileKind: Evidence.Kind,
        case_schemas.IdentifierKind: StatedIdentifier.Kind,
        ImportState: ImportJob.State,
        PlannedState: PlannedCase.State,
    }
    for literal, choices in closed.items():
        assert list(get_args(literal)) == choices.values
    assert list(IdentifiersIn.model_fields) == StatedIdentifier.Kind.values
    assert set(get_args(ImportKind)) == {kind.name for kind in registry.every()}


def test_the_list_and_its_filters(api: Api, personas: Personas) -> None:
    mine = {"by": personas.filer, "citing": personas.right}
    with clock.at(datetime(2026, 3, 1, 12, tzinfo=UTC)):
        early = factories.submitted_case(**mine)
    late = factories.upheld_case(**mine)
    factories.submitted_case()
    factories.withdrawn_case(**mine)
    draft = factories.draft_case(**mine, listings=0)
    discarded = factories.draft_case(**mine)
    api.post(f"/cases/{discarded.reference}/withdraw", {})
    listed = references(api)
    assert listed[0] == draft.reference
    assert discarded.reference not in listed
    assert len(listed) == 4
    assert references(api, "status=draft") == [draft.reference]
    assert references(api, f"brand_id={personas.brand.pk}&status=upheld") == [late.reference]
    assert references(api, "brand_id=1") == []
    slug = late.seller.marketplace.slug
    assert references(api, f"marketplace={slug}") == [late.reference]
    assert references(api, "submitted_from=2026-03-01&submitted_to=2026-03-01") == [early.reference]
    assert references(api, "submitted_to=2026-02-28") == []
    by_day = references(api, "submitted_from=2026-03-01")
    assert (by_day[-1], len(by_day)) == (early.reference, 3)
    page = api.get("/cases?limit=2").json()
    assert references(api, f"limit=2&cursor={page['next']}") == listed[2:]
    assert api.get("/cases?marketplace=%00").json()["items"] == []


def test_the_list_and_a_case_take_the_same_queries_for_any_number(
    api: Api, personas: Personas
) -> None:
    mine = {"by": personas.filer, "citing": personas.right}

    def queries(path: str) -> int:
        api.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert api.get(path).status_code == 200
        return len(captured)

    small = factories.counter_noticed_case(**mine, listings=1, files=1)
    one = [queries(path) for path in ("/cases", "/cases?submitted_from=2026-01-01")]
    for _ in range(4):
        factories.submitted_case(**mine)
    large = factories.counter_noticed_case(**mine, listings=30, files=5)
    many = [queries(path) for path in ("/cases", "/cases?submitted_from=2026-01-01")]
    assert one == many
    assert max(many) <= 3
    for end, most in (("", 6), ("/events", 4)):
        assert queries(f"/cases/{small.reference}{end}") == queries(
            f"/cases/{large.reference}{end}"
        )
        assert queries(f"/cases/{large.reference}{end}") <= most
    drafts_of = [factories.draft_case(**mine, listings=count) for count in (1, 30)]
    few, more = (queries(f"/cases/{case.reference}/problems") for case in drafts_of)
    assert few == more


def test_a_decision_says_why_and_how_to_file_again(api: Api, personas: Personas) -> None:
    mine = {"by": personas.filer, "citing": personas.right}
    rejected = factories.rejected_case(**mine)
    found = api.get(f"/cases/{rejected.reference}", Accept_Language="zh").json()
    reason = found["decision"]["reason"]
    assert reason["label"] == rejected.decisions.get().reason.label_zh
    assert found["decision"]["facts"]
    assert found["decision"]["can_be_filed_again"] is rejected.decisions.get().reason.can_refile
    assert found["listings"][0]["status"] == "left_up"
    assert found["listings"][0]["still_up"] in ("left_up", "left_up_fixable")
    assert found["next_step"]["by"] is None
    removed = factories.removed_case(**mine)
    found = api.get(f"/cases/{removed.reference}").json()
    assert (found["status"], found["outcome"]) == ("removed", "upheld")
    assert {one["still_up"] for one in found["listings"]} == {"removed"}


def test_internal_steps_leave_no_trace(api: Api, personas: Personas) -> None:
    case = factories.claimed_case(
        by=personas.filer, citing=personas.right, moderator=personas.moderator
    )
    before = api.get(f"/cases/{case.reference}")
    events = api.get(f"/cases/{case.reference}/events")
    triage.comment(case=case, by=personas.moderator, note="Looks like an old acquaintance.")
    assert case.events.filter(kind=EventKind.COMMENTED).exists()
    assert api.get(f"/cases/{case.reference}").content == before.content
    assert api.get(f"/cases/{case.reference}/events").content == events.content
    # Also for a person who sees more on the pages.
    personas.filer.is_staff = True
    personas.filer.save()
    assert api.get(f"/cases/{case.reference}/events").content == events.content
    triage.set_priority(case=case, by=personas.moderator, priority=Priority.HIGH)
    after = api.get(f"/cases/{case.reference}").json()
    differing = {name for name, value in before.json().items() if after[name] != value}
    assert differing >= {"due_at", "updated_at"}
    upheld = factories.upheld_case(by=personas.filer, citing=personas.right)
    made = factories.referred_case(personas.agency, case=upheld)
    officer = personas.officer
    seen = api.get(f"/cases/{upheld.reference}/events").json()["items"]
    changed = Case.objects.get(pk=upheld.pk).updated_at
    referral.answer(referral=made, by=officer, verb="acknowledge")
    assert api.get(f"/cases/{upheld.reference}/events").json()["items"] == seen
    assert Case.objects.get(pk=upheld.pk).updated_at == changed


def test_changes_since_a_time(api: Api, personas: Personas) -> None:
    mine = {"by": personas.filer, "citing": personas.right}
    case, draft = factories.submitted_case(**mine), factories.draft_case(**mine)
    other = factories.submitted_case(**mine)

    def changed(since: datetime) -> list[str]:
        return references(api, f"updated_since={since.isoformat().replace('+00:00', 'Z')}")

    start = clock.now()
    assert changed(start) == []
    evidence.add(case=draft, by=personas.filer, upload=png(seed=3), kind="document")
    triage.claim(case=case, by=personas.moderator)
    assert changed(start) == [draft.reference, case.reference]
    before = clock.now()
    evidence.remove(evidence=draft.evidence.latest("uploaded_at"), by=personas.filer)
    assert changed(before) == [draft.reference]
    before = clock.now()
    version = drafts.version(Case.objects.get(pk=draft.pk))
    api.patch(f"/cases/{draft.reference}", {"explanation": "Other."}, If_Match=version)
    assert changed(before) == [draft.reference]
    before = clock.now()
    version = drafts.version(Case.objects.get(pk=draft.pk))
    again = {"listings": [{"url": one.url, "title": "Bag"} for one in draft.listings.all()]}
    api.patch(f"/cases/{draft.reference}", again, If_Match=version)
    assert changed(before) == [draft.reference]
    assert changed(start - timedelta(hours=1))[0] == other.reference


def test_the_row_of_a_case_is_the_same_in_lists_and_alone(api: Api, personas: Personas) -> None:
    case = factories.submitted_case(by=personas.filer, citing=personas.right)
    [row] = api.get("/cases").json()["items"]
    whole: dict[str, Any] = api.get(f"/cases/{case.reference.lower()}").json()
    assert row.items() <= whole.items()
