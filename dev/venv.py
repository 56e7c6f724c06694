"""The virtual environment in .venv, filled from the hashed requirements and trusted only when finished."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from dev.console import Problem
from dev.paths import LOGS, ROOT, VENV, shown

PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "portal"
# There while something is being installed: an environment found with it is half done, and made anew.
UNFINISHED = VENV / "unfinished"
# Says that .venv is our own to take away again, and for which place it was made.
MADE_HERE = STAMPS / "made-here"

BASE, DEV = "requirements.txt", "requirements-dev.txt"
LAUNCHER, EMBEDDED = "requirements-launcher.txt", "requirements-embedded.txt"


def digest(name: str) -> str:
    """The SHA-256 of a requirements file."""
    return hashlib.sha256((ROOT / name).read_bytes()).hexdigest()


def stamped(name: str) -> bool:
    """Whether .venv holds exactly what the requirements file asks."""
    try:
        return (STAMPS / name).read_text() == digest(name)
    except FileNotFoundError:
        return False


def works() -> bool:
    """Whether .venv is whole, made for this very folder, and its Python still runs and is new enough."""
    if UNFINISHED.exists() or not PYTHON.exists():
        return False
    if MADE_HERE.exists() and MADE_HERE.read_text() != str(VENV):
        return False
    code = "import sys, pip; assert sys.version_info >= (3, 11); print(sys.prefix)"
    try:
        told = subprocess.run([PYTHON, "-c", code], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return told.returncode == 0 and Path(told.stdout.strip()).resolve() == VENV.resolve()


def packages_in(name: str) -> int:
    """How many packages a requirements file pins."""
    return len(
        re.findall(r"^[a-z0-9].*==", (ROOT / name).read_text(), re.MULTILINE | re.IGNORECASE)
    )


def site_packages() -> Path:
    """Where .venv keeps its packages."""
    code = "import sysconfig; print(sysconfig.get_path('platlib'))"
    told = subprocess.run([PYTHON, "-c", code], capture_output=True, text=True, check=True)
    return Path(told.stdout.strip())


def _check_writable() -> None:
    for folder in (ROOT, VENV):
        if folder.exists() and not os.access(folder, os.W_OK):
            raise Problem(
                f"{folder} cannot be written to by this account: "
                "run the same command as the account it belongs to, or work in a clone of your own."
            )


def _create() -> None:
    try:
        import ensurepip  # noqa: F401  # Debian ships Python without it
    except ImportError:
        raise Problem(
            f"{sys.executable} has no venv module: install it first "
            "(Debian and Ubuntu: apt install python3-venv), then try again."
        ) from None
    shutil.rmtree(VENV, ignore_errors=True)
    VENV.mkdir()
    UNFINISHED.touch()
    made = subprocess.run(
        [sys.executable, "-m", "venv", VENV],
        capture_output=True,
        text=True,
        check=False,
        env=_environment(),
    )
    if made.returncode:
        raise Problem(
            f"Python could not make {shown(VENV)}: {(made.stderr or made.stdout).strip()[-300:]}"
        )
    STAMPS.mkdir(exist_ok=True)
    MADE_HERE.write_text(str(VENV))


def _environment() -> dict[str, str]:
    unwanted = {
        "PIP_USER",
        "PIP_TARGET",
        "PIP_PREFIX",
        "PIP_REQUIRE_HASHES",
        "PYTHONHOME",
        "VIRTUAL_ENV",
    }
    kept = {key: value for key, value in os.environ.items() if key not in unwanted}
    return kept | {"PIP_USER": "0", "PIP_NO_INPUT": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def _reason(log: Path) -> str:
    errors = [
        line for line in log.read_text(errors="replace").splitlines() if line.startswith("ERROR")
    ]
    return errors[-1].removeprefix("ERROR: ") if errors else "pip failed"


def _install(names: list[str]) -> None:
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / "pip.log"
    # All is pinned and hashed: nothing is left to resolve. Bytecode is made when a module is first used.
    command: list[str | Path] = [
        PYTHON,
        "-m",
        "pip",
        "install",
        "--require-hashes",
        "--no-deps",
        "--no-compile",
    ]
    for name in names:
        command += ["-r", ROOT / name]
    with log.open("w") as output:
        done = subprocess.run(
            command,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
            env=_environment(),
            cwd=ROOT,
        )
    if done.returncode:
        raise Problem(
            f"The packages could not be installed ({_reason(log)}): "
            f"see {shown(log)}, check the network or pip's configuration, then try again."
        )


def ensure(*names: str) -> str:
    """Brings .venv up to what the named requirements files ask. Returns what it did, for the progress line.

    Interrupted at any point, the next call begins anew. Raises `Problem`.
    """
    if works():
        missing = [name for name in names if not stamped(name)]
        if not missing:
            return "already there"
        _check_writable()
    else:
        _check_writable()
        _create()
        missing = list(names)
    STAMPS.mkdir(exist_ok=True)
    if MADE_HERE.exists():
        UNFINISHED.touch()
    for name in missing:
        (STAMPS / name).unlink(missing_ok=True)
    _install(missing)
    for name in missing:
        (STAMPS / name).write_text(digest(name))
    UNFINISHED.unlink(missing_ok=True)
    count = sum(packages_in(name) for name in missing)
    return f"{count} packages in {shown(VENV)}"


def remove() -> bool:
    """Takes .venv away, unless somebody else made it. Whether it is gone."""
    if VENV.exists() and not (MADE_HERE.exists() or UNFINISHED.exists()):
        return False
    shutil.rmtree(VENV, ignore_errors=True)
    return True
