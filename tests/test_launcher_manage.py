"""Programs that the launcher runs: their parts, their logs and their failures."""

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


def test_a_program_tells_of_its_parts(tmp_path):
    with manage.running("talk", {}, "-c", TALKER) as program:
        assert program.part() == "first note"
        assert program.part() == ""
        assert program.rest() == "the rest\n"
    assert (tmp_path / "talk.log").read_text().startswith("working\n")


def test_a_program_that_fails_before_its_part_is_done_gets_a_sentence():
    with (
        manage.running("talk", {}, "-c", "raise ValueError('of its own')") as program,
        pytest.raises(Problem, match=r"talk failed \(ValueError: of its own\)"),
    ):
        program.part()


def test_a_program_that_fails_at_its_end_gets_a_sentence():
    with pytest.raises(Problem, match=r"the whole story is in .*talk\.log"):
        manage.quietly("talk", {}, "-c", "print('said'); raise SystemExit(3)")


def test_a_program_does_not_outlive_the_launcher():
    with manage.running("sleep", {}, "-c", "import time; time.sleep(60)") as program:
        child = program._popen
    assert child.returncode is not None
