"""The virtual environment .venv, installed from the hashed requirements."""

import os
import re
import shutil
import sys
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from dev.console import Problem, step
from dev.paths import LOGS, ROOT, VENV, lock, relative
from dev.programs import logged, output, reason

PYTHON = VENV / "bin" / "python"
# Copies of the requirements files that are installed.
STAMPS = VENV / "portal"
# Exists during an installation. An environment with this file is incomplete and is recreated.
UNFINISHED = VENV / "unfinished"
# Exists if the launcher created .venv and may remove it. Contains the path of .venv at that time.
MADE_HERE = STAMPS / "made-here"

BASE, DEV = "requirements.txt", "requirements-dev.txt"
LAUNCHER, EMBEDDED = "requirements-launcher.txt", "requirements-embedded.txt"
INSTALLER = "requirements-installer.txt"


def stamped(name: str) -> bool:
    """Return whether .venv was installed from the requirements file as it is now."""
    try:
        return (STAMPS / name).read_text() == (ROOT / name).read_text()
    except FileNotFoundError:
        return False


def works() -> bool:
    """Return whether .venv is complete, was made for this path, and has a Python that is new enough."""
    if UNFINISHED.exists() or (MADE_HERE.exists() and MADE_HERE.read_text() != str(VENV)):
        return False
    code = "import sys; assert sys.version_info >= (3, 11); print(sys.prefix)"
    prefix = output(PYTHON, "-c", code)
    return bool(prefix) and Path(prefix).resolve() == VENV.resolve()


def site_packages() -> Path:
    """Return the folder of .venv's packages."""
    return Path(output(PYTHON, "-c", "import sysconfig; print(sysconfig.get_path('platlib'))"))


def _serves_others() -> bool:
    """Return whether the pip of this Python can install into .venv (22.3 can), which then needs none: that saves 4 s."""
    found = metadata.version("pip") if find_spec("pip") else "0"
    return tuple(map(int, re.findall(r"\d+", found)[:2])) >= (22, 3)


def _create() -> None:
    options = ["--without-pip"] if _serves_others() else []
    if not (options or find_spec("ensurepip")):  # Debian ships Python without it
        raise Problem(
            f"{sys.executable} has no venv module. Install it "
            "(Debian and Ubuntu: apt install python3-venv), then try again."
        )
    shutil.rmtree(VENV, ignore_errors=True)
    VENV.mkdir()
    UNFINISHED.touch()
    log = LOGS / "venv.log"
    if not logged(log, sys.executable, "-m", "venv", *options, VENV, env=_environment()):
        raise Problem(f"Python could not create {relative(VENV)} ({reason(log)}).")
    STAMPS.mkdir(exist_ok=True)
    MADE_HERE.write_text(str(VENV))


def _environment() -> dict[str, str]:
    """Return the environment without settings that would make pip or venv use another folder."""
    unwanted = {"PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_HASHES", "PYTHONHOME", "VIRTUAL_ENV"}
    kept = {key: value for key, value in os.environ.items() if key not in unwanted}
    return kept | {"PIP_USER": "0", "PIP_NO_INPUT": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def attempt(*names: str) -> bool:
    """Install requirements files with uv, which takes a fifth of pip's time, else with pip. Return whether it worked."""
    log = LOGS / "pip.log"
    log.write_text("")
    # Everything is pinned, so there is nothing to resolve. Python compiles a module at its first import.
    pinned = ("--require-hashes", "--no-deps")
    pip: list[str | Path] = [PYTHON, "-m", "pip"]
    if not (VENV / "bin" / "pip").exists():
        pip = [sys.executable, "-m", "pip", "--python", PYTHON]
    installing = (*pip, "install", "--no-compile", *pinned)
    uv = (VENV / "bin" / "uv", "pip", "install", "--python", PYTHON, *pinned)
    # uv does not read pip's configuration, which can name another index.
    options: dict[str, Any] = {"cwd": ROOT, "env": _environment()}
    for index in re.findall(r"\.index-url='(.+)'", output(*pip, "config", "list")):
        options["env"]["UV_DEFAULT_INDEX"] = index
    if not stamped(INSTALLER) and logged(log, *installing, f"-r{INSTALLER}", **options):
        shutil.copyfile(ROOT / INSTALLER, STAMPS / INSTALLER)
    files = [f"-r{name}" for name in names]
    return logged(log, *uv, *files, **options) or logged(log, *installing, *files, **options)


def install(*names: str, label: str = "Python packages") -> None:
    """Install the requirements files into .venv, which is created if needed. Raises `Problem`."""
    with lock("packages"), step(label) as current:
        if works():
            names = tuple(name for name in names if not stamped(name))
        else:
            _create()
        if not names:
            current.note = "already installed"
            return
        STAMPS.mkdir(exist_ok=True)
        if MADE_HERE.exists():
            UNFINISHED.touch()
        for name in names:
            (STAMPS / name).unlink(missing_ok=True)
        if not attempt(*names):
            log = LOGS / "pip.log"
            raise Problem(
                f"The packages could not be installed ({reason(log)}). "
                f"See {relative(log)}, check the network or pip's configuration, then try again."
            )
        for name in names:
            shutil.copyfile(ROOT / name, STAMPS / name)
        UNFINISHED.unlink(missing_ok=True)
        current.note = f"in {relative(VENV)}"


def remove() -> bool:
    """Remove .venv if the launcher made it. Return whether it is gone."""
    if VENV.exists() and not (MADE_HERE.exists() or UNFINISHED.exists()):
        return False
    shutil.rmtree(VENV, ignore_errors=True)
    return True
