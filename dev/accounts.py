"""The account that runs the servers, and the folder where it can keep its data."""

import hashlib
import os
import pwd
import shutil
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dev.console import Problem
from dev.paths import ROOT


@dataclass(frozen=True)
class Account:
    """An account of the system."""

    name: str
    uid: int
    gid: int

    @property
    def options(self) -> dict[str, Any]:
        """The arguments with which `subprocess` runs a program as this account."""
        if self.uid == os.geteuid():
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can(self, test: str, path: Path) -> bool:
        """Return whether `test` of the shell (-x, -w, …) succeeds on the path for this account."""
        command = ["/bin/sh", "-c", f'test {test} "$1"', "sh", str(path)]
        return subprocess.run(command, check=False, cwd="/", **self.options).returncode == 0


def for_servers() -> Account:
    """Return the current account, or for root an unprivileged one. Raises `Problem` if there is none."""
    if os.geteuid() != 0:
        return Account("", os.geteuid(), os.getegid())
    for name in ("postgres", "redis", "nobody"):
        with suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(name, entry.pw_uid, entry.pw_gid)
    raise Problem(
        "PostgreSQL does not run as root, and this machine has no other account for it. "
        "Create one with `useradd --system postgres`, then try again."
    )


def _claim(folder: Path, account: Account) -> bool:
    """Create the folder for the account alone. Return whether the account can write to it."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.chown(folder, account.uid, account.gid)
        folder.chmod(0o700)
        if account.options:
            # The account passes through the parent folder but cannot list it.
            folder.parent.chmod(0o711)
    except OSError:
        return False
    return account.can("-w", folder)


def outside(inside: Path) -> Path:
    """Return the folder under /var/lib that replaces `inside` when the account cannot reach it."""
    checkout = hashlib.sha256(os.fsencode(ROOT)).hexdigest()[:10]
    return Path(f"/var/lib/alliance-portal-{checkout}") / inside.parent.name.lstrip(".")


def home(inside: Path, account: Account) -> Path:
    """Return a folder for the account's data: `inside`, or else one under /var/lib. Raises `Problem`."""
    folders = [inside, outside(inside)] if account.options else [inside]
    for folder in folders:
        if _claim(folder, account):
            return folder
        with suppress(OSError):
            folder.rmdir()
    raise Problem(
        f"No data can be stored in {' or '.join(map(str, folders))}. "
        "Give this account write access, or move the checkout."
    )


def discard(inside: Path) -> None:
    """Remove the folder that `home` returned for `inside`."""
    shutil.rmtree(inside, ignore_errors=True)
    if os.geteuid() == 0:
        shutil.rmtree(outside(inside), ignore_errors=True)
        with suppress(OSError):
            outside(inside).parent.rmdir()
