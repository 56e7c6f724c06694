"""Path converters for URLs."""

from __future__ import annotations

from alliance.lib import ids


class ReferenceConverter:
    """Matches a public reference such as ``AP-7K3M-9QXD``, ignoring case."""

    regex = ids.pattern("[A-Z]{2}")

    def to_python(self, value: str) -> str:
        return value.upper()

    def to_url(self, value: str) -> str:
        return value
