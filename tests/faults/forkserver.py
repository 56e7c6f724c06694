"""Starts the portal's processes by forking a process that has imported the portal.

Starting Python, Django and Celery takes seconds, too long for a harness that kills two thousand processes.
A child leads its own session, opens its own connections, and runs what production runs: ``celery worker``,
``celery beat``, ``gunicorn``, or a program of the harness.

Reads one JSON object a line from standard input and answers each with the child's process id.
"""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

import django

PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """Let the system kill this process when its parent dies. Linux only; elsewhere the harness cleans up."""
    try:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    except (OSError, AttributeError):
        pass


def prepare() -> None:
    """Import what the children need, without opening connections."""
    django.setup()
    from alliance.celery import app

    app.loader.import_default_modules()
    app.finalize()
    for name in (
        "alliance.urls",
        "alliance.wsgi",
        "celery.apps.beat",
        "celery.apps.worker",
        "celery.bin.celery",
        "celery.worker.consumer",
        "celery.concurrency.prefork",
        "gunicorn.app.wsgiapp",
        "gunicorn.workers.gthread",
        "kombu.transport.redis",
        "tests.faults.clients",
        "tests.faults.mutants",
        "tests.faults.worker_app",
        "tests.faults.world",
    ):
        importlib.import_module(name)


def run_child(message: dict[str, Any]) -> None:
    """Run the requested role in the forked child. Never returns."""
    os.setsid()
    die_with_parent()
    for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    log = os.open(message["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.environ.update(message.get("environment", {}))
    code = 1
    try:
        ROLES[message["role"]](message)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001  (logged in the child's own log)
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _worker(message: dict[str, Any]) -> None:
    from tests.faults.worker_app import app

    app.worker_main(
        [
            "worker",
            "--loglevel",
            "INFO",
            "--without-gossip",
            "--without-mingle",
            *message["arguments"],
        ]
    )


def _beat(message: dict[str, Any]) -> None:
    from celery.bin.celery import main

    sys.argv = ["celery", "-A", "alliance", "beat", "--loglevel", "INFO", "--pidfile="]
    sys.argv += message["arguments"]
    main()


def _gunicorn(message: dict[str, Any]) -> None:
    from gunicorn.app.wsgiapp import run

    sys.argv = ["gunicorn", "alliance.wsgi", *message["arguments"]]
    run()


def _client(message: dict[str, Any]) -> None:
    from tests.faults import clients

    clients.run(**message["arguments"])


def _world(message: dict[str, Any]) -> None:
    from tests.faults import world

    world.make(**message["arguments"])


ROLES = {
    "worker": _worker,
    "beat": _beat,
    "gunicorn": _gunicorn,
    "client": _client,
    "world": _world,
}


def main() -> None:
    """Fork a child for each line of standard input, until it ends."""
    die_with_parent()
    prepare()
    # The children are not waited for; the system reaps them.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    answers.write("ready\n")
    answers.flush()
    for line in iter(sys.stdin.readline, ""):
        message = json.loads(line)
        pid = os.fork()
        if pid == 0:
            run_child(message)
        answers.write(f"{pid}\n")
        answers.flush()


if __name__ == "__main__":
    sys.path.insert(0, str(Path.cwd()))
    main()
