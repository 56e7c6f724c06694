"""What the launcher says: a line for each step with its time, and one sentence when it cannot go on."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

WIDTH = 34


class Problem(Exception):
    """The launcher cannot go on. The message is one sentence that tells the user what to do."""


class Step:
    """A step under way; set `note` to what should stand beside its time."""

    note = ""


def say(text: str = "") -> None:
    """Prints a line at once, whatever standard output is connected to."""
    print(text, flush=True)


@contextmanager
def step(name: str) -> Iterator[Step]:
    """Prints the name of the step, then its time in seconds and its note when the block is done."""
    current = Step()
    began = time.monotonic()
    print(f"  {name} ".ljust(WIDTH, "."), end=" ", flush=True)
    try:
        yield current
    except BaseException:
        say("failed")
        raise
    took = f"{time.monotonic() - began:5.1f} s"
    say(f"{took}   {current.note.strip()}".rstrip())


def complain(sentence: str) -> None:
    """Prints the one sentence with which the launcher gives up."""
    sys.stdout.flush()
    print(f"\n{sentence}", file=sys.stderr, flush=True)
