"""Programs run by the launcher: progress, logs and failures."""

import sys

import pytest

from dev import manage, venv
from dev.console import Problem

TALKER = f"""
print("working")
print({manage.DONE!r} + "first note")
print("between")
print({manage.DONE!r})
print("the rest")
"""


@pytest.fixture(autouse=True)
def _own_logs(tmp_path, monkeypatch):
    monkeypatch.setattr(manage, "LOGS", tmp_path)
    monkeypatch.setattr(venv, "PYTHON", sys.executable)


def test_program_reports_its_parts(tmp_path):
    with manage.running("talk", {}, "-c", TALKER) as program:
        assert program.part() == "first note"
        assert program.part() == ""
        assert program.rest() == "the rest\n"
    assert (tmp_path / "talk.log").read_text().startswith("working\n")


def test_failure_before_a_part_is_done_is_explained():
    with (
        manage.running("talk", {}, "-c", "raise ValueError('of its own')") as program,
        pytest.raises(Problem, match=r"talk failed \(ValueError: of its own\)"),
    ):
        program.part()


def test_failure_at_the_end_is_explained():
    with pytest.raises(Problem, match=r"the whole story is in .*talk\.log"):
        manage.quietly("talk", {}, "-c", "print('said'); raise SystemExit(3)")


def test_program_ends_with_the_launcher():
    with manage.running("sleep", {}, "-c", "import time; time.sleep(60)") as program:
        child = program._popen
    assert child.returncode is not None
