"""The keeper that starts a killed process of the Procfile again."""

import os
import signal
import subprocess
import sys

import pytest

from dev.paths import ROOT
from dev.processes import Process

KEEP = [sys.executable, "-u", "-m", "dev.keep", sys.executable, "-u", "-c"]
SLEEPER = "import os, time; print('pid', os.getpid()); time.sleep(60)"


@pytest.fixture
def keeper():
    with subprocess.Popen([*KEEP, SLEEPER], cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        yield child
        child.kill()


def pid_from(line):
    assert line.startswith("pid "), line
    return int(line.split()[1])


def test_a_killed_program_is_started_again_and_a_stopped_one_is_not(keeper):
    first = pid_from(keeper.stdout.readline())
    os.kill(first, signal.SIGKILL)
    assert "ended with -9: starting it again" in keeper.stdout.readline()
    second = pid_from(keeper.stdout.readline())
    assert second != first
    keeper.terminate()
    assert keeper.wait(timeout=10) == 0
    assert not Process.of(second).alive


@pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux tells a child of its parent's death"
)
def test_a_program_does_not_outlive_its_killed_keeper(keeper):
    program = pid_from(keeper.stdout.readline())
    keeper.kill()
    assert Process.of(program).gone_within(5)


def test_a_program_that_cannot_start_is_given_up(monkeypatch):
    code = "import dev.keep as k, sys; k.PAUSE = 0; sys.exit(k.Keeper(sys.argv[1:]).run())"
    command = [sys.executable, "-c", code, sys.executable, "-c", "raise SystemExit(3)"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "ended with 3, 5 times in a row: giving up" in done.stdout
