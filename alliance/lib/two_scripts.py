"""Names that an organisation has in its own script beside the Latin one."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language

# Where a name in the organisation's own script is Chinese.
CHINESE_SPEAKING = frozenset({"CN", "HK", "MO", "TW"})


class NamedInTwoScripts:
    """For models with ``name``, ``name_local`` and ``country``.

    Readers of Chinese see the Chinese name where there is one, everybody else the Latin name.
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
        """The name in the reader's language."""
        chinese = (get_language() or "").startswith("zh")
        return str(self.name_local if chinese and self.has_chinese_name else self.name)

    @property
    def other_name(self) -> str:
        """The name that :attr:`shown_name` is not; empty if there is none."""
        other = self.name if self.shown_name == self.name_local else self.name_local
        return "" if other == self.shown_name else str(other)
