"""Runs programs: for their output, or with their output in a log."""

import re
import subprocess
from pathlib import Path
from typing import Any

ERROR = re.compile(r"(FATAL|ERROR|[Ee]rror|Exception|Improperly\w*):")


def captured(*command: str | Path, timeout: float | None = None, **options: Any) -> tuple[int, str]:
    """Run a program. Return its exit status and output, or 1 and the reason if it cannot run or times out."""
    streams: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    options = streams | {"input": "", "errors": "replace", "timeout": timeout} | options
    try:
        done = subprocess.run(command, check=False, **options)
    except (OSError, subprocess.TimeoutExpired) as error:
        return 1, str(error)
    return done.returncode, done.stdout


def output(*command: str | Path) -> str:
    """Return what a program prints; empty if it cannot run, fails or takes over 30 seconds."""
    status, text = captured(*command, timeout=30, stderr=subprocess.DEVNULL)
    return "" if status else text.strip()


def version(program: Path) -> tuple[int, ...]:
    """Return the first version number that `program --version` prints; empty if it cannot run."""
    match = re.search(r"\d+(\.\d+)*", output(program, "--version"))
    return tuple(int(part) for part in match[0].split(".")) if match else ()


def logged(
    log: Path, *command: str | Path, text: str = "", timeout: float | None = None, **options: Any
) -> bool:
    """Run a program with `text` as its input and a log as its output; return whether it succeeded.

    The log is a file and not a pipe: a server that the program starts would keep a pipe open.
    """
    options |= {"input": text, "text": True, "stderr": subprocess.STDOUT, "timeout": timeout}
    with log.open("a") as file:
        try:
            return subprocess.run(command, stdout=file, check=False, **options).returncode == 0
        except subprocess.TimeoutExpired:
            file.write(f"stopped after {timeout:g} s\n")
        except OSError as error:
            file.write(f"{error}\n")
    return False


def reason(log: Path | str) -> str:
    """Return the line of a failed program's output, or of its log, that most likely explains the failure."""
    if isinstance(log, Path):
        log = log.read_text(errors="replace") if log.exists() else ""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    return ([line for line in lines if ERROR.search(line)] or lines or ["no output"])[-1]
