"""Runs Python and manage.py of the portal inside .venv."""

import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO

from dev import venv
from dev.configuration import for_programs
from dev.console import Problem
from dev.paths import LOGS, ROOT, shown

# What a program begins the line with that ends one of its parts; the rest of the line is a note.
DONE = "--- done: "


def command(*arguments: str) -> list[str]:
    """A command line that runs .venv's Python."""
    return [str(venv.PYTHON), *arguments]


class Program:
    """A program of the portal at work, its output in a log of its name."""

    def __init__(self, name: str, values: Mapping[str, str], *arguments: str) -> None:
        LOGS.mkdir(parents=True, exist_ok=True)
        self.name, self.log = name, LOGS / f"{name}.log"
        self.log.write_text("")
        self._popen = subprocess.Popen(
            command(*arguments),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            cwd=ROOT,
            env=for_programs(values),
        )
        assert self._popen.stdout is not None
        self._output: IO[str] = self._popen.stdout

    def part(self) -> str:
        """Waits until it has done a part of its work; returns the note. Raises `Problem` if it ends instead."""
        for line in self._lines():
            if line.startswith(DONE):
                return line.removeprefix(DONE).strip()
        raise Problem(self._complaint())

    def rest(self) -> str:
        """Waits until it ends; returns what it said since its last part. Raises `Problem` if it failed."""
        said = "".join(self._lines())
        if self._popen.wait():
            raise Problem(self._complaint())
        return said

    def end(self) -> None:
        """Ends it, if it still runs."""
        if self._popen.poll() is None:
            self._popen.terminate()
        self._popen.wait()
        self._output.close()

    def _lines(self) -> Iterator[str]:
        with self.log.open("a") as log:
            for line in self._output:
                log.write(line)
                log.flush()
                yield line

    def _complaint(self) -> str:
        why = reason(self.log.read_text(errors="replace"))
        return f"{self.name} failed ({why}): the whole story is in {shown(self.log)}."


@contextmanager
def running(name: str, values: Mapping[str, str], *arguments: str) -> Iterator[Program]:
    """Starts .venv's Python with these arguments; it does not outlive the block."""
    program = Program(name, values, *arguments)
    try:
        yield program
    finally:
        program.end()


def quietly(name: str, values: Mapping[str, str], *arguments: str) -> str:
    """Runs .venv's Python with its output in a log of that name; returns the output.

    Raises `Problem` with its telling line when it fails.
    """
    with running(name, values, *arguments) as program:
        return program.rest()


def reason(output: str) -> str:
    """The line of a failed program's output that most likely says why."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if re.match(r"[\w.]*(Error|Exception|Improperly)\w*:", line)]
    return (errors or lines or ["it said nothing"])[-1]


def openly(values: Mapping[str, str], *arguments: str) -> int:
    """Runs .venv's Python on the user's terminal and returns its exit status."""
    done = subprocess.run(command(*arguments), cwd=ROOT, env=for_programs(values), check=False)
    return done.returncode
