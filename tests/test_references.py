"""Random references: one that already exists is replaced by another."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError

from alliance.lib import ids
from cases.models import Case
from cases.services import referral as referrals
from tests import factories

pytestmark = pytest.mark.django_db


def set_references(monkeypatch: pytest.MonkeyPatch, *codes: str) -> None:
    """Use these references next, in order; later ones are random again."""
    rest, random = list(codes), ids.reference
    monkeypatch.setattr(ids, "reference", lambda prefix: rest.pop(0) if rest else random(prefix))


def test_existing_case_reference_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = factories.draft_case().reference
    set_references(monkeypatch, taken, taken, "AP-FREE-0001")
    assert factories.draft_case().reference == "AP-FREE-0001"


def test_existing_referral_reference_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = factories.referred_case()
    case, moderator = factories.upheld_case(), factories.moderator()
    set_references(monkeypatch, "LR-0000-0000", taken.reference, "LR-FREE-0001")
    made = referrals.refer(case=case, by=moderator, agency=taken.agency)
    assert made.reference == "LR-FREE-0001"
    assert made.updates.get().payload["referral"]["reference"] == "LR-FREE-0001"


def test_existing_operation_reference_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = factories.reported_operation(factories.accepted_referral())
    referral = factories.accepted_referral()
    set_references(monkeypatch, taken.reference, "OP-FREE-0001")
    assert factories.reported_operation(referral).reference == "OP-FREE-0001"


def test_attempts_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = factories.draft_case().reference
    set_references(monkeypatch, *[taken] * ids.MAX_ATTEMPTS)
    with pytest.raises(IntegrityError):
        factories.draft_case()


def test_other_constraint_errors_are_not_retried() -> None:
    case = factories.draft_case()
    calls: list[int] = []

    def save() -> Any:
        calls.append(1)
        Case.objects.filter(pk=case.pk).update(good_faith_at="2024-01-01T00:00Z")

    with pytest.raises(IntegrityError):
        ids.unless_clashing(save)
    assert len(calls) == 1
