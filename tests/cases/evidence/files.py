"""Helpers of the evidence tests: URLs, uploads and stored files."""

from __future__ import annotations

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from cases.models import Case, CustodyEntry, Evidence
from tests import factories

Action = CustodyEntry.Action


def step(case: Case) -> str:
    return reverse("desk:evidence", args=[case.reference])


def address(file: Evidence) -> str:
    return reverse("desk:evidence_file", args=[file.pk])


def picture(name: str = "shot.png", kind: str = "PNG") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (9, 9), (factories.number() % 256, 7, 7)).save(out, kind)
    return SimpleUploadedFile(name, out.getvalue())


def send(client: Client, case: Case, *files: Any, kind: str = "screenshot") -> Any:
    return client.post(step(case), {"kind": kind, "uploads": list(files)}, follow=True)


def names(case: Case) -> list[str]:
    return list(case.evidence.order_by("uploaded_at").values_list("original_name", flat=True))


def custody(file: Evidence) -> list[tuple[str, int | None]]:
    return list(CustodyEntry.objects.filter(evidence_id=file.pk).values_list("action", "actor_id"))
