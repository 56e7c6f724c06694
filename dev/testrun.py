"""`make test`, `make faults` and `make bench-delivery`: set-up on throw-away engines, then the program."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dev import accounts, browser, configuration, guard, manage, venv
from dev.console import say, step
from dev.engines import MARK, Engines
from dev.paths import ROOT, RUN
from dev.processes import Process, remembered

PREFIX = "test-"


def discard_abandoned() -> None:
    """Stops and removes what test runs left that were killed before they could."""
    for folder in RUN.glob(f"{PREFIX}*"):
        if remembered(folder / "launcher") is None:
            discard(folder)


def discard(folder: Path) -> None:
    """Stops the engines and the stray workers of a test run and removes all its data."""
    Engines(folder).stop()
    accounts.discard(folder / "engines")
    subprocess.run(["rm", "-rf", folder], check=False)


@contextmanager
def place() -> Iterator[Path]:
    """A folder for this run, with nothing running and nothing left in it afterwards."""
    folder = RUN / f"{PREFIX}{os.getpid()}"
    folder.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700)
    (folder / "launcher").write_text(Process.of(os.getpid()).dump())
    try:
        yield folder
    finally:
        # A second Ctrl-C must not leave engines behind.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        discard(folder)


@contextmanager
def engines(*, careless: bool = True) -> Iterator[dict[str, str]]:
    """The environment of a test run, with throw-away engines behind it while the block runs.

    Careless ones forgo the disk, and may be those that TEST_… names; the others are private and as careful
    as in production.
    """
    with guard.alone("tidying"):
        discard_abandoned()
    with place() as folder:
        user = configuration.configured()
        named = {
            name: user[f"TEST_{name}"]
            for name in ("DATABASE_URL", "REDIS_URL", "LIAISON_REDIS_URL")
            if careless and user.get(f"TEST_{name}")
        }
        kept = {"PORTAL_ENGINES": user.get("PORTAL_ENGINES", "")}
        ours = Engines(folder, careless=careless)
        urls = named | ours.start(kept | named)
        for name in ("evidence", "mail"):
            (folder / name).mkdir(mode=0o700)
        # The mark lets `discard` find the workers that tests start, should pytest be killed.
        yield configuration.for_tests(folder, urls) | {MARK: str(folder)}


def run(arguments: list[str]) -> int:
    """Sets everything up and runs pytest with the arguments; returns its exit status."""
    _packages("the tests")
    chromium = browser.ensure(configuration.configured())
    with engines() as values:
        # Empty, and not left out: the tests must not go and find one that does not start.
        values |= {"CHROMIUM": chromium or ""}
        return _pytest(values, arguments)


def quick(arguments: list[str]) -> int:
    """Runs the tests that need no worker, no browser and little time; returns pytest's exit status."""
    _packages("the quick tests")
    with engines() as values:
        values |= {"CHROMIUM": ""}
        return _pytest(values, ["-m", "not worker and not browser and not slow", *arguments])


def faults(arguments: list[str]) -> int:
    """Runs the fault harness at full length; returns its exit status. It starts engines of its own to crash."""
    _packages("the fault harness")
    with engines() as values:
        return _openly(values, "-m", "tests.faults", *arguments)


def bench_delivery(arguments: list[str]) -> int:
    """Measures delivery to the agencies; returns the exit status of the benchmark."""
    _packages("delivery, measured")
    # Without fsync the database would look quicker than it is wherever it matters.
    with engines(careless=False) as values:
        values |= {"DEBUG": "0", "LOG_LEVEL": "WARNING", "REQUIRE_SECOND_FACTOR": "0"}
        with step("Database"):
            manage.quietly("migrate", values, "manage.py", "migrate", "--no-input")
        return _openly(values, "-m", "benchmarks.delivery", *arguments)


def _packages(what: str) -> None:
    say(f"Alliance Portal: {what}")
    with guard.alone("packages"), step("Python packages") as current:
        current.note = venv.ensure(venv.BASE, venv.LAUNCHER, venv.DEV)


def _side_by_side(arguments: list[str]) -> list[str]:
    """Processes for pytest: one more than there are cores, since many tests wait for a worker or a page."""
    if any(argument.startswith(("-n", "--numprocesses", "--pdb")) for argument in arguments):
        return []
    # Each takes a Redis database of its own, and a Redis has sixteen.
    return ["-n", str(min((os.cpu_count() or 1) + 1, 12))]


def _pytest(values: dict[str, str], arguments: list[str]) -> int:
    with step("Translations") as current:
        current.note = manage.quietly("translations", values, "-m", "dev.inside.translations")
    say()
    return _openly(values, "-m", "pytest", *_side_by_side(arguments), *arguments)


def _openly(values: dict[str, str], *arguments: str) -> int:
    """Runs .venv's Python on the terminal; after Ctrl-C, which reaches it as well, waits for its summary."""
    child = subprocess.Popen(
        manage.command(*arguments), cwd=ROOT, env=configuration.for_programs(values)
    )
    try:
        return child.wait()
    except KeyboardInterrupt:
        return child.wait()
    finally:
        if child.poll() is None:
            child.terminate()
            child.wait()
