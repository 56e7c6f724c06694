"""Punctuation of the active language, for texts that are put together from parts. See also ``alliance.lib.text``."""

from __future__ import annotations

from django.utils.translation import pgettext


def colon() -> str:
    """Return what stands between a label and its value: ``": "``, or ``"："`` in Chinese."""
    return pgettext("label separator", ": ")
