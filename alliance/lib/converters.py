"""Path converters for addresses."""

from __future__ import annotations


class ReferenceConverter:
    """A public reference such as ``AP-7K3M-9QXD``, typed in any case; anything else is no address."""

    regex = r"[A-Za-z]{2}-[0-9A-Za-z]{4}-[0-9A-Za-z]{4}"

    def to_python(self, value: str) -> str:
        return value.upper()

    def to_url(self, value: str) -> str:
        return value
