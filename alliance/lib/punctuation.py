"""Punctuation of the active language, for texts that are put together from parts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import pgettext


def colon() -> str:
    """Return what stands between a label and its value: ``": "``, or ``"："`` in Chinese."""
    return pgettext("between a label and its value", ": ")


def listed(items: Iterable[Any]) -> str:
    """Return ``items`` as one text: ``"one, two"``, or ``"一、二"`` in Chinese."""
    return pgettext("between the items of a list", ", ").join(str(item) for item in items)
