"""Free space of a file system."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Space:
    """Sizes in bytes of the file system that a folder lies on."""

    total: int
    free: int

    def is_below(self, percent: int) -> bool:
        """Whether less than ``percent`` of the space is free."""
        return self.free * 100 < self.total * percent


def space(folder: Path) -> Space | None:
    """Return the space where ``folder`` lies, or ``None`` if it cannot be told."""
    try:
        usage = shutil.disk_usage(folder)
    except OSError:
        return None
    return Space(total=usage.total, free=usage.free)
