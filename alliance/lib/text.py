"""Text in the active language."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import pgettext


def join(items: Iterable[object]) -> str:
    """Return ``items`` as a list in the active language: “a, b” in English, “a、b” in Chinese."""
    return pgettext("list separator", ", ").join(str(item) for item in items)
