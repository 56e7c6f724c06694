"""The servers of one run: a private PostgreSQL and two private Redis servers."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import sysconfig
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg2
import redis

from dev import accounts, postgres_server
from dev.servers import reachable
from tests.processes import RedisServer, ends_within


class Database:
    """A private PostgreSQL, with ``fsync`` and ``synchronous_commit`` as in production."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._account = accounts.for_servers()
        home = accounts.home(folder / "servers", self._account)
        programs = postgres_server.find_on_machine(None)
        programs = programs or postgres_server.find_in_packages(
            Path(sysconfig.get_paths()["purelib"]), None
        )
        assert programs, "no PostgreSQL was found: run the harness through make"
        self.programs = reachable(programs / "postgres", home, self._account).parent
        self._server = postgres_server.Postgres(
            self.programs, home / "postgres", self._account, folder / "postgres.log"
        )
        self.data = self._server.data
        self.port = 0
        self._owner, self.password = secrets.token_urlsafe(12), secrets.token_urlsafe(12)

    def start(self) -> None:
        """Create the data if there are none, and start on the same port every time."""
        if postgres_server.data_version(self._server.data) is None:
            self._server.create(self._owner, self.password)
        self.port = self._server.start(self.port or None)

    def discard(self) -> None:
        """Stop it and remove its data."""
        self._server.stop()
        accounts.discard(self._folder / "servers")

    def url(self, port: int | None = None) -> str:
        """Return the portal's URL of the database, through a proxy's ``port`` if given."""
        return f"postgres://portal:{self.password}@127.0.0.1:{port or self.port}/portal"

    def rows(self, sql: str, *values: Any, owner: bool = False) -> list[tuple[Any, ...]]:
        """Run a query on a direct connection. Retries while the server restarts."""
        until = time.monotonic() + 30
        while True:
            try:
                return self._rows(sql, values, owner)
            except psycopg2.OperationalError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)

    def _rows(self, sql: str, values: tuple[Any, ...], owner: bool) -> list[tuple[Any, ...]]:
        user, password = ("postgres", self._owner) if owner else ("portal", self.password)
        with closing(
            psycopg2.connect(
                host="127.0.0.1",
                port=self.port,
                dbname="portal",
                user=user,
                password=password,
                connect_timeout=5,
            )
        ) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(sql, values)
                return cursor.fetchall() if cursor.description else []

    def copy_schema(self, source: str) -> bool:
        """Copy the tables of the database at the URL ``source``. Return whether this succeeded."""
        dump = subprocess.run(
            [self.programs / "pg_dump", "--schema-only", "--no-owner", "--no-acl", source],
            capture_output=True,
            check=False,
        )
        if dump.returncode:
            return False
        load = subprocess.run(
            [self.programs / "psql", "-q", "-v", "ON_ERROR_STOP=1", self.url()],
            input=dump.stdout,
            capture_output=True,
            check=False,
        )
        return load.returncode == 0

    def backends(self) -> list[int]:
        """Return the process ids of the sessions of the portal's role."""
        sql = "SELECT pid FROM pg_stat_activity WHERE usename = 'portal' ORDER BY pid"
        return [pid for (pid,) in self.rows(sql, owner=True)]

    def terminate(self, pid: int) -> None:
        """End one session as an administrator would."""
        self.rows("SELECT pg_terminate_backend(%s)", pid, owner=True)

    def crash(self, pid: int) -> None:
        """kill -9 one session. PostgreSQL then ends all others and recovers from its log."""
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def restart(self, *, gently: bool) -> None:
        """Stop the whole server, ``gently`` or as if the machine had failed, and start it again."""
        process, _port, _status = postgres_server.postmaster(self._server.data)
        if process:
            process.signal(signal.SIGINT if gently else signal.SIGQUIT)
            if not ends_within(process, 15):
                process.signal(signal.SIGQUIT)
                ends_within(process, 10)
        self._server.start(self.port)


class Redis(RedisServer):
    """A private Redis that can also restart without its latest data."""

    def client(self) -> redis.Redis:
        """Return a direct connection."""
        return redis.Redis(port=self.port, socket_timeout=5, decode_responses=True)

    def restart(self, pause: float, *, wipe: bool = False) -> None:
        """Kill it, wait, start it again."""
        self.stop(wipe=wipe)
        time.sleep(pause)
        self.start()

    def restart_without_tail(self, pause: float, kept: float) -> None:
        """Kill it, truncate its append-only file to the fraction ``kept``, and start it: the latest data are lost."""
        self.stop()
        for path in [*self.folder.glob("*.aof"), *self.folder.glob("appendonlydir/*.incr.aof")]:
            os.truncate(path, int(path.stat().st_size * kept))
        time.sleep(pause)
        self.start()

    def discard(self) -> None:
        """Stop it and remove its data."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
