"""URLs and text of the liaison desk's pages."""

from __future__ import annotations

import re
from typing import Any

from django.urls import reverse

from cases.liaison.models import Referral

QUEUE = "/liaison/"


def url(referral: Referral) -> str:
    return reverse("liaison:referral", args=[referral.reference])


def answer_url(referral: Referral, verb: str) -> str:
    return reverse("liaison:answer", args=[referral.reference, verb])


def text(response: Any) -> str:
    """Return the text of the page without tags, with single spaces."""
    page = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"[\s\xa0]+", " ", page)
