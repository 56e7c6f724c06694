"""The launcher's commands, one for each target of the Makefile."""

import signal
import sys
import traceback
from collections.abc import Callable

from dev import checks, demo, testrun
from dev.console import Problem, print_error
from dev.paths import LOGS, prepare_run_folder, relative

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
    "format": lambda _: checks.fix_format(),
}


def main(arguments: list[str]) -> int:
    """Run one command and return its exit status. An error is one sentence, not a traceback."""
    if not arguments or arguments[0] not in COMMANDS:
        print_error(f"Unknown command. Use one of: {', '.join(COMMANDS)}.")
        return 2
    # SIGTERM unwinds as Ctrl-C does, so that temporary servers are stopped.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    try:
        prepare_run_folder()
        return COMMANDS[arguments[0]](arguments[1:])
    except Problem as problem:
        print_error(str(problem))
    except PermissionError as error:
        print_error(
            f"This account may not write to {error.filename}. "
            "Run the same command as the account that owns it, or use a clone of your own."
        )
    except KeyboardInterrupt:
        print_error(
            f"Interrupted. `make {arguments[0]}` continues; `make stop` stops what is running."
        )
        return 130
    except BrokenPipeError:
        pass  # the reader of the output has gone
    except Exception as error:  # noqa: BLE001  # keeps the traceback in a log
        log = LOGS / "launcher.log"
        if LOGS.is_dir():
            with log.open("a") as file:
                traceback.print_exc(file=file)
        print_error(f"Unexpected error ({error!r}). Please report {relative(log)}.")
    return 1
