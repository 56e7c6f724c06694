"""The launcher's commands, one for each target of the Makefile."""

import io
import signal
import sys
import traceback
from collections.abc import Callable
from types import FrameType

from dev import checks, demo, guard, testrun
from dev.console import Problem, complain
from dev.paths import LOGS, shown

COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "demo": lambda _: demo.up(),
    "stop": lambda _: demo.stop(),
    "clean": lambda _: demo.clean(),
    "dev": lambda _: demo.develop(),
    "logs": lambda _: demo.logs(),
    "manage": demo.run_manage,
    "shell": lambda arguments: demo.run_manage(["shell", *arguments]),
    "test": testrun.run,
    "test-quick": testrun.quick,
    "faults": testrun.faults,
    "bench-delivery": testrun.bench_delivery,
    "check": lambda _: checks.run(),
    "format": lambda _: checks.tidy(),
}


def _terminate(number: int, _: FrameType | None) -> None:
    raise SystemExit(128 + number)


def main(arguments: list[str]) -> int:
    """Runs one command; returns the exit status. Says one sentence instead of showing a traceback."""
    if not arguments or arguments[0] not in COMMANDS:
        complain(f"Say one of: {', '.join(COMMANDS)}.")
        return 2
    # Ends like Ctrl-C does, so that private engines are stopped.
    signal.signal(signal.SIGTERM, _terminate)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # names come in many scripts, terminals do not
    try:
        guard.prepare()
        return COMMANDS[arguments[0]](arguments[1:])
    except Problem as problem:
        complain(str(problem))
        return 1
    except KeyboardInterrupt:
        complain(
            f"Interrupted: `make {arguments[0]}` goes on from here, `make stop` ends what is running."
        )
        return 130
    except BrokenPipeError:
        return 1  # nobody reads what we say any more
    except Exception as error:  # noqa: BLE001  # the last resort, with the traceback kept
        log = LOGS / "launcher.log"
        if LOGS.is_dir():
            with log.open("a") as file:
                traceback.print_exc(file=file)
        complain(f"Something nobody thought of went wrong ({error!r}): please report {shown(log)}.")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
