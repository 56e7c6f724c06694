"""The pages of bulk actions: from the list to the results."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.bulk import jobs
from cases.lists import bulk as selections
from cases.models import BulkJob, Case
from members.models import User
from tests import factories
from tests.factories.bulk import bulk_job
from tests.forms import form_data
from tests.personas import browser_of

LIST = reverse("triage:list")


@pytest.fixture
def mo(db: None) -> User:
    return factories.moderator(name="Mo Moderator")


@pytest.fixture
def desk(mo: User) -> Client:
    return browser_of(mo)


def test_cases_are_selected_checked_confirmed_and_undone(desk: Client, mo: User) -> None:
    cases = [factories.submitted_case() for _ in range(3)]
    taken = factories.claimed_case(moderator=factories.moderator(name="Min Moderator"))
    page = desk.get(f"{LIST}?view=all")
    new = reverse("triage:bulk_new", args=["priority"])
    chosen = [cases[0].reference, cases[1].reference, taken.reference]
    selected = form_data(page, "bulk", case=chosen)
    step = desk.get(new, selected)
    assert "3 cases selected" in step.content.decode()
    wrong = desk.post(new, form_data(step, "bulk-form"))
    assert wrong.status_code == 422
    preview = desk.post(new, form_data(wrong, "bulk-form", priority="4"), follow=True)
    assert "3 cases can be changed" in preview.content.decode()
    job = BulkJob.objects.get()
    confirm = reverse("triage:bulk_confirm", args=[job.pk])
    done = desk.post(confirm, form_data(preview, confirm), follow=True)
    assert done.context["can_undo"] == 3
    assert Case.objects.filter(priority=4).count() == 3
    csv = b"".join(desk.get(reverse("triage:bulk_csv", args=[job.pk]))).decode()
    assert csv.count("AP-") == 3
    undo = reverse("triage:bulk_undo", args=[job.pk])
    undone = desk.post(undo, form_data(done, undo), follow=True)
    assert "3" in undone.content.decode()
    assert not Case.objects.filter(priority=4).exists()
    # Another moderator has no access to the action.
    other = browser_of(factories.moderator())
    assert other.get(reverse("triage:bulk_job", args=[job.pk])).status_code == 404


def test_all_that_match_the_filter_up_to_the_limit(
    desk: Client, mo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = factories.submitted_case()
    for _ in range(2):
        factories.submitted_case(citing=case.right)
    factories.submitted_case()
    new = reverse("triage:bulk_new", args=["claim"])
    data = {"scope": "every", "back": f"member={case.member_id}&cursor=x"}
    step = desk.get(new, data)
    assert step.context["count"] == 3
    monkeypatch.setattr(selections, "MOST_CASES", 2)
    capped = desk.get(new, data)
    assert "More cases match." in capped.content.decode()
    desk.post(new, form_data(capped, "bulk-form"))
    job = BulkJob.objects.get()
    assert (job.row_count, job.was_capped) == (2, True)
    page = desk.get(LIST)
    data = form_data(page, "bulk", scope="page")
    assert desk.get(new, data).context["count"] == 2
    invalid = {"scope": "every", "back": "member=0"}
    for nothing in (invalid, {}, {"case": "AP-0000-0000"}, {"scope": "page", "page": "x,y"}):
        assert desk.get(new, nothing)["Location"].startswith(LIST)


def test_page_of_an_action_has_a_constant_number_of_queries(desk: Client, mo: User) -> None:
    def queries(job: BulkJob) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert desk.get(reverse("triage:bulk_job", args=[job.pk])).status_code == 200
        return len(caught)

    one = bulk_job(by=mo)
    three = bulk_job(by=mo, cases=[factories.submitted_case() for _ in range(3)])
    queries(one)
    assert queries(one) == queries(three)


def test_progress_is_polled_until_the_state_changes(
    desk: Client, mo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "IN_REQUEST", 0)
    job = bulk_job(by=mo)
    url = reverse("triage:bulk_job", args=[job.pk])
    assert "0 of 1 cases" in desk.get(url).content.decode()
    part = desk.get(url, headers={"HX-Request": "true"})
    assert 'id="bulk-progress"' in part.content.decode()
    assert "<html" not in part.content.decode()
    jobs.run_due(seconds=20)
    assert desk.get(url, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert "1 case can be changed" in desk.get(url).content.decode()
    assert "Claim cases" in desk.get(reverse("triage:bulk")).content.decode()
    job.refresh_from_db()
    BulkJob.objects.filter(pk=job.pk).update(created_at=job.created_at - jobs.KEEP_UNCONFIRMED * 2)
    assert jobs.delete_old()
    assert not BulkJob.objects.exists()
