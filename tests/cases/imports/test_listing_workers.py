"""Sheets of listings are filed once, whatever happens to the worker, the listings and the roles."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from cases.models import Case, CaseEvent, Listing, Marketplace, PlannedCase
from cases.services import evidence, filing
from members import tasks
from members.models import ImportJob, Membership
from members.services import import_runs, imports
from tests import factories
from tests.cases.imports.jobs import (
    Planned,
    State,
    confirmed,
    counted,
    expected,
    job_of,
    planned,
    problems,
    saved_files,
    stored_files,
)
from tests.concurrency import run_concurrently
from tests.factories.listing_sheets import listing_row, listings_job
from tests.personas import Personas

pytestmark = pytest.mark.django_db


def test_a_killed_worker_loses_and_doubles_no_case(
    personas: Personas, market: Marketplace, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = stored_files(settings)
    rows = [listing_row(market, f"shop-{n}") for n in range(4)]
    job = job_of(personas, *rows)
    imports.confirm(job=job, by=personas.filer, stated=True)
    real, left = filing.submit, [2]

    def killed(**values: Any) -> Case:
        left[0] -= 1
        case = real(**values)
        if left[0] < 0:
            raise MemoryError
        return case

    monkeypatch.setattr(filing, "submit", killed)
    for _attempt in range(2):
        with pytest.raises(MemoryError):
            tasks.run_imports()
    job.refresh_from_db()
    assert (job.state, job.position, Case.objects.count()) == (State.RUNNING, 2, 2)
    # The file of the case that was not filed stays for the next run, under a name that it finds again.
    assert len(stored_files(settings) - before - saved_files()) == 1
    monkeypatch.setattr(filing, "submit", real)
    import_runs.run(job.pk, until=time.monotonic())  # one case
    assert Case.objects.count() == 3
    tasks.run_imports()
    tasks.run_imports()
    job.refresh_from_db()
    assert (job.state, counted(job)) == (State.DONE, (4, 0, 0))
    assert Case.objects.count() == 4
    assert Listing.objects.filter(is_open=True).count() == 4
    assert CaseEvent.objects.filter(kind="submitted").count() == 4
    assert stored_files(settings) - before == saved_files()


def test_listings_filed_since_the_check_are_left_out(
    personas: Personas, market: Marketplace, settings: Any
) -> None:
    rows = [listing_row(market, "shop-a") for _ in range(3)] + [listing_row(market, "shop-b")]
    job = job_of(personas, *rows)
    by = personas.filer
    factories.submitted_case(
        by=by,
        citing=personas.right,
        urls=[rows[0][0], rows[3][0]],
        against=factories.seller(market),
    )
    job = confirmed(job)
    assert (job.state, counted(job)) == (State.DONE, (2, 2, 0))
    assert planned(job) == [(Planned.FILED, "shop-a", 2), (Planned.LEFT_OUT, "shop-b", 0)]
    assert not Case.objects.filter(status__in=("draft", "withdrawn")).exists()
    # A case that cannot be filed is no obstacle to the others, and its rows are in the error sheet.
    rows = [listing_row(market, "shop-c"), listing_row(market, "shop-d")]
    job = job_of(personas, *rows)
    factories.authorised_seller(brand=personas.brand, marketplace=market, external_id="shop-c")
    job = confirmed(job)
    assert (job.state, counted(job)) == (State.DONE, (1, 0, 1))
    assert "authorised this seller" in problems(job)[2]
    # The counts of a refused case are those of the check.
    rows = [listing_row(market, "shop-e") for _ in range(2)]
    job = job_of(personas, *rows)
    against = factories.seller(market, external_id="shop-other")
    urls = [rows[0][0]]
    factories.submitted_case(by=by, citing=personas.right, urls=urls, against=against)
    factories.authorised_seller(brand=personas.brand, marketplace=market, external_id="shop-e")
    assert counted(confirmed(job)) == (0, 0, 2)
    refused = PlannedCase.objects.get(job=job)
    assert (refused.state, refused.filed_already) == (Planned.REFUSED, 0)


def test_lost_roles_and_cancellation_stop_the_filing(
    personas: Personas, market: Marketplace
) -> None:
    jobs = [
        job_of(personas, *(listing_row(market, f"shop-{n}-{at}") for at in range(2)))
        for n in range(2)
    ]
    for job in jobs:
        imports.confirm(job=job, by=personas.filer, stated=True)
        import_runs.run(job.pk, until=time.monotonic())
    imports.cancel(job=jobs[0], by=personas.filer)
    Membership.objects.filter(user=personas.filer).update(role="viewer")
    tasks.run_imports()
    for job in jobs:
        job.refresh_from_db()
    assert [(job.state, job.failure, job.created) for job in jobs] == [
        (State.CANCELLED, "", 1),
        (State.FAILED, "role", 1),
    ]
    assert Case.objects.count() == 2
    for job, words in zip(jobs, ("cases filed before stay filed", "may no longer"), strict=True):
        url = reverse("imports:job", args=[personas.member.slug, job.pk])
        page = personas.client("owner").get(url).content.decode()
        assert words in page
        assert "Not filed" in page
        assert "To be filed" not in page


@pytest.mark.django_db(transaction=True)
def test_two_confirmations_and_two_workers(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    real, before = evidence.write, stored_files(settings)

    def write(*values: Any, **named: Any) -> None:
        assert not connection.in_atomic_block  # a slow store must not keep the job locked
        real(*values, **named)

    monkeypatch.setattr(evidence, "write", write)
    market = factories.marketplace()
    right = factories.right()
    by = factories.filer(right.brand.member)
    job = listings_job(right, by, *(listing_row(market, f"shop-{n}") for n in range(4)))
    run_concurrently(*[lambda: imports.confirm(job=job, by=by, stated=True)] * 2)
    run_concurrently(*[tasks.run_imports] * 2)
    tasks.run_imports()
    job.refresh_from_db()
    assert (job.state, counted(job), Case.objects.count()) == (State.DONE, (4, 0, 0), 4)
    assert stored_files(settings) - before == saved_files()
    # The files of a case that is refused are deleted.
    shops = [listing_row(market, "shop-x"), listing_row(market, "shop-y")]
    job = listings_job(right, by, *shops)
    factories.authorised_seller(brand=right.brand, marketplace=market, external_id="shop-x")
    assert counted(confirmed(job)) == (1, 0, 1)
    assert stored_files(settings) - before == saved_files()


def test_check_that_is_killed_starts_again(
    personas: Personas, market: Marketplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_runs, "CHECKED_TOGETHER", 1)
    rows = [listing_row(market, "shop-a"), listing_row(market, "shop-a"), listing_row(market)]
    from cases.imports.listings import ListingChecker

    real = ListingChecker.check

    def killed(checker: Any, rows: Any) -> Any:
        if len(checker._keys) == 2:
            raise MemoryError
        return real(checker, rows)

    monkeypatch.setattr(ListingChecker, "check", killed)
    with pytest.raises(MemoryError):
        job_of(personas, *rows, evidence=[factories.png(seed=1)])
    job = ImportJob.objects.get()
    assert (job.state, job.position, job.attempts) == (State.CHECKING, 2, 0)
    monkeypatch.setattr(ListingChecker, "check", real)
    # Uploaded again meanwhile: a worker that is still checking the former upload stores nothing.
    stale = ImportJob.objects.get()
    job_of(personas, *rows, evidence=[factories.png(seed=1)])
    with pytest.raises(import_runs._Stopped):
        import_runs._locked(stale)
    job.refresh_from_db()
    assert (job.state, job.position, expected(job)) == (State.CHECKED, 0, (3, 0, 0))
    imports.cancel(job=job, by=personas.filer)
