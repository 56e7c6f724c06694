"""Composed texts: lists and labels with the separators of the active language."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import pgettext


def comma() -> str:
    """Return the separator of a list: ``", "`` in English, ``"、"`` in Chinese."""
    return pgettext("list separator", ", ")


def colon() -> str:
    """Return the separator of a label and its value: ``": "`` in English, ``"："`` in Chinese."""
    return pgettext("label separator", ": ")


def join(items: Iterable[object]) -> str:
    """Return ``items`` as a list in the active language: “a, b” in English, “a、b” in Chinese."""
    return comma().join(str(item) for item in items)
