"""`dev.keep` restarts a program of the Procfile when it exits."""

import os
import signal
import subprocess
import sys

import pytest

from dev.paths import ROOT
from dev.processes import Process
from tests.processes import ends_within

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


def test_a_killed_program_is_restarted_and_a_stopped_one_is_not(keeper):
    first = pid_from(keeper.stdout.readline())
    os.kill(first, signal.SIGKILL)
    assert "exited with -9: restart in 1 s" in keeper.stdout.readline()
    second = pid_from(keeper.stdout.readline())
    assert second != first
    keeper.terminate()
    assert keeper.wait(timeout=10) == 0
    assert not Process.of(second).alive


@pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux signals a child when its parent dies"
)
def test_program_ends_with_its_killed_keeper(keeper):
    program = pid_from(keeper.stdout.readline())
    keeper.kill()
    assert ends_within(Process.of(program), 5)


def test_a_program_that_keeps_failing_is_reported_and_the_others_continue(tmp_path):
    """Honcho stops all processes when one exits, so the keeper of a failing program must not exit."""
    module = "import sys; from dev import keep; keep.LONGEST_PAUSE = 0.1; keep.keep(sys.argv[1:])"
    (tmp_path / "keep.py").write_text(module)
    (tmp_path / "Procfile").write_text(
        f"steady: {sys.executable} {tmp_path}/keep.py sleep 60\n"
        f"failing: {sys.executable} {tmp_path}/keep.py {sys.executable} -c 'raise SystemExit(3)'\n"
    )
    honcho = [sys.executable, "-m", "honcho", "-e", os.devnull, "start"]
    honcho += ["-f", str(tmp_path / "Procfile"), "-d", str(tmp_path)]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(honcho, env=environment, stdout=subprocess.PIPE, text=True) as child:
        said = iter(child.stdout.readline, "")
        assert any("exited with 3, 8 times in a row: restart in 0.1 s" in line for line in said)
        assert child.poll() is None
        child.terminate()
        rest = child.stdout.read()
    assert "sending SIGTERM to steady.1" in rest
