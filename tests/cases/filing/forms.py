"""URLs of the filing forms, and complete data for them."""

from __future__ import annotations

import uuid
from typing import Any

from django.urls import reverse

from cases.models import Case, Marketplace
from members.models import IPRight

NEW = "/cases/new/"

STEPS = ("complaint", "listings", "evidence", "check")


def at(case: Case, step: str) -> str:
    return reverse(f"desk:{step}", args=[case.reference])


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


def complaint(right: IPRight, **changes: Any) -> dict[str, Any]:
    return {
        "token": str(uuid.uuid4()),
        "right": right.pk,
        "violation": "counterfeit",
        "jurisdiction": "CN",
        "goods_class": 25,
        "infringement_in": ["product", "text"],
        "explanation": "The label is misspelt.",
        "then": "next",
        **changes,
    }


def seller(on: Marketplace, urls: list[str], **changes: Any) -> dict[str, Any]:
    return {
        "marketplace": on.pk,
        "shop": "820011",
        "seller_name": "时尚潮流旗舰店",
        "urls": "\r\n".join(urls),
        "then": "next",
        **changes,
    }


def the_case() -> Case:
    return Case.objects.get()
