"""Programs that the launcher runs: their output, their logs and their failures."""

import os
import signal
import sys
import threading
import time

import pytest

from dev import manage, venv
from dev.console import Problem
from dev.processes import Process
from tests.processes import ends_within

SLEEPER = "import os, time; print('pid', os.getpid(), flush=True); time.sleep(60)"


@pytest.fixture(autouse=True)
def _own_logs(tmp_path, monkeypatch):
    monkeypatch.setattr(manage, "LOGS", tmp_path)
    monkeypatch.setattr(venv, "PYTHON", sys.executable)


def test_the_output_of_a_program_is_returned_and_logged(tmp_path):
    (tmp_path / "talk.log").write_text("of an earlier run")
    code = "import sys; print('out', flush=True); print('err', file=sys.stderr); print(sys.stdin.read())"
    assert manage.run_logged("talk", {}, "-c", code) == "out\nerr\n\n"
    assert (tmp_path / "talk.log").read_text() == "out\nerr\n\n"


def test_a_failure_is_reported_with_its_reason():
    with pytest.raises(Problem, match=r"talk failed \(ValueError: of its own\)"):
        manage.run_logged("talk", {}, "-c", "raise ValueError('of its own')")


def test_a_failure_without_an_error_message_names_the_log():
    with pytest.raises(Problem, match=r"\(said\)\. See .*talk\.log"):
        manage.run_logged("talk", {}, "-c", "print('said'); raise SystemExit(3)")


def pid_in(log):
    while True:
        words = log.read_text().split() if log.exists() else []
        if len(words) == 2:
            return int(words[1])
        time.sleep(0.05)


def signal_when_started(log, number):
    """Send a signal to this process once the program has written its number to the log."""

    def send():
        pid_in(log)
        os.kill(os.getpid(), number)

    thread = threading.Thread(target=send)
    thread.start()
    return thread


@pytest.fixture
def handlers():
    """The signal handlers of the launcher."""
    ours = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: lambda *_: sys.exit(143)}
    before = {number: signal.signal(number, handler) for number, handler in ours.items()}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("handlers")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_logged_program_does_not_outlive_the_launcher(tmp_path, number):
    thread = signal_when_started(tmp_path / "sleep.log", number)
    with pytest.raises((KeyboardInterrupt, SystemExit)):
        manage.run_logged("sleep", {}, "-c", SLEEPER)
    thread.join()
    assert ends_within(Process.of(pid_in(tmp_path / "sleep.log")), 5)


@pytest.mark.usefixtures("handlers")
def test_a_foreground_program_outlives_ctrl_c_but_not_the_launcher(tmp_path):
    log = tmp_path / "pid"
    code = f"import os, signal, time; signal.signal(signal.SIGINT, lambda *_: os._exit(7)); open({str(log)!r}, 'w').write(f'pid {{os.getpid()}}'); time.sleep(60)"
    interrupted = signal_when_started(log, signal.SIGINT)  # the launcher alone gets it
    terminated = threading.Timer(2, os.kill, (os.getpid(), signal.SIGTERM))
    terminated.start()
    began = time.monotonic()
    with pytest.raises(SystemExit):
        manage.run_foreground({}, "-c", code)
    assert time.monotonic() - began > 1
    interrupted.join()
    terminated.join()
    assert ends_within(Process.of(pid_in(log)), 5)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
