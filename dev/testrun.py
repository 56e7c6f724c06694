"""The commands `test`, `test-quick`, `faults` and `bench-delivery`, each on temporary servers."""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dev import accounts, browser, configuration, manage, venv
from dev.console import say, step
from dev.paths import RUN, lock
from dev.processes import Process, recorded
from dev.servers import MARK, Servers


def discard(folder: Path) -> None:
    """Stop the servers and workers of a test run and remove its data."""
    Servers(folder).stop()
    accounts.discard(folder / "servers")
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def run_folder() -> Iterator[Path]:
    """Provide a folder for this run, and discard it afterwards."""
    folder = RUN / f"test-{os.getpid()}"
    folder.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700)
    (folder / "launcher").write_text(Process.of(os.getpid()).dump())
    try:
        yield folder
    finally:
        # A second Ctrl-C must not leave servers running.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        discard(folder)


@contextmanager
def servers(title: str, *, fsync: bool = False) -> Iterator[dict[str, str]]:
    """Install the packages, start temporary servers and provide the environment of a test run.

    With `fsync` the servers are private. Otherwise TEST_DATABASE_URL and so on may name others.
    """
    say(f"Alliance Portal: {title}")
    venv.install(venv.BASE, venv.LAUNCHER, venv.DEV)
    with lock("abandoned"):
        for folder in RUN.glob("test-*"):
            if recorded(folder / "launcher") is None:  # the launcher was killed
                discard(folder)
    with run_folder() as folder:
        user = configuration.configured()
        names = () if fsync else configuration.URLS
        named = {name: url for name in names if (url := user.get(f"TEST_{name}"))}
        kept = {"PORTAL_SERVERS": user.get("PORTAL_SERVERS", "")}
        urls = named | Servers(folder, fsync=fsync).start(kept | named)
        for name in ("evidence", "mail"):
            (folder / name).mkdir(mode=0o700)
        # With the mark, `discard` finds the workers of tests if pytest is killed.
        yield configuration.for_tests(folder, urls) | {MARK: str(folder)}


def run(arguments: list[str]) -> int:
    """Run all tests; return the exit status of pytest."""
    with servers("the tests") as values:
        # Empty if there is none, so that the tests do not look for Chromium themselves.
        chromium = browser.ensure(configuration.configured()) or ""
        return _pytest(values | {"CHROMIUM": chromium}, arguments)


def quick(arguments: list[str]) -> int:
    """Run the tests that need no worker, no browser and little time; return the exit status of pytest."""
    with servers("the quick tests") as values:
        selection = ["-m", "not worker and not browser and not slow"]
        return _pytest(values | {"CHROMIUM": ""}, [*selection, *arguments])


def faults(arguments: list[str]) -> int:
    """Run the fault harness, which starts separate servers; return its exit status."""
    with servers("the fault harness") as values:
        return manage.run_foreground(values, "-m", "tests.faults", *arguments)


def bench_delivery(arguments: list[str]) -> int:
    """Run the benchmark of delivery; return its exit status."""
    # Without fsync the database would be faster than in production.
    with servers("the benchmark of delivery", fsync=True) as values:
        values |= {"DEBUG": "0", "LOG_LEVEL": "WARNING", "REQUIRE_SECOND_FACTOR": "0"}
        with step("Database"):
            manage.run_logged("migrate", values, "manage.py", "migrate", "--no-input")
        return manage.run_foreground(values, "-m", "benchmarks.delivery", *arguments)


def _pytest(values: dict[str, str], arguments: list[str]) -> int:
    with step("Translations") as current:
        current.note = manage.run_logged("translations", values, "-m", "dev.inside.translations")
    say()
    parallel: list[str] = []
    if not any(argument.startswith(("-n", "--numprocesses", "--pdb")) for argument in arguments):
        # Many tests wait for a worker or a page, so twice as many as there are cores. Each has a separate
        # Redis database, and a Redis has sixteen.
        parallel = ["-n", str(min((os.cpu_count() or 1) * 2, 12))]
    return manage.run_foreground(values, "-m", "pytest", *parallel, *arguments)
