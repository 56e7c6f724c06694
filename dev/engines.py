"""PostgreSQL and two Redis for the portal: as configured, else private ones from the machine or from pip.

The order is DESIGN's: what DATABASE_URL, REDIS_URL and LIAISON_REDIS_URL name; programs on the machine; the
programs in requirements-embedded.txt. PORTAL_ENGINES=system or =embedded leaves one of the last two out.
"""

import json
import os
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dev import accounts, postgres_server, redis_server, venv
from dev.accounts import Account
from dev.console import Problem, step
from dev.paths import shown
from dev.ports import HOST
from dev.postgres_server import DATABASE, ROLE, Postgres
from dev.processes import Process, marked, stop_all, working_in
from dev.redis_server import Redis

# In the environment of every engine, so that one whose record was lost can still be found.
MARK = "PORTAL_ENGINE_OF"
REDIS_URLS = {"redis": "REDIS_URL", "liaison": "LIAISON_REDIS_URL"}
NO_POSTGRES = (
    "No PostgreSQL 14 or newer can be had here: install one (Debian and Ubuntu: apt install postgresql; "
    "macOS: brew install postgresql), or name one in DATABASE_URL."
)
NO_REDIS = (
    "No Redis 6.2 or newer can be had here: install one (Debian and Ubuntu: apt install redis-server; "
    "macOS: brew install redis; or Valkey), or name two in REDIS_URL and LIAISON_REDIS_URL."
)


def preference(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Where to look for programs, in order. Raises `Problem` for a word it does not know."""
    word = environment.get("PORTAL_ENGINES", "")
    orders = {"": ("system", "embedded"), "system": ("system",), "embedded": ("embedded",)}
    if word not in orders:
        raise Problem(
            f"PORTAL_ENGINES is {word!r}: set it to system or to embedded, or leave it out."
        )
    return orders[word]


@dataclass
class Engines:
    """The private engines of one run folder, with their ports and passwords in its engines.json (mode 600)."""

    run: Path
    careless: bool = False
    state: dict[str, dict[str, Any]] = field(default_factory=dict)
    redis_program: Path | None = None

    def __post_init__(self) -> None:
        try:
            self.state = json.loads(self._memory.read_text())
        except (FileNotFoundError, ValueError):
            self.state = {}

    @property
    def _memory(self) -> Path:
        return self.run / "engines.json"

    @property
    def _logs(self) -> Path:
        folder = self.run / "log"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    def _remember(self, name: str, **facts: Any) -> None:
        self.state.setdefault(name, {}).update(facts)
        fresh = self._memory.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(self.state, indent=1))
        fresh.replace(self._memory)

    def _secret(self, engine: str, name: str) -> str:
        if name not in self.state.get(engine, {}):
            self._remember(engine, **{name: secrets.token_urlsafe(24)})
        return str(self.state[engine][name])

    def start(self, configured: Mapping[str, str]) -> dict[str, str]:
        """Starts what `configured` does not name and returns the URL of each engine. Raises `Problem`."""
        urls: dict[str, str] = {}
        named = [name for name in ("DATABASE_URL", *REDIS_URLS.values()) if configured.get(name)]
        for variable in named:
            with step(variable) as current:
                current.note = f"as configured: {without_secret(configured[variable])}"
        if len(named) == 1 + len(REDIS_URLS):
            return urls
        where = preference(configured)
        account = accounts.for_engines()
        home = accounts.home(self.run / "engines", account)
        if not configured.get("DATABASE_URL"):
            urls["DATABASE_URL"] = self._start_postgres(home, account, where)
        for name, variable in REDIS_URLS.items():
            if not configured.get(variable):
                urls[variable] = self._start_redis(name, home, account, where)
        return urls

    def _start_postgres(self, home: Path, account: Account, where: tuple[str, ...]) -> str:
        data = home / "postgres"
        wanted = postgres_server.data_version(data)
        bin_dir = postgres_server.find_on_machine(wanted) if "system" in where else None
        usable = bin_dir is not None and wanted in (None, _major(bin_dir))
        if not usable and "embedded" in where:
            bin_dir = postgres_server.find_in_packages(_embedded(), wanted) or bin_dir
        if bin_dir is None:
            raise Problem(NO_POSTGRES)
        if wanted not in (None, _major(bin_dir)):
            raise Problem(
                f"The data in {shown(data)} were made by PostgreSQL {wanted}, which is no longer here: "
                "install it again, or start afresh with `make clean`."
            )
        with step("PostgreSQL") as current:
            bin_dir = reachable_postgres(bin_dir, home, account)
            server = Postgres(bin_dir, data, account, self._logs / "postgres.log", self.careless)
            port = self._bring_up(server)
            told = postgres_server.version(bin_dir)
            current.note = f"{told[1] if told else ''} from {shown(bin_dir)}, port {port}"
            if account.options:
                current.note += f", as {account.name}"
            self._remember("postgres", port=port, data=str(data), bin=str(bin_dir))
        password = self._secret("postgres", "password")
        return f"postgres://{ROLE}:{password}@{HOST}:{port}/{DATABASE}"

    def _bring_up(self, server: Postgres) -> int:
        facts = self.state.get("postgres", {})
        if server.major() is None:
            shutil.rmtree(server.data, ignore_errors=True)
            owner = self._secret("postgres", "owner_password")
            server.create(owner, self._secret("postgres", "password"))
        elif "password" not in facts:
            # .run was thrown away but the data lies elsewhere: nobody knows its password any more.
            password = secrets.token_urlsafe(24)
            server.stop()
            server.forget_the_dead()
            server.single_user(server.data, f"ALTER ROLE {ROLE} PASSWORD '{password}';")
            self._remember("postgres", password=password)
        elif port := server.running():
            return port
        return server.start(facts.get("port"))

    def _start_redis(self, name: str, home: Path, account: Account, where: tuple[str, ...]) -> str:
        data = home / name
        program = self._find_redis(where)
        label = "Redis" if name == "redis" else "Redis for the liaison"
        with step(label) as current:
            program = reachable_redis(program, home, account)
            password = self._secret(name, "password")
            server = Redis(
                program, data, account, self._logs / f"{name}.log", durable=name == "liaison"
            )
            facts = self.state[name]
            port = int(facts.get("port", 0))
            process = Process.load(facts.get("process", ""))
            if not (process and process.alive and redis_server.answers(port, password)):
                stop_all(working_in(data), patience=10)
                port, process = server.start(password, port, {MARK: str(self.run)})
            told = ".".join(map(str, redis_server.version(program) or ()))
            current.note = f"{told} from {shown(program)}, port {port}"
            self._remember(name, port=port, process=process.dump())
        return f"redis://:{password}@{HOST}:{port}/0"

    def _find_redis(self, where: tuple[str, ...]) -> Path:
        if self.redis_program is None and "system" in where:
            self.redis_program = redis_server.find_on_machine()
        if self.redis_program is None and "embedded" in where:
            self.redis_program = redis_server.find_in_packages(_embedded())
        if self.redis_program is None:
            raise Problem(NO_REDIS)
        return self.redis_program

    def stop(self) -> bool:
        """Stops every engine of this folder that runs, known or left over. Whether there was any."""
        stopped = False
        facts = self.state.get("postgres", {})
        if "data" in facts:
            data = Path(facts["data"])
            account = accounts.for_engines()
            server = Postgres(Path(facts["bin"]), data, account, self._logs / "postgres.log")
            stopped |= server.stop()
        for name in REDIS_URLS:
            process = Process.load(self.state.get(name, {}).get("process", ""))
            stopped |= bool(process and process.stop())
        leftovers = stop_all(marked(MARK, str(self.run)), patience=10)
        return stopped or leftovers


def without_secret(url: str) -> str:
    """Scheme, host, port and path of a URL, for showing."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _embedded() -> Path:
    """Where the packages of requirements-embedded.txt lie, installed first if they are not."""
    if not venv.stamped(venv.EMBEDDED):
        with step("PostgreSQL and Redis from pip") as current:
            try:
                current.note = venv.ensure(venv.EMBEDDED)
            except Problem as problem:
                current.note = f"not to be had: {problem}"
    return venv.site_packages()


def _major(bin_dir: Path) -> int | None:
    told = postgres_server.version(bin_dir)
    return told[0] if told else None


def reachable_postgres(bin_dir: Path, home: Path, account: Account) -> Path:
    """The folder of programs, copied to where the account can run them if it cannot where they are."""
    if account.can("-x", bin_dir / "postgres"):
        return bin_dir
    tree = bin_dir.parent
    target = home / "programs" / tree.parent.name / tree.name
    if not target.exists():
        # The wheel's shared libraries lie beside its package and are found by that place.
        libraries = tree.parent.with_name(f"{tree.parent.name}.libs")
        if libraries.is_dir():
            _copy(libraries, home / "programs" / libraries.name)
        _copy(tree, target)
    _open(home / "programs")
    return target / "bin"


def reachable_redis(program: Path, home: Path, account: Account) -> Path:
    """The same for Redis, which is a single file."""
    if account.can("-x", program):
        return program
    target = home / "programs" / program.name
    target.parent.mkdir(exist_ok=True)
    if not target.exists():
        shutil.copy(program, target)
    _open(home / "programs")
    return target


def _copy(tree: Path, target: Path) -> None:
    fresh = target.with_name(f"{target.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(tree, fresh, symlinks=True)
    fresh.rename(target)


def _open(folder: Path) -> None:
    for place, _, names in os.walk(folder):
        Path(place).chmod(0o755)
        for name in names:
            path = Path(place, name)
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o555 if os.access(path, os.X_OK) else 0o444))
