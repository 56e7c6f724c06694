"""Imports: checked, confirmed, applied once whatever happens to the worker, and deleted after a while."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection, transaction

from alliance.lib import clock
from alliance.lib.refusals import Conflict, NotAllowed, Refusal
from members import tasks
from members.imports import registry, rights
from members.models import Brand, ImportJob, IPRight, Member, Membership
from members.services import import_files, import_limits, import_runs, imports
from members.services import rights as right_service
from tests import factories
from tests.concurrency import run_concurrently
from tests.factories.sheets import import_job, right_row, sheet

State = ImportJob.State


@pytest.fixture
def member(db: None) -> Member:
    brand = factories.brand(name="Alder", name_local="桤木")
    factories.filer(brand.member)
    return brand.member


def run(job: ImportJob) -> ImportJob:
    """Run the task as a worker does and return the job as it is stored."""
    tasks.run_imports()
    return ImportJob.objects.get(pk=job.pk)


def confirmed(job: ImportJob) -> ImportJob:
    imports.confirm(job=job, by=job.uploaded_by)
    return run(job)


def expected(job: ImportJob) -> tuple[int, ...]:
    return (job.will_create, job.will_change, job.will_keep, job.will_fail)


def counted(job: ImportJob) -> tuple[int, ...]:
    return (job.created, job.changed, job.unchanged, job.failed)


def problems(job: ImportJob) -> dict[int, str]:
    return dict(job.problems.values_list("row", "message"))


def test_rights_come_in_unverified_and_wait_for_their_certificate(member: Member) -> None:
    one, new = right_row("桤木", kind_of_right="商标", territory="EU"), right_row("Linden")
    bad = right_row("", kind_of_right="Slogan", nice_classes="99", registration_number="6.9E+12")
    job = import_job(member, one, new, bad, one)
    assert (job.state, expected(job)) == (State.CHECKED, (2, 0, 0, 2))
    assert not IPRight.objects.exists()
    assert not Brand.objects.filter(name="Linden").exists()
    assert job.notes == ["These brands are new and will be created: “Linden”."]
    found = problems(job)
    assert "Brand: This is required." in found[4]
    assert "Registration number: Excel has rounded this number: 6.9E+12." in found[4]
    assert found[5] == "The same entry is already in row 2. Delete one of them."
    job = confirmed(job)
    assert (job.state, counted(job)) == (State.DONE, (2, 0, 0, 2))
    assert set(problems(job)) == {4, 5}
    right = IPRight.objects.get(number=one[5])
    assert (right.brand.name, len(right.territory)) == ("Alder", 27)
    assert right.status == IPRight.Status.INCOMPLETE
    assert IPRight.objects.incomplete().earliest("pk") == right
    assert not IPRight.objects.waiting().exists()
    moderator = factories.moderator()
    with pytest.raises(Refusal, match="only with its certificate"):
        right_service.verify(right=right, by=moderator)
    right_service.change(
        right=right,
        by=job.uploaded_by,
        seen=right_service.version(right),
        brand=right.brand,
        certificate=factories.png("certificate.png"),
    )
    assert list(IPRight.objects.waiting()) == [right]
    right_service.verify(right=right, by=moderator)
    # The same sheet again changes nothing. A changed row of a verified right is refused.
    again = confirmed(import_job(member, one, new))
    assert counted(again) == (0, 0, 2, 0)
    one[3], new[3] = "Another Ltd", "Another Ltd"
    changed = import_job(member, one, new)
    assert expected(changed) == (0, 1, 0, 1)
    assert "would end its verification" in problems(changed)[2]
    assert counted(confirmed(changed)) == (0, 1, 0, 1)
    assert IPRight.objects.get(number=new[5]).registered_owner == "Another Ltd"


def test_rows_are_checked_like_the_form(member: Member) -> None:
    other = factories.right()
    rows = [
        right_row(mark_or_title="x" * 300),
        right_row(mark_or_title="\u200b\u202e", registered_owner="ش\u202eركة"),
        right_row(kind_of_right="Slogan"),
        right_row(territory="Atlantis", nice_classes="25; 99"),
        right_row(registered_on="2990-01-01", expires_on="1.2.3"),
        right_row(office=other.office, registration_number=other.number),
        right_row("y" * 101),
    ]
    job = import_job(member, *rows)
    found = problems(job)
    assert job.will_fail == len(rows) == len(found)
    assert "Mark or title: Ensure this value has at most 200 characters (it has 300)." in found[2]
    assert "Mark or title: Enter a text with visible characters." in found[3]
    assert "“Slogan” is not a kind of right. Enter one of these: “Trademark”" in found[4]
    assert "Territory: “Atlantis” is not a country or region.\nNice classes: 99" in found[5]
    assert "“1.2.3” is not a date" in found[6]
    assert "already registered in the portal" in found[7]
    assert "Brand: Ensure this value has at most 100 characters" in found[8]
    with pytest.raises(Refusal, match="All rows have errors"):
        imports.confirm(job=job, by=job.uploaded_by)


@pytest.mark.parametrize(
    ("upload", "message"),
    [
        (sheet(), "no rows below the titles"),
        (sheet(right_row(), titles=["Brand", "Title", *"abcdefgh"]), "columns are missing"),
        (SimpleUploadedFile("a.csv", b"\x89PNG\r\n\x1a\n"), "neither a CSV file"),
        (SimpleUploadedFile("a.csv", b""), "is empty"),
    ],
)
def test_files_that_are_not_accepted_leave_nothing(
    member: Member, upload: Any, message: str
) -> None:
    kind, by = registry.find("rights"), factories.people.filer_of(member)
    assert kind
    with pytest.raises(Refusal, match=message):
        imports.upload(member=member, kind=kind, by=by, upload=upload)
    assert not ImportJob.objects.exists()


def test_the_same_upload_is_checked_again_in_place(member: Member) -> None:
    row = right_row()
    first = import_job(member, row)
    second = import_job(member, row)
    assert first.pk == second.pk
    assert ImportJob.objects.get().file.read().count(b"CNIPA") == 1
    imports.cancel(job=first, by=first.uploaded_by)
    imports.cancel(job=first, by=first.uploaded_by)
    with pytest.raises(Conflict):
        imports.confirm(job=first, by=first.uploaded_by)
    assert counted(run(first)) == (0, 0, 0, 0)


def test_a_file_that_is_being_written_is_no_sheet_yet(member: Member) -> None:
    kind, by, file = registry.find("rights"), factories.people.filer_of(member), sheet(right_row())
    assert kind
    job = imports.upload(member=member, kind=kind, by=by, upload=file)
    path = Path(job.file.path)
    whole = path.read_bytes()
    path.write_bytes(whole[:-5])
    assert run(job).state == State.CHECKING
    # Uploading it again replaces a file that was not written completely.
    file.seek(0)
    assert imports.upload(member=member, kind=kind, by=by, upload=file).pk == job.pk
    assert path.read_bytes() == whole
    assert run(job).state == State.CHECKED


def test_a_crash_in_a_row_repeats_no_other_row(
    member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_runs, "SLICE", 2)
    rows = [right_row() for _ in range(5)]
    job = import_job(member, *rows)
    imports.confirm(job=job, by=job.uploaded_by)
    real = rights.RightChecker.apply

    def crash(checker: Any, verdict: Any) -> Any:
        if verdict.key[1] == rows[3][5]:
            raise MemoryError
        return real(checker, verdict)

    monkeypatch.setattr(rights.RightChecker, "apply", crash)
    for _attempt in range(2):
        with pytest.raises(MemoryError):
            tasks.run_imports()
    job.refresh_from_db()
    # The third row was in the transaction of the fourth.
    assert (job.state, job.position, IPRight.objects.count()) == (State.RUNNING, 2, 2)
    monkeypatch.setattr(rights.RightChecker, "apply", real)
    job = run(job)
    assert (job.state, counted(job)) == (State.DONE, (5, 0, 0, 0))
    assert IPRight.objects.count() == 5
    assert all(right.history.count() == 1 for right in IPRight.objects.all())  # type: ignore[attr-defined]
    # An error that comes again and again ends the import.
    monkeypatch.setattr(rights.RightChecker, "apply", crash)
    rows[3][5] = right_row()[5]
    job = import_job(member, *rows)
    imports.confirm(job=job, by=job.uploaded_by)
    for _attempt in range(import_runs.MAX_ATTEMPTS + 1):
        with pytest.raises(MemoryError):
            tasks.run_imports()
    job = run(job)
    assert (job.state, job.failure, job.position) == (State.FAILED, ImportJob.Failure.ERROR, 2)


def test_lost_roles_and_files_stop_an_import(
    member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_runs, "SLICE", 1)
    job, other = import_job(member, right_row(), right_row()), import_job(member, right_row())
    for each in (job, other):
        imports.confirm(job=each, by=each.uploaded_by)
    other.file.storage.delete(other.file.name)
    import_runs.run(job.pk, until=time.monotonic())  # one slice
    Membership.objects.filter(user=job.uploaded_by).update(role="viewer")
    job, other = run(job), run(other)
    assert (job.state, job.failure, counted(job)) == (State.FAILED, "role", (1, 0, 0, 0))
    assert (other.state, other.failure) == (State.FAILED, "file")
    with pytest.raises(NotAllowed):
        imports.cancel(job=job, by=job.uploaded_by)


def test_files_and_messages_are_deleted_after_their_time(member: Member, settings: Any) -> None:
    job, done = import_job(member), confirmed(import_job(member, right_row(), right_row("")))
    name, storage = job.file.name, job.file.storage
    tasks.delete_old_imports()
    assert storage.exists(name)
    with clock.at(clock.now() + timedelta(days=settings.IMPORT_KEEP_DAYS, minutes=1)):
        tasks.delete_old_imports()
    assert not storage.exists(name)
    states = {one.pk: (one.state, str(one.file)) for one in ImportJob.objects.all()}
    assert states == {job.pk: (State.CANCELLED, ""), done.pk: (State.DONE, "")}
    assert not job.problems.exists()
    assert not done.problems.exists()


def test_file_of_a_cancelled_import_is_deleted(
    member: Member, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = [import_job(member, right_row(), right_row("")) for _ in range(3)]
    names, storage = [job.file.name for job in jobs], jobs[0].file.storage
    # A part of the last one is imported before it is cancelled.
    monkeypatch.setattr(import_runs, "SLICE", 1)
    imports.confirm(job=jobs[2], by=jobs[2].uploaded_by)
    import_runs.run(jobs[2].pk, until=time.monotonic())
    with django_capture_on_commit_callbacks(execute=True):
        imports.cancel(job=jobs[0], by=jobs[0].uploaded_by)
        imports.cancel(job=jobs[2], by=jobs[2].uploaded_by)
    assert [storage.exists(name) for name in names] == [False, True, True]
    assert not jobs[0].problems.exists()
    stored = ImportJob.objects.get(pk=jobs[0].pk)
    assert (stored.state, str(stored.file)) == (State.CANCELLED, "")
    # An upload that has not stored its file yet when the import is cancelled.
    import_files.store(stored, sheet(right_row()))
    assert not storage.exists(names[0])
    # If the storage fails, the import is cancelled nevertheless, and the file has its time.
    with (
        monkeypatch.context() as broken,
        django_capture_on_commit_callbacks(execute=True),
    ):
        broken.setattr(type(storage), "delete", lambda *_: (_ for _ in ()).throw(OSError("full")))
        imports.cancel(job=jobs[1], by=jobs[1].uploaded_by)
    stored = ImportJob.objects.get(pk=jobs[1].pk)
    assert (stored.state, stored.file.name) == (State.CANCELLED, names[1])


def test_uploads_are_limited(member: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_limits, "PER_HOUR", 2)
    import_job(member)
    # A sheet that is refused counts, too.
    kind, by = registry.find("rights"), factories.people.filer_of(member)
    assert kind
    with pytest.raises(Refusal, match="no rows"):
        imports.upload(member=member, kind=kind, by=by, upload=sheet())
    with pytest.raises(Refusal, match="More than 2 sheets"):
        import_job(member)
    import_job(factories.brand(name="Alder").member)


@pytest.mark.django_db(transaction=True)
def test_upload_of_the_same_sheet_does_not_undo_a_confirmation() -> None:
    """While somebody confirms or cancels a job, the same sheet becomes another job, without waiting."""
    member, row = factories.brand(name="Alder").member, right_row()
    job = import_job(member, row)
    with transaction.atomic():
        imports.confirm(job=job, by=job.uploaded_by)
        (again,) = run_concurrently(lambda: import_job(member, row))
    assert (again.pk != job.pk, again.state) == (True, State.CHECKED)
    job = run(job)
    assert (job.state, counted(job)) == (State.DONE, (1, 0, 0, 0))
    assert confirmed(again).unchanged == 1
    # Two uploads and a cancellation at once leave one job that waits, or none.
    job = import_job(member, right_row())
    with job.file.open("rb") as file:
        data = file.read()

    def upload() -> ImportJob:
        found = registry.find("rights")
        assert found
        return imports.upload(
            member=member,
            kind=found,
            by=job.uploaded_by,
            upload=SimpleUploadedFile("rights.csv", data),
        )

    run_concurrently(upload, upload, lambda: imports.cancel(job=job, by=job.uploaded_by))
    tasks.run_imports()
    waiting = ImportJob.objects.filter(state=State.CHECKED)
    assert not ImportJob.objects.filter(state=State.CHECKING).exists()
    assert waiting.count() <= 1
    assert all(one.file.storage.exists(one.file.name) for one in waiting)


@pytest.mark.django_db(transaction=True)
def test_waiting_for_the_member_is_no_failed_attempt() -> None:
    member = factories.brand(name="Alder").member
    job = import_job(member, right_row())
    imports.confirm(job=job, by=job.uploaded_by)

    def impatient() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '20ms'")
        for _attempt in range(import_runs.MAX_ATTEMPTS + 2):
            with pytest.raises(OperationalError):
                tasks.run_imports()

    with transaction.atomic():
        Member.objects.select_for_update(no_key=True).get(pk=member.pk)
        run_concurrently(impatient)
    job = run(job)
    assert (job.state, counted(job)) == (State.DONE, (1, 0, 0, 0))


@pytest.mark.django_db(transaction=True)
def test_two_confirmations_and_two_workers_at_the_same_time() -> None:
    member = factories.brand(name="Alder").member
    job = import_job(member, *(right_row() for _ in range(6)))
    by = job.uploaded_by
    run_concurrently(*[lambda: imports.confirm(job=job, by=by)] * 2)
    run_concurrently(*[tasks.run_imports] * 2)
    job = run(job)
    assert (job.state, counted(job)) == (State.DONE, (6, 0, 0, 0))
    assert IPRight.objects.count() == 6
