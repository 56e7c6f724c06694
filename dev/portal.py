"""The portal's processes: web, workers and beat, started by honcho in the background."""

import hashlib
import os
import subprocess
import time
import urllib.request

from dev import configuration, manage, ports
from dev.console import Problem
from dev.paths import LOGS, ROOT, RUN, relative
from dev.processes import Process, marked, recorded, stop_all

# Set in the environment of each of them, to find a process whose record was lost.
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


def fingerprint() -> str:
    """Return a digest of the names and modification times of the files of :data:`SOURCES`."""
    places = [path for name in SOURCES for path in (ROOT / name, *(ROOT / name).rglob("*"))]
    facts = [
        (str(path), path.stat().st_mtime_ns)
        for path in sorted(places)
        if path.is_file() and path.suffix not in (".pyc", ".mo")
    ]
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def parse_port(text: str | None) -> int | None:
    """Return the port in a setting, or None if it is empty. Raises `Problem` if it is not a port."""
    if not text:
        return None
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise Problem(f"PORT is {text!r}. Set it to a number between 1 and 65535, or unset it.")
    return int(text)


def last_port() -> int | None:
    """Return the port of the last start, if there was one."""
    return int(PORT.read_text()) if PORT.exists() else None


def running_unchanged(wanted: int | None) -> Process | None:
    """Return honcho if it runs the current code and the web server responds on the wanted port."""
    process, port = recorded(PID), last_port()
    if process is None or wanted not in (None, port):
        return None
    unchanged = CODE.exists() and CODE.read_text() == fingerprint()
    return process if unchanged and answers(f"http://{ports.HOST}:{port}/readyz") else None


def runs() -> bool:
    """Return whether any of the portal's processes runs."""
    return bool(recorded(PID) or marked(MARK, str(RUN)))


def choose_port(wanted: int | None) -> tuple[int, str]:
    """Return a free port for the web server, and a note if it is not the expected one. Raises `Problem`."""
    expected = wanted or last_port() or FIRST_PORT
    port = ports.next_free(expected)
    if port is None:
        raise Problem(f"No port from {expected} on is free. Name one with `make demo PORT=…`.")
    PORT.write_text(str(port))
    return port, "" if port == expected else f"port {expected} is taken: using {port}"


def start(port: int, values: dict[str, str]) -> Process:
    """Start honcho with the Procfile, detached from the terminal."""
    if LOG.exists():
        LOG.replace(LOG.with_suffix(".log.1"))
    honcho = ["-m", "honcho", "-e", os.devnull, "--no-colour", "start", "-f", "Procfile"]
    with LOG.open("a") as log:
        child = subprocess.Popen(
            manage.command(*honcho, "-p", str(port)),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env=configuration.for_programs(values) | {MARK: str(RUN)},
            start_new_session=True,
        )
    process = Process.of(child.pid)
    PID.write_text(process.dump())
    CODE.write_text(fingerprint())
    return process


def wait_for(process: Process, port: int) -> None:
    """Wait until the web server responds and the worker is ready. Raises `Problem` after 60 s."""
    deadline = time.monotonic() + 60
    while not (answers(f"http://{ports.HOST}:{port}/readyz") and worker_is_ready()):
        if not process.alive or time.monotonic() > deadline:
            stop()
            raise Problem(f"The portal did not start. See the end of {relative(LOG)}.")
        time.sleep(0.2)


def worker_is_ready() -> bool:
    """Return whether the worker has logged that it is ready."""
    with LOG.open(errors="replace") as lines:
        return any(
            " worker.1 " in line and "celery@" in line and " ready." in line for line in lines
        )


def answers(url: str) -> bool:
    """Return whether a GET request to the URL returns status 200."""
    # Without the proxies of the environment, which cannot reach the loopback interface.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=5) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def stop() -> bool:
    """Stop web, workers and beat. Return whether any was running."""
    honcho = recorded(PID)
    stopped = bool(honcho and honcho.stop(timeout=8))
    PID.unlink(missing_ok=True)
    return stop_all(marked(MARK, str(RUN)), timeout=5) or stopped
