"""Contacts found in pictures."""

from __future__ import annotations

from typing import Any

from cases.models import Case, FoundContact, PictureReading


def found_contact(case: Case, **fields: Any) -> FoundContact:
    """A suggestion from the first picture of ``case``, as a worker saves it."""
    evidence = fields.pop("evidence", None) or case.evidence.earliest("uploaded_at")
    state = PictureReading.State.READ
    PictureReading.objects.update_or_create(evidence=evidence, defaults={"state": state})
    values = {
        "kind": "phone",
        "value": "+8613800138000",
        "text": "电话13800138000",
        "confidence": 0.975,
    }
    return FoundContact.objects.create(evidence=evidence, **values | fields)
