"""Storage of evidence: quotas, limits on drafts, disposal and low-space alerts."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from alliance.lib import clock, disk
from alliance.lib.refusals import Refusal
from cases import tasks, visibility
from cases.background import storage_alerts
from cases.liaison.models import Notice
from cases.mail import notices
from cases.models import Case, CustodyEntry, DiscardedDraft, StorageUse
from cases.services import disposal, evidence, filing, storage_use
from tests import factories
from tests.personas import Personas

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def draft(personas: Personas) -> Case:
    return factories.draft_case(by=personas.filer, citing=personas.right, files=1)


@pytest.fixture
def client(personas: Personas) -> Client:
    return personas.client("filer")


def used(case: Case) -> int:
    return StorageUse.objects.get(member=case.member_id).used_bytes


def attach(client: Client, case: Case) -> Any:
    """Upload a file through the form of the page."""
    url = reverse("desk:evidence", args=[case.reference])
    page = client.get(url).content.decode()
    kind = re.search(r'name="kind".*?<option value="([^"]+)"', page, re.DOTALL)
    assert kind
    return client.post(url, {"kind": kind[1], "uploads": factories.png()}, follow=True)


# --- The quota ---------------------------------------------------------------------------------


def test_each_file_is_counted_once(draft: Case, personas: Personas) -> None:
    upload = factories.png(seed=1)
    evidence.add(case=draft, by=personas.filer, upload=upload, kind="screenshot")
    evidence.add(case=draft, by=personas.filer, upload=factories.png(seed=1), kind="screenshot")
    assert used(draft) == sum(draft.evidence.values_list("size", flat=True))
    evidence.remove(evidence=draft.evidence.latest("uploaded_at"), by=personas.filer)
    assert used(draft) == draft.evidence.get().size


def test_exceeded_quota_is_explained(draft: Case, client: Client) -> None:
    StorageUse.objects.update(quota_mb=1, used_bytes=1024**2)
    files = sorted(Path(draft.evidence.get().file.path).parent.parent.rglob("*"))
    page = attach(client, draft)
    assert page.status_code == 422
    assert "The evidence storage of Alder Works is full: 1.0" in page.content.decode()
    assert draft.evidence.count() == 1
    assert files == sorted(Path(draft.evidence.get().file.path).parent.parent.rglob("*"))


def test_quota_of_a_member_overrides_the_setting(
    draft: Case, client: Client, settings: Any
) -> None:
    settings.EVIDENCE_QUOTA_MB = 0
    assert attach(client, draft).status_code == 422
    StorageUse.objects.update(quota_mb=5)
    assert attach(client, draft).status_code == 200
    assert draft.evidence.count() == 2


def test_desk_shows_a_nearly_used_quota(draft: Case, client: Client) -> None:
    desk = reverse("desk:home")
    assert "Storage for evidence" not in client.get(desk).content.decode()
    StorageUse.objects.update(quota_mb=10, used_bytes=9 * 1024**2)
    page = " ".join(client.get(desk).content.decode().replace("\xa0", " ").split())
    assert "9.0 MB" in page
    assert "of 10.0 MB used." in page


def test_full_disk_is_explained(
    draft: Case, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: Any, **_kwargs: Any) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("alliance.lib.private_files.PrivateStorage._save", full)
    page = attach(client, draft)
    assert page.status_code == 422
    assert "could not be stored" in page.content.decode()
    assert used(draft) == draft.evidence.get().size


def test_wrong_counter_is_corrected(draft: Case) -> None:
    right = used(draft)
    assert storage_use.recount() == 0
    StorageUse.objects.update(used_bytes=7)
    other = factories.draft_case(files=1)
    StorageUse.objects.filter(member=other.member).delete()
    tasks.recount_storage()
    assert used(draft) == right
    assert used(other) == other.evidence.get().size


# --- Drafts ------------------------------------------------------------------------------------


def test_drafts_of_a_person_are_limited(draft: Case, personas: Personas, settings: Any) -> None:
    settings.MAX_OPEN_DRAFTS = 1
    with pytest.raises(Refusal, match="You already have 1 open draft\\."):
        factories.draft_case(by=personas.filer, citing=personas.right)
    factories.draft_case(by=personas.owner, citing=personas.right)
    filing.withdraw(case=draft, by=personas.filer)
    again = factories.draft_case(by=personas.filer, citing=personas.right)
    assert again.status == "draft"


def test_repeated_save_is_not_another_draft(personas: Personas, settings: Any) -> None:
    settings.MAX_OPEN_DRAFTS = 1
    values: dict[str, Any] = {
        "by": personas.filer,
        "token": uuid.uuid4(),
        "brand": personas.brand,
        "right": personas.right,
        "violation": "counterfeit",
        "jurisdiction": "CN",
        "goods_class": 25,
        "explanation": "",
    }
    assert filing.start_draft(**values) == filing.start_draft(**values)


def test_files_of_a_discarded_draft_are_hidden_at_once(draft: Case, personas: Personas) -> None:
    file = draft.evidence.get()
    filing.withdraw(case=draft, by=personas.filer)
    for name in ("filer", "owner", "viewer", "moderator", "admin"):
        answer = personas.client(name).get(reverse("desk:evidence_file", args=[file.pk]))
        assert answer.status_code == 404, name
    assert not visibility.evidence(personas.owner).exists()
    assert list(CustodyEntry.objects.values_list("action", flat=True)) == ["received"]


def test_files_of_a_discarded_draft_are_disposed_of_later(draft: Case, personas: Personas) -> None:
    file = draft.evidence.get()
    path = Path(file.file.path)
    filing.withdraw(case=draft, by=personas.filer)
    assert disposal.dispose_discarded() == 0
    assert path.exists()
    DiscardedDraft.objects.update(discarded_at=clock.now() - 7 * DAY)
    tasks.dispose_discarded()
    assert not path.exists()
    assert not draft.evidence.exists()
    last = CustodyEntry.objects.filter(evidence_id=file.pk).latest("pk")
    assert (last.action, last.actor_label, last.sha256) == (
        "disposed",
        "Alliance Portal",
        file.sha256,
    )
    assert used(draft) == 0
    assert disposal.dispose_discarded() == 0


def test_killed_disposal_is_repeated(draft: Case, personas: Personas, settings: Any) -> None:
    """The file was deleted before the transaction could commit."""
    settings.EVIDENCE_KEEP_DISCARDED_DAYS = 0
    filing.withdraw(case=draft, by=personas.filer)
    Path(draft.evidence.get().file.path).unlink()
    assert disposal.dispose_discarded() == 1
    assert not draft.evidence.exists()


def test_files_of_a_withdrawn_case_are_kept(personas: Personas, settings: Any) -> None:
    settings.EVIDENCE_KEEP_DISCARDED_DAYS = 0
    case = factories.withdrawn_case(by=personas.filer, citing=personas.right)
    assert disposal.dispose_discarded() == 0
    assert visibility.evidence(personas.filer).filter(case=case).exists()


# --- Free space --------------------------------------------------------------------------------


@pytest.fixture
def nearly_full(monkeypatch: pytest.MonkeyPatch) -> None:
    space = disk.Space(total=100 * 1024**3, free=9 * 1024**3)
    monkeypatch.setattr("alliance.lib.disk.space", lambda _folder: space)


def test_operators_are_notified_once_a_day(personas: Personas, nearly_full: None) -> None:
    assert storage_alerts.check_free_space() == 1
    tasks.check_evidence_space()
    notice = Notice.objects.get()
    message = notices.compose(notice)
    assert message.to == [personas.admin.email]
    assert message.subject.endswith("The evidence store is low on space")
    assert "9.0\xa0GB of 100.0\xa0GB is free" in message.body
    assert "/admin/cases/storageuse/" in message.body


def test_enough_space_sends_no_notice(personas: Personas, settings: Any, nearly_full: None) -> None:
    settings.EVIDENCE_LOW_SPACE_PERCENT = 9
    assert storage_alerts.check_free_space() == 0


@pytest.mark.usefixtures("nearly_full")
def test_health_and_metrics_report_low_space(settings: Any) -> None:
    assert Client().get("/readyz").json()["evidence"] == "low"
    settings.METRICS_TOKEN = "x" * 40
    page = Client().get("/metrics", headers={"authorization": f"Bearer {'x' * 40}"})
    assert "portal_evidence_free_bytes 9.66" in page.content.decode()
