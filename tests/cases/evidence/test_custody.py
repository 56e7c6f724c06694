"""The chain of custody: its hashes, concurrent entries, its verification and its page."""

from __future__ import annotations

import hashlib
import io
import json
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pgtrigger
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from alliance.lib import clock
from cases.models import Case, CustodyChain, CustodyEntry, Evidence
from cases.queries import custody_check
from cases.services import custody as service
from cases.services import evidence
from tests import factories
from tests.concurrency import run_concurrently
from tests.personas import Personas

TRIGGERS = ("cases.CustodyEntry:append_only", "cases.CustodyChain:never_deleted")


def verify(*args: str) -> str:
    """Run the command; return what it reports, or ``""`` if everything is intact."""
    errors = io.StringIO()
    try:
        call_command("verify_custody", *args, stderr=errors, stdout=io.StringIO())
    except CommandError:
        return errors.getvalue()
    return ""


@pytest.fixture
def file(personas: Personas) -> Evidence:
    """A file that a moderator read three times."""
    case = factories.submitted_case(citing=personas.right, by=personas.filer)
    found = case.evidence.get()
    for _number in range(3):
        evidence.record_read(evidence=found, by=personas.moderator)
    return found


@pytest.mark.django_db
def test_hash_of_the_documented_form(personas: Personas) -> None:
    """Computed here from the documentation, not by the model."""
    file = factories.draft_case(citing=personas.right, by=personas.filer).evidence.get()
    personas.filer.name = "李 “Ann” O’Neil"
    with clock.at(datetime(2026, 5, 4, 9, 30, tzinfo=UTC)):
        evidence.record_read(evidence=file, by=personas.filer)
    first, second = CustodyEntry.objects.filter(evidence_id=file.pk).order_by("position")
    form = (
        f'{{"action":"read","actor":{personas.filer.pk},"actor_label":"李 “Ann” O’Neil",'
        f'"at":"2026-05-04T09:30:00.000000Z","case":"{file.case.reference}","evidence":"{file.pk}",'
        f'"position":2,"previous":"{first.hash}","sha256":"{file.sha256}","version":1}}'
    )
    assert json.loads(form)  # it is JSON
    assert second.hash == hashlib.sha256(form.encode()).hexdigest()
    chain = CustodyChain.objects.get(pk=file.pk)
    assert (chain.length, chain.head, first.previous_hash) == (2, second.hash, "")


def _entry(file: Evidence, position: int) -> Any:
    return CustodyEntry.objects.filter(evidence_id=file.pk, position=position)


def _recomputed(file: Evidence) -> None:
    """What somebody does who changes an entry and its hash."""
    entry = _entry(file, 2).get()
    entry.actor_label = "Somebody Else"
    _entry(file, 2).update(actor_label=entry.actor_label, hash=entry.computed_hash())


BREAKS: dict[str, tuple[Callable[[Evidence], Any], str]] = {
    "a changed name": (
        lambda file: _entry(file, 2).update(actor_label="Somebody Else"),
        "entry 2: the facts do not match the hash",
    ),
    "a changed time": (
        lambda file: _entry(file, 1).update(at=datetime(2026, 1, 1, tzinfo=UTC)),
        "entry 1: the facts do not match the hash",
    ),
    "an entry computed again": (
        _recomputed,
        "entry 3: the hash of the previous entry does not match it",
    ),
    "a removed entry": (lambda file: _entry(file, 2).delete(), "entries 2 to 2 are missing"),
    "the first entry removed": (
        lambda file: _entry(file, 1).delete(),
        "entries 1 to 1 are missing",
    ),
    "the last entry removed": (
        lambda file: _entry(file, 4).delete(),
        "the chain has 4 entries, but the last one found is 3",
    ),
    "all entries removed": (
        lambda file: CustodyEntry.objects.filter(evidence_id=file.pk).delete(),
        "all entries of the chain are missing",
    ),
    "entries moved to another case": (
        lambda file: CustodyEntry.objects.filter(evidence_id=file.pk).update(case_reference="AP-X"),
        "the facts do not match the hash",
    ),
    "the row of the chain removed": (
        lambda file: CustodyChain.objects.filter(pk=file.pk).delete(),
        "the row of the chain is missing",
    ),
    "the whole chain removed": (
        lambda file: (
            CustodyEntry.objects.filter(evidence_id=file.pk).delete(),
            CustodyChain.objects.filter(pk=file.pk).delete(),
        ),
        "the file has no chain of custody",
    ),
    "another hash of the file": (
        lambda file: Evidence.objects.filter(pk=file.pk).update(sha256="0" * 64),
        "the row of the file has another SHA-256 than its chain",
    ),
    "the file removed by SQL": (
        lambda file: Evidence.objects.filter(pk=file.pk).delete(),
        "no entry records its removal",
    ),
}


@pytest.mark.parametrize("what", BREAKS)
@pytest.mark.django_db
def test_change_by_sql_is_found(file: Evidence, what: str) -> None:
    other = factories.draft_case().evidence.get()
    assert verify() == ""
    change, words = BREAKS[what]
    with pgtrigger.ignore(*TRIGGERS):
        change(file)
    found = verify()
    assert words in found
    assert str(file.pk) in found
    assert str(other.pk) not in found
    assert verify("--case", file.case.reference) == found
    assert verify("--case", other.case.reference) == ""


@pytest.mark.django_db
def test_stored_files_are_hashed(file: Evidence) -> None:
    assert verify("--files", "--case", file.case.reference) == ""
    path = Path(file.file.path)
    path.chmod(0o600)
    path.write_bytes(path.read_bytes() + b"\0")
    assert verify() == ""
    assert "the stored file has another SHA-256" in verify("--files")
    path.unlink()
    assert "the stored file is missing" in verify("--files", "--case", file.case.reference)
    with pytest.raises(CommandError, match="There is no case AP-XXXX"):
        call_command("verify_custody", "--case", "ap-xxxx")


@pytest.mark.django_db
def test_removed_file_keeps_an_intact_chain(personas: Personas) -> None:
    case = factories.draft_case(citing=personas.right, by=personas.filer)
    evidence.remove(evidence=case.evidence.get(), by=personas.filer)
    actions = CustodyEntry.objects.filter(case_reference=case.reference).order_by("position")
    assert list(actions.values_list("action", flat=True)) == ["received", "removed"]
    assert verify() == ""


@pytest.mark.django_db
def test_memory_of_the_verification_does_not_grow(file: Evidence, monkeypatch: Any) -> None:
    monkeypatch.setattr(custody_check, "AT_ONCE", 20)

    def peak() -> int:
        tracemalloc.start()
        assert verify() == ""
        _now, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return highest

    peak()  # imports
    one = factories.user()
    for _number in range(100):
        service.record(file, CustodyEntry.Action.READ, by=one, reference=file.case.reference)
    few = peak()
    for _number in range(300):
        service.record(file, CustodyEntry.Action.READ, by=one, reference=file.case.reference)
    assert peak() < 1.3 * few


@pytest.mark.django_db(transaction=True)
def test_concurrent_reads_make_one_chain() -> None:
    case: Case = factories.draft_case()
    file, by = case.evidence.get(), case.created_by
    results = run_concurrently(*[lambda: evidence.record_read(evidence=file, by=by)] * 8)
    assert results == [None] * 8
    assert CustodyChain.objects.get(pk=file.pk).length == 9
    assert verify() == ""


@pytest.mark.django_db
def test_page_of_a_file(personas: Personas, file: Evidence, monkeypatch: Any) -> None:
    url = reverse("desk:evidence_details", args=[file.pk])
    personas.moderator.time_zone = "Asia/Shanghai"
    personas.moderator.save()
    with clock.at(datetime(2026, 5, 4, 20, 30, tzinfo=UTC)):
        evidence.record_read(evidence=file, by=personas.filer)
    moderator = personas.client("moderator")
    moderator.get(url)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page = moderator.get(url).content.decode()
    assert len(queries) <= 8
    assert page.count(f"<bdi>{personas.moderator.name}</bdi>") == 3
    assert "04:30" in page
    assert CustodyChain.objects.get(pk=file.pk).head[:16] in page
    with pgtrigger.ignore(*TRIGGERS):
        _entry(file, 2).update(actor_label="Somebody Else")
    assert moderator.get(url).content.decode().count("Does not match its facts") == 1
    monkeypatch.setattr("cases.views.desk.evidence.ENTRIES", 2)
    page = moderator.get(url).content.decode()
    assert "Somebody Else" in page
    assert "cursor=" in page
    for name in ("filer", "viewer"):
        page = personas.client(name).get(url).content.decode()
        assert file.sha256 in page
        assert "Chain of custody" not in page


@pytest.mark.django_db
def test_page_leads_back_to_the_page_of_the_case(personas: Personas) -> None:
    case = factories.upheld_case(citing=personas.right, by=personas.filer)
    referral = factories.referred_case(personas.agency, case=case)
    url = reverse("desk:evidence_details", args=[case.evidence.get().pk])
    for name, target in (
        ("moderator", reverse("triage:case", args=[case.reference])),
        ("viewer", case.get_absolute_url()),
        ("officer", reverse("liaison:referral", args=[referral.reference])),
    ):
        page = personas.client(name).get(url).content.decode()
        assert f'<p class="case-back"><a href="{target}">' in page
