"""References are random: one that exists already is drawn again."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError

from alliance.lib import ids
from cases.models import Case
from cases.services import referral as referrals
from tests import factories

pytestmark = pytest.mark.django_db


def drawn(monkeypatch: pytest.MonkeyPatch, *codes: str) -> None:
    """Make the next references these, in order; afterwards they are random again."""
    rest, random = list(codes), ids.reference
    monkeypatch.setattr(ids, "reference", lambda prefix: rest.pop(0) if rest else random(prefix))


def test_a_case_gets_another_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = factories.draft_case().reference
    drawn(monkeypatch, taken, taken, "AP-FREE-0001")
    assert factories.draft_case().reference == "AP-FREE-0001"


def test_a_referral_gets_another_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = factories.referred_case()
    case, moderator = factories.upheld_case(), factories.moderator()
    drawn(monkeypatch, "LR-0000-0000", taken.reference, "LR-FREE-0001")
    made = referrals.refer(case=case, by=moderator, agency=taken.agency)
    assert made.reference == "LR-FREE-0001"
    assert made.updates.get().payload["referral"]["reference"] == "LR-FREE-0001"


def test_an_operation_gets_another_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = factories.reported_operation(factories.accepted_referral())
    referral = factories.accepted_referral()
    drawn(monkeypatch, taken.reference, "OP-FREE-0001")
    assert factories.reported_operation(referral).reference == "OP-FREE-0001"


def test_it_gives_up_when_every_reference_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = factories.draft_case().reference
    drawn(monkeypatch, *[taken] * ids.MAX_ATTEMPTS)
    with pytest.raises(IntegrityError):
        factories.draft_case()


def test_other_constraints_are_not_tried_again() -> None:
    case = factories.draft_case()
    calls: list[int] = []

    def save() -> Any:
        calls.append(1)
        Case.objects.filter(pk=case.pk).update(good_faith_at="2024-01-01T00:00Z")

    with pytest.raises(IntegrityError):
        ids.unless_clashing(save)
    assert len(calls) == 1
