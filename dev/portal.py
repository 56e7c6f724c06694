"""The portal's own processes: web, worker and beat under honcho, out of sight of the terminal."""

import hashlib
import os
import subprocess
import time
import urllib.error
import urllib.request

from dev import configuration, manage, ports
from dev.console import Problem
from dev.paths import LOGS, ROOT, RUN, shown
from dev.processes import Process, marked, remembered, stop_all

# In the environment of each of them, so that one whose record was lost can still be found.
MARK = "PORTAL_DEMO_OF"
PID = RUN / "honcho.pid"
PORT = RUN / "port"
CODE = RUN / "code"
LOG = LOGS / "portal.log"
FIRST_PORT = 8000
SOURCES = (
    *("alliance", "members", "cases", "templates", "static", "locale"),
    *("Procfile", "gunicorn.conf.py", "requirements.txt"),
)
COMPILED = (".pyc", ".mo")


def fingerprint(*names: str) -> str:
    """A digest of which files there are under these names of the checkout, and when they changed."""
    places = [path for name in names for path in (ROOT / name, *(ROOT / name).rglob("*"))]
    facts = [
        (str(path), path.stat().st_mtime_ns)
        for path in sorted(places)
        if path.is_file() and path.suffix not in COMPILED
    ]
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def running_unchanged(asked: str | None) -> Process | None:
    """Honcho, if it runs the code as it is now, answers, and does so on the port that was asked for."""
    process = remembered(PID)
    if process is None or not CODE.exists() or CODE.read_text() != fingerprint(*SOURCES):
        return None
    port = PORT.read_text()
    if asked not in (None, "", port) or not answers(f"http://{ports.HOST}:{port}/readyz"):
        return None
    return process


def runs() -> bool:
    """Whether any of the portal's processes runs, known or left over."""
    return bool(remembered(PID) or marked(MARK, str(RUN)))


def check_port(asked: str | None) -> None:
    """Raises `Problem` when what was asked for is no port."""
    if asked and not (asked.isdigit() and 0 < int(asked) < 65536):
        raise Problem(f"PORT is {asked!r}: give a number between 1 and 65535, or leave it out.")


def choose_port(asked: str | None, *, running: bool = False) -> tuple[int, str]:
    """The port of the web server and, where it is not the one expected, a remark. Raises `Problem`."""
    before = int(PORT.read_text()) if PORT.exists() else None
    if running and before:
        return before, ""
    wanted = int(asked) if asked else before or FIRST_PORT
    port = ports.next_free(wanted)
    if port is None:
        raise Problem(
            f"Every port from {wanted} on is taken: name a free one with `make demo PORT=…`."
        )
    PORT.write_text(str(port))
    return port, "" if port == wanted else f"port {wanted} is taken, so it is {port}"


def start(port: int, values: dict[str, str]) -> Process:
    """Starts honcho with the Procfile, free of this terminal."""
    if LOG.exists():
        LOG.replace(LOG.with_suffix(".log.1"))
    honcho = ["-m", "honcho", "-e", os.devnull, "--no-colour", "start", "-f", "Procfile"]
    honcho += ["-p", str(port)]
    with LOG.open("a") as log:
        child = subprocess.Popen(
            manage.command(*honcho),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env=configuration.for_programs(values) | {MARK: str(RUN)},
            start_new_session=True,
        )
    process = Process.of(child.pid)
    PID.write_text(process.dump())
    CODE.write_text(fingerprint(*SOURCES))
    return process


def wait_for(process: Process, port: int) -> None:
    """Waits until web answers and the worker says that it is ready. Raises `Problem`."""
    deadline = time.monotonic() + 60
    while not (answers(f"http://{ports.HOST}:{port}/readyz") and worker_is_ready()):
        if not process.alive or time.monotonic() > deadline:
            stop()
            raise Problem(
                f"The portal does not come up: read the end of {shown(LOG)}, then try again."
            )
        time.sleep(0.2)


def worker_is_ready() -> bool:
    """Whether the worker's log has its greeting."""
    with LOG.open(errors="replace") as lines:
        return any(
            " worker.1 " in line and "celery@" in line and " ready." in line for line in lines
        )


def answers(url: str) -> bool:
    """Whether the address answers 200."""
    # Loopback is never behind the proxy that the environment may name.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=5) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def stop() -> bool:
    """Stops web, worker and beat, and any of their processes left over. Whether there were any."""
    honcho = remembered(PID)
    stopped = bool(honcho and honcho.stop(patience=8))
    PID.unlink(missing_ok=True)
    leftovers = stop_all(marked(MARK, str(RUN)), patience=5)
    return stopped or leftovers
