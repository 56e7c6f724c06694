"""The folders of a checkout, and the lock files in .run."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dev.console import Problem, say

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
RUN = ROOT / ".run"
LOGS = RUN / "log"


def relative(path: Path) -> Path:
    """Return the path relative to the checkout if it lies inside, for messages."""
    return path.relative_to(ROOT) if path.is_relative_to(ROOT) else path


def prepare_run_folder() -> None:
    """Create .run and its log folder. Raises `Problem` if another account owns .run."""
    # The servers of root run as another account, which needs to pass through the folder.
    RUN.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, exist_ok=True)
    if (owner := RUN.stat().st_uid) != os.geteuid():
        raise Problem(
            f"{RUN} belongs to another account (uid {owner}). "
            "Run the same command as that account, or let it run `make clean`."
        )
    LOGS.mkdir(mode=0o700, exist_ok=True)


@contextmanager
def lock(name: str) -> Iterator[None]:
    """Hold the lock of that name within the block. Waits while another launcher holds it."""
    with (RUN / f"{name}.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            say(f"  waiting for process {file.read().strip()}, which holds the lock “{name}”")
            fcntl.flock(file, fcntl.LOCK_EX)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
