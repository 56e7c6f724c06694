"""The launcher's private PostgreSQL and Redis: programs, ports and processes."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from dev import ports, postgres_server, redis_server
from dev.engines import without_secret
from dev.manage import reason
from dev.processes import Process, marked, remembered, working_in


def test_shown_url_has_no_password():
    url = "postgres://user:s3cr@t@db.example:5432/portal?sslmode=require"
    assert without_secret(url) == "postgres://db.example:5432/portal"


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        (
            "Traceback\nx.OperationalError: no server\n\tIs it running?\n",
            "x.OperationalError: no server",
        ),
        ("unknown command\n\n", "unknown command"),
        ("", "it said nothing"),
    ],
)
def test_relevant_line_of_an_error_is_found(output, expected):
    assert reason(output) == expected


@pytest.mark.parametrize(
    ("found", "wanted", "expected"),
    [
        ({"a": 13, "b": 15, "c": 17}, None, "c"),
        ({"a": 15, "b": 17}, 15, "a"),  # the data folder is from version 15
        ({"a": 15, "b": 17}, 16, "b"),  # version 16 is missing: the caller reports that
        ({"a": 13}, None, None),  # too old for Django
        ({}, None, None),
    ],
)
def test_newest_postgresql_is_used_unless_the_data_need_another(found, wanted, expected):
    places = {Path(name): major for name, major in found.items()}
    assert postgres_server.choose(places, wanted) == (Path(expected) if expected else None)


def test_folder_without_all_programs_is_ignored(tmp_path):
    (tmp_path / "postgres").write_text("")
    assert postgres_server.version(tmp_path) is None


def test_postmaster_file_of_a_dead_or_foreign_process_is_ignored(tmp_path):
    lines = ["/data", "1", "5432", "", "127.0.0.1", "1 2", "ready"]
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    for pid in (dead.pid, os.getpid()):
        (tmp_path / "postmaster.pid").write_text("\n".join([str(pid), *lines]))
        assert postgres_server.postmaster(tmp_path) == (None, 0, "")


@pytest.mark.parametrize("text", ["", "12", "12\n/data\nx", "rubbish\n\n\n\n"])
def test_broken_postmaster_file_is_ignored(tmp_path, text):
    (tmp_path / "postmaster.pid").write_text(text)
    assert postgres_server.postmaster(tmp_path) == (None, 0, "")


def test_redis_configuration_quotes_folders_and_persists_only_streams():
    folder = Path('/a "b" \\c')
    broker = redis_server.configuration(1, folder, "secret", durable=False).splitlines()
    liaison = redis_server.configuration(1, folder, "secret", durable=True).splitlines()
    assert 'dir "/a \\"b\\" \\\\c"' in broker
    assert "appendonly no" in broker
    assert "appendonly yes" in liaison
    assert "maxmemory-policy noeviction" in liaison


def test_used_port_is_skipped():
    with socket.socket() as taken:
        taken.bind((ports.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert not ports.is_free(port)
        assert ports.next_free(port) not in (port, None)
        assert ports.next_free(port, tries=1) is None
        assert ports.any_free(port) != port


def test_port_used_on_ipv6_only_is_not_free():
    with socket.socket(socket.AF_INET6) as taken:
        try:
            taken.bind(("::1", 0))
        except OSError:
            pytest.skip("no IPv6 on this machine")
        taken.listen()
        assert not ports.is_free(taken.getsockname()[1])


def test_process_is_identified_by_pid_and_start_time(tmp_path):
    ours = Process.of(os.getpid())
    assert ours.alive
    assert Process.load(ours.dump()) == ours
    impostor = Process(os.getpid(), "another time")
    assert not impostor.alive
    assert not impostor.stop()
    (tmp_path / "pid").write_text(impostor.dump())
    assert remembered(tmp_path / "pid") is None
    (tmp_path / "pid").write_text("rubbish")
    assert remembered(tmp_path / "pid") is None


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="the system has no /proc")
def test_lost_process_is_found_and_stopped(tmp_path):
    child = subprocess.Popen(
        [sys.executable, "-c", "import time; print(1, flush=True); time.sleep(60)"],
        env={"LAUNCHER_TEST": str(tmp_path)},
        cwd=tmp_path,
        stdout=subprocess.PIPE,
    )
    assert child.stdout is not None
    with child.stdout:
        child.stdout.readline()
        process = Process.of(child.pid)
        assert marked("LAUNCHER_TEST", str(tmp_path)) == [process]
        assert working_in(tmp_path.resolve()) == [process]
        assert process.stop()
        assert not process.alive  # a zombie does not count
    assert child.wait() == -signal.SIGTERM
