"""Punctuation of the active language, for composed texts. See also :mod:`alliance.lib.text`."""

from __future__ import annotations

from django.utils.translation import pgettext


def colon() -> str:
    """Return the separator of a label and its value: ``": "`` in English, ``"："`` in Chinese."""
    return pgettext("label separator", ": ")
