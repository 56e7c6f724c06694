"""`make faults`: the fault harness at full length."""

import subprocess

from dev import configuration, guard, manage, testrun, venv
from dev.console import say, step
from dev.paths import ROOT


def run(arguments: list[str]) -> int:
    """Sets up what `make test` does and runs the harness with the arguments; returns its exit status.

    The harness crashes and wipes engines, so it starts its own besides.
    """
    say("Alliance Portal: the fault harness")
    with guard.alone("packages"), step("Python packages") as current:
        current.note = venv.ensure(venv.BASE, venv.LAUNCHER, venv.DEV)
    with testrun.engines() as values:
        say()
        child = subprocess.Popen(
            manage.command("-m", "tests.faults", *arguments),
            cwd=ROOT,
            env=configuration.for_programs(values),
        )
        try:
            return child.wait()
        except KeyboardInterrupt:
            # The terminal has told the harness as well; it takes its engines down and ends.
            return child.wait()
        finally:
            if child.poll() is None:
                child.terminate()
                child.wait()
