"""The thread that nobody waits for: order, coalescing, forks, and a process that ends."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from contextvars import ContextVar

import pytest

from alliance.lib.background import Background

who: ContextVar[str] = ContextVar("who", default="nobody")


@pytest.fixture
def background() -> Background:
    return Background("test")


def test_calls_are_run_in_their_order_elsewhere(background: Background) -> None:
    ran: list[tuple[int, int]] = []
    for n in range(20):
        background.run(str(n), lambda n: ran.append((n, threading.get_ident())), n)
    background.flush()
    assert [n for n, _ in ran] == list(range(20))
    assert {thread for _, thread in ran} - {threading.get_ident()}
    assert len({thread for _, thread in ran}) == 1


def test_what_waits_already_is_not_taken_again_and_what_is_being_done_is(
    background: Background,
) -> None:
    """What is handed over while a call with the same key runs may be too late for that call."""
    go_on, begun = threading.Event(), threading.Event()
    ran: list[str] = []

    def held() -> None:
        begun.set()
        assert go_on.wait(10)

    background.run("held", held)
    assert begun.wait(10)
    for _ in range(3):
        background.run("channel", ran.append, "channel")
        background.run("held", ran.append, "held")
    go_on.set()
    background.flush()
    assert ran == ["channel", "held"]


def test_whoever_hands_over_waits_for_nothing(background: Background) -> None:
    go_on = threading.Event()
    background.run("held", go_on.wait, 10)
    background.run("next", lambda: None)
    with pytest.raises(TimeoutError):
        background.flush(0.05)
    go_on.set()
    background.flush()


def test_the_context_goes_along(background: Background) -> None:
    """The line of a log that a wake-up writes names the request it was for."""
    seen: list[str] = []
    token = who.set("request 7")
    background.run("a", lambda: seen.append(who.get()))
    who.reset(token)
    background.flush()
    assert seen == ["request 7"]


def test_a_call_that_fails_ends_nothing(background: Background) -> None:
    background.run("bad", lambda: 1 / 0)  # type: ignore[arg-type, return-value]
    ran: list[str] = []
    background.run("good", ran.append, "good")
    background.flush()
    assert ran == ["good"]


def test_a_forked_child_has_a_thread_of_its_own(background: Background) -> None:
    """Threads are not forked: the child would wait for ever for the one of its parent."""
    go_on = threading.Event()
    background.run("held", go_on.wait, 10)
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            background.run("held", os.write, writer, b"child")
            background.flush(5)
        finally:
            os._exit(0)
    os.close(writer)
    os.waitpid(pid, 0)
    go_on.set()
    with os.fdopen(reader, "rb") as pipe:
        assert pipe.read() == b"child"


SCRIPT = """
import time
from alliance.lib.background import Background
background = Background("script")
background.run("slow", time.sleep, 0.2)
background.run("last", print, "done")
"""


def test_a_process_that_ends_does_first_what_it_was_given() -> None:
    """A command of manage.py ends right after its commit."""
    ended = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=30, check=True
    )
    assert ended.stdout == "done\n"
