"""Terminal output: one line per step with its time, and one sentence for an error."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

WIDTH = 34


class Problem(Exception):
    """The launcher cannot continue. The message tells the user what to do."""


def say(text: str = "") -> None:
    """Print a line and flush it, so that it also appears at once in a pipe."""
    print(text, flush=True)


@contextmanager
def step(name: str) -> Iterator[SimpleNamespace]:
    """Print the name of a step, then its duration in seconds and the `note` of the yielded object."""
    current = SimpleNamespace(note="")
    began = time.monotonic()
    print(f"  {name} ".ljust(WIDTH, "."), end=" ", flush=True)
    try:
        yield current
    except BaseException:
        say("failed")
        raise
    say(f"{time.monotonic() - began:5.1f} s   {current.note.strip()}".rstrip())


def print_error(sentence: str) -> None:
    """Print the sentence with which the launcher stops, on standard error."""
    sys.stdout.flush()
    print(f"\n{sentence}", file=sys.stderr, flush=True)
