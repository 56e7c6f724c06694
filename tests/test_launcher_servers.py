"""The launcher's private servers: their programs, ports and processes."""

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
import redis

from dev import accounts, configuration, ports, postgres_server, programs, redis_server
from dev.console import Problem
from dev.processes import Process, marked, recorded, working_in
from dev.programs import reason
from dev.servers import Servers, reachable, without_secret


def program(path, script):
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def test_a_printed_url_has_no_secret():
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
        (
            "ERROR: No matching distribution\nnotice: a newer pip\n",
            "ERROR: No matching distribution",
        ),
        ("FATAL:  data directory is locked\nLOG:  bye\n", "FATAL:  data directory is locked"),
        ("", "no output"),
    ],
)
def test_the_line_that_explains_a_failure_is_picked(output, expected):
    assert reason(output) == expected


@pytest.mark.parametrize(
    ("found", "wanted", "expected"),
    [
        ({"a": 13, "b": 15, "c": 17}, None, "c"),
        ({"a": 15, "b": 17}, 15, "a"),  # 15 created the data
        ({"a": 15, "b": 17}, 16, "b"),  # not installed any more: the caller reports it
        ({"a": 13}, None, None),  # too old for Django
        ({}, None, None),
    ],
)
def test_the_newest_postgresql_is_used_unless_the_data_needs_another(found, wanted, expected):
    places = {Path(name): major for name, major in found.items()}
    assert postgres_server.choose(places, wanted) == (Path(expected) if expected else None)


def test_folder_without_all_programs_is_ignored(tmp_path):
    program(tmp_path / "postgres", "echo 'postgres (PostgreSQL) 16.4 (Debian 16.4-1)'")
    assert postgres_server.version(tmp_path) == ()
    for name in ("initdb", "pg_ctl"):
        (tmp_path / name).touch()
    assert postgres_server.version(tmp_path) == (16, 4)


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("echo Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64", (7, 0, 15)),
        ("echo 'postgres (PostgreSQL) 18beta1'", (18,)),
        ("echo 7.0; exit 1", ()),
    ],
)
def test_the_version_of_a_program_is_read(tmp_path, script, expected):
    program(tmp_path / "server", script)
    assert programs.version(tmp_path / "server") == expected
    assert programs.version(tmp_path / "none") == ()


def test_a_postmaster_file_of_a_dead_or_other_process_is_ignored(tmp_path):
    lines = ["/data", "1", "5432", "", "127.0.0.1", "1 2", "ready"]
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    for pid in (dead.pid, os.getpid()):
        (tmp_path / "postmaster.pid").write_text("\n".join([str(pid), *lines]))
        assert postgres_server.postmaster(tmp_path) == (None, 0, "")


@pytest.mark.parametrize("text", ["", "12", "12\n/data\nx", "rubbish\n\n\n\n"])
def test_a_broken_postmaster_file_is_ignored(tmp_path, text):
    (tmp_path / "postmaster.pid").write_text(text)
    assert postgres_server.postmaster(tmp_path) == (None, 0, "")


def test_redis_accepts_any_folder_name_and_only_the_streams_are_durable():
    folder = Path('/a "b" \\c')
    broker = redis_server.configuration(1, folder, "secret", durable=False).splitlines()
    liaison = redis_server.configuration(1, folder, "secret", durable=True).splitlines()
    assert 'dir "/a \\"b\\" \\\\c"' in broker
    assert "appendonly no" in broker
    assert "appendonly yes" in liaison
    assert "maxmemory-policy noeviction" in liaison


def test_a_taken_port_is_skipped():
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
    assert recorded(tmp_path / "pid") is None
    (tmp_path / "pid").write_text("rubbish")
    assert recorded(tmp_path / "pid") is None
    assert recorded(tmp_path / "none") is None
    (tmp_path / "pid").write_text(ours.dump())
    assert recorded(tmp_path / "pid") == ours


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


@pytest.fixture
def run_folder():
    """A run folder as `make test` has it: the servers' account can pass through its parents."""
    folder = Path(tempfile.mkdtemp(prefix="launcher-", dir="/tmp"))
    folder.chmod(0o711)
    yield folder
    Servers(folder).stop()
    accounts.discard(folder / "servers")
    shutil.rmtree(folder)


def test_private_servers_keep_their_data_and_leave_no_process(run_folder, capsys):
    system = {"PORTAL_SERVERS": "system"}
    try:
        urls = Servers(run_folder, fsync=False).start(system)
    except Problem as problem:
        pytest.skip(str(problem))
    assert "as configured" not in capsys.readouterr().out
    assert stat.S_IMODE((run_folder / "servers.json").stat().st_mode) == 0o600
    with (
        closing(psycopg2.connect(urls["DATABASE_URL"])) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "CREATE TABLE kept (number int); SELECT rolsuper FROM pg_roles WHERE rolname = 'portal'"
        )
        assert cursor.fetchall() == [(False,)]
        connection.commit()
    redis.Redis.from_url(urls["LIAISON_REDIS_URL"]).set("kept", "yes")

    assert (
        Servers(run_folder, fsync=False).start(system) == urls
    )  # running: nothing is started again
    processes = marked("PORTAL_SERVER_OF", str(run_folder))
    server, _, _ = postgres_server.postmaster(Path(Servers(run_folder).state["postgres"]["data"]))
    assert Servers(run_folder).stop()
    assert server is not None
    assert not server.alive
    assert not any(process.alive for process in processes)
    assert not Servers(run_folder).stop()

    state = Servers(run_folder)._file
    state.write_text("{}")  # the passwords are lost, the data is not
    again = Servers(run_folder, fsync=False).start(system)
    with (
        closing(psycopg2.connect(again["DATABASE_URL"])) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT count(*) FROM kept")
        assert cursor.fetchall() == [(0,)]
    assert redis.Redis.from_url(again["LIAISON_REDIS_URL"]).get("kept") == b"yes"


def test_a_configured_server_is_not_started_and_its_password_not_printed(tmp_path, capsys):
    urls = {name: f"x://user:s3cret@{name.lower()}.example/1" for name in configuration.URLS}
    assert Servers(tmp_path).start(urls) == {}
    printed = capsys.readouterr().out
    assert printed.count("as configured") == 3
    assert "s3cret" not in printed


def test_a_program_in_a_closed_folder_is_copied_with_its_package(tmp_path):
    packages = tmp_path / "lib" / "site-packages"
    (packages / "package" / "bin").mkdir(parents=True)
    (packages / "package.libs").mkdir()
    (packages / "package.libs" / "libx.so").touch(mode=0o600)
    program(packages / "package" / "bin" / "server", "echo 1.0")
    home = tmp_path / "home"

    class Stranger(accounts.Account):
        def can(self, test, path):
            return home in path.parents

    stranger = Stranger("stranger", 1, 1)
    copy = reachable(packages / "package" / "bin" / "server", home, stranger)
    assert copy == home / "programs" / "package" / "bin" / "server"
    assert programs.version(copy) == (1, 0)
    assert (home / "programs" / "package.libs" / "libx.so").stat().st_mode & 0o444 == 0o444
    assert reachable(Path("/usr/bin/env"), home, stranger) == Path("/usr/bin/env")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the servers as another account")
def test_data_is_outside_a_checkout_that_the_account_cannot_reach(tmp_path, monkeypatch):
    account = accounts.for_servers()
    assert account.uid != 0
    closed, reachable_by_all = tmp_path / "root", Path(tempfile.mkdtemp(dir="/tmp"))
    closed.mkdir(mode=0o700)
    reachable_by_all.chmod(0o711)
    elsewhere = reachable_by_all / "alliance-portal-test" / "run"
    monkeypatch.setattr(accounts, "outside", lambda inside: elsewhere)
    try:
        inside = closed / ".run" / "servers"
        assert accounts.home(inside, account) == elsewhere
        assert (elsewhere.stat().st_uid, stat.S_IMODE(elsewhere.stat().st_mode)) == (
            account.uid,
            0o700,
        )
        assert not inside.exists()
        accounts.discard(inside)
        assert not elsewhere.parent.exists()
        monkeypatch.setattr(accounts, "outside", lambda inside: closed / "other" / "run")
        with pytest.raises(Problem, match="No data can be stored"):
            accounts.home(inside, account)
    finally:
        shutil.rmtree(reachable_by_all)
