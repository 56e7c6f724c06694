"""Free space of a file system."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Space:
    """Total and free size of a file system in bytes."""

    total: int
    free: int

    def is_below(self, percent: int) -> bool:
        """Return whether less than ``percent`` of the space is free."""
        return self.free * 100 < self.total * percent


def space(folder: Path) -> Space | None:
    """Return the space of the file system of ``folder``, or ``None`` if it cannot be determined."""
    try:
        usage = shutil.disk_usage(folder)
    except OSError:
        return None
    return Space(total=usage.total, free=usage.free)
