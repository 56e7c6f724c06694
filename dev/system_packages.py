"""Programs from the system's package manager: only for root, where the manager is one we know, and bounded.

Nothing that a package brings is started: Debian's packages start their services unless told not to.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from dev.paths import LOGS

POLICY = Path("/usr/sbin/policy-rc.d")
NO_SERVICES = "#!/bin/sh\n# Put here by the Alliance Portal's launcher while it installs a package.\nexit 101\n"
PATIENT_APT = ("-o", "Acquire::http::Timeout=15", "-o", "Acquire::Retries=1")
APT = ("apt-get", "install", "-y", "-qq", "--no-install-recommends", *PATIENT_APT)


@contextmanager
def no_services_started(policy: Path = POLICY) -> Iterator[None]:
    """Tells Debian's packages to start nothing while the block runs, and takes that back afterwards.

    A policy that is there already is its owner's, and stays as it is.
    """
    ours = not policy.exists() or policy.read_text(errors="replace") == NO_SERVICES
    if ours and policy.parent.is_dir():
        policy.write_text(NO_SERVICES)
        policy.chmod(0o755)
    try:
        yield
    finally:
        if ours:
            policy.unlink(missing_ok=True)


def manager(packages: Mapping[str, Sequence[str]]) -> str | None:
    """The package manager of this machine that has names for the packages and that we may use."""
    if os.geteuid() != 0:
        return None
    return next((name for name in packages if shutil.which(name)), None)


def install(packages: Mapping[str, Sequence[str]], log_name: str, *, seconds: float) -> bool:
    """Installs what is named for this machine's manager; whether that went well.

    Fetching is given up after `seconds`. What has been fetched is then unpacked without a limit: a package
    manager that is killed in the middle leaves the machine in need of repair.
    """
    found = manager(packages)
    if found is None:
        return False
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / log_name
    log.write_text("")
    names = tuple(packages[found])
    if found == "apt-get":
        _refresh_apt(log)
        fetched = _run((*APT, "--download-only", *names), log, seconds)
        unpack: tuple[str, ...] = (*APT, "--no-download", *names)
    else:
        fetch = (found, "install", "-y", "-q", "--downloadonly", *names)
        fetched, unpack = _run(fetch, log, seconds), (found, "install", "-y", "-q", "-C", *names)
    if not fetched:
        return False
    with no_services_started():
        return _run(unpack, log, None)


@cache
def _refresh_apt(log: Path) -> None:
    """Brings the lists up to date, once a run. Old lists may do where that fails."""
    _run(("apt-get", "update", "-qq", *PATIENT_APT), log, 60)


def _run(command: Sequence[str], log: Path, seconds: float | None) -> bool:
    # RUNLEVEL=1 is for scripts that ask no policy: in single-user mode no service is started.
    told = {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    with log.open("a") as output:
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(os.environ) | told,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            output.write(f"given up after {seconds:g} s\n")
            return False
    return done.returncode == 0
