"""PostgreSQL and two Redis servers: as configured, else private ones from the machine's programs or from pip.

The sources are tried in this order: DATABASE_URL, REDIS_URL and LIAISON_REDIS_URL; the programs on the machine;
the programs of requirements-embedded.txt. PORTAL_SERVERS selects one of the last two: system or embedded.
"""

import json
import secrets
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dev import accounts, postgres_server, programs, redis_server, venv
from dev.accounts import Account
from dev.console import Problem, say, step
from dev.paths import relative
from dev.ports import HOST
from dev.postgres_server import DATABASE, ROLE, Postgres
from dev.processes import Process, marked, stop_all, working_in
from dev.redis_server import Redis

# Set in the environment of every server and test worker, to find a process whose record was lost.
MARK = "PORTAL_SERVER_OF"
REDIS_URLS = {"redis": "REDIS_URL", "liaison": "LIAISON_REDIS_URL"}
NO_POSTGRES = (
    "No PostgreSQL 14 or newer was found. Install one (Debian and Ubuntu: apt install postgresql; "
    "macOS: brew install postgresql), or name one in DATABASE_URL."
)
NO_REDIS = (
    "No Redis 6.2 or newer was found. Install one (Debian and Ubuntu: apt install redis-server; "
    "macOS: brew install redis; or Valkey), or name two in REDIS_URL and LIAISON_REDIS_URL."
)


def sources(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return where to look for programs, in order. Raises `Problem` for an unknown PORTAL_SERVERS."""
    word = environment.get("PORTAL_SERVERS", "")
    if word not in ("", "system", "embedded"):
        raise Problem(f"PORTAL_SERVERS is {word!r}. Set it to system or embedded, or unset it.")
    return (word,) if word else ("system", "embedded")


class Servers:
    """The private servers of one run folder. Its servers.json (mode 600) has their ports and passwords."""

    def __init__(self, run: Path, *, fsync: bool = True) -> None:
        self.run, self.fsync = run, fsync
        self._file, self._logs = run / "servers.json", run / "log"
        self._logs.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.state: dict[str, dict[str, Any]] = {}
        if self._file.exists():
            self.state = json.loads(self._file.read_text())

    def _record(self, name: str, **facts: Any) -> None:
        self.state.setdefault(name, {}).update(facts)
        fresh = self._file.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(self.state, indent=1))
        fresh.replace(self._file)

    def _secret(self, server: str, name: str) -> str:
        if name not in self.state.get(server, {}):
            self._record(server, **{name: secrets.token_urlsafe(24)})
        return str(self.state[server][name])

    def start(self, configured: Mapping[str, str]) -> dict[str, str]:
        """Start the servers that `configured` does not name, and return their URLs. Raises `Problem`."""
        variables = ("DATABASE_URL", *REDIS_URLS.values())
        for variable in variables:
            if url := configured.get(variable):
                with step(variable) as current:
                    current.note = f"as configured: {without_secret(url)}"
        if all(configured.get(variable) for variable in variables):
            return {}
        where = sources(configured)
        account = accounts.for_servers()
        home = accounts.home(self.run / "servers", account)
        urls: dict[str, str] = {}
        if not configured.get("DATABASE_URL"):
            urls["DATABASE_URL"] = self._start_postgres(home, account, where)
        missing = [name for name, variable in REDIS_URLS.items() if not configured.get(variable)]
        program = reachable(_find_redis(account, where), home, account) if missing else Path()
        for name in missing:
            urls[REDIS_URLS[name]] = self._start_redis(name, program, home, account)
        return urls

    def _start_postgres(self, home: Path, account: Account, where: tuple[str, ...]) -> str:
        data = home / "postgres"
        bin_dir = _find_postgres(data, account, where)
        with step("PostgreSQL") as current:
            bin_dir = reachable(bin_dir / "postgres", home, account).parent
            server = Postgres(bin_dir, data, account, self._logs / "postgres.log", self.fsync)
            port = self._start_server(server)
            current.note = _description(bin_dir / "postgres", port, account)
            self._record("postgres", port=port, data=str(data), bin=str(bin_dir))
        password = self._secret("postgres", "password")
        return f"postgres://{ROLE}:{password}@{HOST}:{port}/{DATABASE}"

    def _start_server(self, server: Postgres) -> int:
        facts = self.state.get("postgres", {})
        if postgres_server.data_version(server.data) is None:
            shutil.rmtree(server.data, ignore_errors=True)
            owner = self._secret("postgres", "owner_password")
            server.create(owner, self._secret("postgres", "password"))
        elif "password" not in facts:
            # .run was deleted but the data is outside of it: set a new password.
            server.stop()
            server.remove_stale_pid_file()
            password = secrets.token_urlsafe(24)
            server.single_user(server.data, f"ALTER ROLE {ROLE} PASSWORD '{password}';")
            self._record("postgres", password=password)
        elif port := server.running():
            return port
        return server.start(facts.get("port"))

    def _start_redis(self, name: str, program: Path, home: Path, account: Account) -> str:
        data, password = home / name, self._secret(name, "password")
        with step("Redis" if name == "redis" else "Redis for the liaison") as current:
            durable = name == "liaison"
            server = Redis(program, data, account, self._logs / f"{name}.log", durable)
            port = int(self.state[name].get("port", 0))
            process = Process.load(self.state[name].get("process", ""))
            if not (process and process.alive and redis_server.answers(port, password)):
                stop_all(working_in(data), timeout=10)
                port, process = server.start(password, port, {MARK: str(self.run)})
            current.note = _description(program, port, account)
            self._record(name, port=port, process=process.dump())
        return f"redis://:{password}@{HOST}:{port}/0"

    def stop(self) -> bool:
        """Stop every server and test worker of this folder. Return whether there was any."""
        stopped = False
        facts = self.state.get("postgres", {})
        if "data" in facts:
            places = Path(facts["bin"]), Path(facts["data"])
            server = Postgres(*places, accounts.for_servers(), self._logs / "postgres.log")
            stopped |= server.stop()
        for name in REDIS_URLS:
            process = Process.load(self.state.get(name, {}).get("process", ""))
            stopped |= bool(process and process.stop())
        return stop_all(marked(MARK, str(self.run)), timeout=10) or stopped


def without_secret(url: str) -> str:
    """Return scheme, host, port and path of a URL, for messages."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _description(program: Path, port: int, account: Account) -> str:
    number = ".".join(map(str, programs.version(program)))
    user = f", as {account.name}" if account.options else ""
    return f"{number} from {relative(program.parent)}, port {port}{user}"


def _packages() -> Path:
    """Install requirements-embedded.txt if possible. Return the folder of packages."""
    if not venv.stamped(venv.EMBEDDED):
        try:
            venv.install(venv.EMBEDDED, label="PostgreSQL and Redis from pip")
        except Problem as problem:
            say(f"  {problem}")
    return venv.site_packages()


def _find_postgres(data: Path, account: Account, where: tuple[str, ...]) -> Path:
    wanted = postgres_server.data_version(data)
    found = postgres_server.find_on_machine(wanted) if "system" in where else None
    if found and not account.can("-x", found / "postgres"):
        found = None
    usable = found and wanted in (None, postgres_server.version(found)[0])
    if not usable and "embedded" in where:
        found = postgres_server.find_in_packages(_packages(), wanted) or found
    if found is None:
        raise Problem(NO_POSTGRES)
    if wanted not in (None, postgres_server.version(found)[0]):
        raise Problem(
            f"PostgreSQL {wanted}, which created the data in {relative(data)}, is not installed any more. "
            "Install it, or delete the data with `make clean`."
        )
    return found


def _find_redis(account: Account, where: tuple[str, ...]) -> Path:
    found = redis_server.find_on_machine() if "system" in where else None
    if found and not account.can("-x", found):
        found = None
    if found is None and "embedded" in where:
        found = redis_server.find_in_packages(_packages())
    if found is None:
        raise Problem(NO_REDIS)
    return found


def reachable(program: Path, home: Path, account: Account) -> Path:
    """Return the program, or a copy of its package in `home` if the account cannot run it."""
    packages = [path for path in program.parents if path.parent.name == "site-packages"]
    if not packages or account.can("-x", program):
        return program
    package, copies = packages[0], home / "programs"
    # A wheel keeps shared libraries beside the package, in a folder with the suffix .libs.
    for source in (package, package.with_name(f"{package.name}.libs")):
        target = copies / source.name
        if source.is_dir() and not target.exists():
            fresh = target.with_name(f"{target.name}.new")
            shutil.rmtree(fresh, ignore_errors=True)
            shutil.copytree(source, fresh, symlinks=True)
            fresh.rename(target)
    subprocess.run(["chmod", "-R", "a+rX", copies], check=True)
    return copies / program.relative_to(package.parent)
