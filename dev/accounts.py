"""The account the engines run as, and where that account may keep its data."""

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

CANDIDATES = ("postgres", "redis", "nobody")
OUTSIDE = Path("/var/lib")


@dataclass(frozen=True)
class Account:
    """Who a program is run as."""

    name: str
    uid: int
    gid: int

    @property
    def options(self) -> dict[str, Any]:
        """The arguments that make `subprocess` run a program as this account."""
        if self.uid == os.geteuid():
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can(self, test: str, path: Path) -> bool:
        """Whether the account passes a test of the shell (-x, -w, …) on the path."""
        command = ["/bin/sh", "-c", f'test {test} "$1"', "sh", str(path)]
        return subprocess.run(command, check=False, cwd="/", **self.options).returncode == 0

    def owns(self, path: Path) -> bool:
        """Whether the path is there and belongs to the account."""
        try:
            return path.stat().st_uid == self.uid
        except FileNotFoundError:
            return False


def named(name: str) -> Account | None:
    """The account of that name, if the machine has it."""
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(name, entry.pw_uid, entry.pw_gid)


def for_engines() -> Account:
    """Ourselves; for root an account without rights, since PostgreSQL refuses to run as root, and rightly.

    Raises `Problem` when root's machine has no such account.
    """
    if os.geteuid() != 0:
        return Account("", os.geteuid(), os.getegid())
    for name in CANDIDATES:
        if (account := named(name)) and account.uid != 0:
            return account
    raise Problem(
        "PostgreSQL does not run as root and this machine has no account to run it as: "
        "make one with `useradd --system postgres`, then try again."
    )


def _claim(folder: Path, account: Account) -> bool:
    """Makes the folder the account's own and closed to all others. Whether the account can work in it."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.chown(folder, account.uid, account.gid)
        folder.chmod(0o700)
    except OSError:
        return False
    return account.owns(folder) and account.can("-w", folder)


def outside(inside: Path) -> Path:
    """Where the data of `inside` lies when the engines' account cannot reach that folder."""
    checkout = hashlib.sha256(os.fsencode(ROOT)).hexdigest()[:10]
    return OUTSIDE / f"alliance-portal-{checkout}" / inside.parent.name.lstrip(".")


def home(inside: Path, account: Account) -> Path:
    """A folder of the account's own for its data: `inside` where it can reach it, else under /var/lib.

    Raises `Problem` when neither can be had.
    """
    if account.options:
        # Others may pass through .run, and still read nothing in it.
        inside.parent.chmod(0o711)
    if _claim(inside, account):
        return inside
    if account.options:
        with suppress(OSError):
            inside.rmdir()
        away = outside(inside)
        try:
            away.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
            away.parent.chmod(0o711)
        except OSError as error:
            raise Problem(
                f"Neither {inside} nor {away} can be used for data ({error.strerror})."
            ) from error
        if _claim(away, account):
            return away
    raise Problem(f"{inside} cannot be used for data: make it yours, or move the checkout.")


def discard(inside: Path) -> None:
    """Removes a folder that `home` gave for `inside`, wherever it lies."""
    shutil.rmtree(inside, ignore_errors=True)
    away = outside(inside)
    if os.geteuid() == 0 and away.parent.is_dir():
        shutil.rmtree(away, ignore_errors=True)
        if not any(away.parent.iterdir()):
            away.parent.rmdir()
