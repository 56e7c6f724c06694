"""Names of organisations in Latin script and in their own script."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language

# Countries and regions in which a name in the organisation's own script is Chinese.
CHINESE_SPEAKING = frozenset({"CN", "HK", "MO", "TW"})


class NamedInTwoScripts:
    """A mixin for models with the fields ``name``, ``name_local`` and ``country``.

    Pages in Chinese show the Chinese name if there is one. Other pages show the Latin name.
    """

    name: Any
    name_local: Any
    country: Any

    @property
    def has_chinese_name(self) -> bool:
        """Whether ``name_local`` is a Chinese name."""
        return bool(self.name_local) and str(self.country) in CHINESE_SPEAKING

    @property
    def shown_name(self) -> str:
        """The name for the active language."""
        chinese = (get_language() or "").startswith("zh")
        return str(self.name_local if chinese and self.has_chinese_name else self.name)

    @property
    def other_name(self) -> str:
        """The one of the two names that is not :attr:`shown_name`. Empty if there is none or both are equal."""
        other = self.name if self.shown_name == self.name_local else self.name_local
        return "" if other == self.shown_name else str(other)
