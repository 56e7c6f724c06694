"""The checkout's .run folder: ours alone, and one launcher at a time in it."""

import fcntl
import os
import pwd
from collections.abc import Iterator
from contextlib import contextmanager

from dev.console import Problem, say
from dev.paths import LOGS, ROOT, RUN


def _owner(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"account {uid}"


def prepare() -> None:
    """Makes .run and its log folder, closed to others. Raises `Problem` when it is somebody else's."""
    try:
        # Root's engines run as an account that has to pass through.
        RUN.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, exist_ok=True)
    except PermissionError as error:
        raise Problem(
            f"{ROOT} cannot be written to by this account: "
            "run the same command as the account it belongs to, or work in a clone of your own."
        ) from error
    owner = RUN.stat().st_uid
    if owner != os.geteuid():
        name = _owner(owner)
        raise Problem(
            f"{RUN} belongs to {name}: run the same command as {name}, or `make clean` as {name} first."
        )
    LOGS.mkdir(mode=0o700, exist_ok=True)


@contextmanager
def alone(purpose: str) -> Iterator[None]:
    """Keeps two launchers from doing the same thing at once; the second waits, and says for what."""
    with (RUN / f"{purpose}.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            say(f"  waiting for process {lock.read().strip()}, which is at the {purpose} as well")
            fcntl.flock(lock, fcntl.LOCK_EX)
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield
