"""Path converters for addresses."""

from __future__ import annotations

from alliance.lib import ids


class ReferenceConverter:
    """A public reference such as ``AP-7K3M-9QXD``, typed in any case; anything else is no address."""

    regex = ids.pattern("[A-Z]{2}")

    def to_python(self, value: str) -> str:
        return value.upper()

    def to_url(self, value: str) -> str:
        return value
