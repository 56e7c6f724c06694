"""Starts everything, runs rounds of faults, waits until the channels are drained, and checks the result."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from dev.processes import marked, stop_all
from tests.faults.actions import Actions
from tests.faults.checker import (
    Committed,
    Observer,
    Tail,
    Verdict,
    acknowledged,
    check,
    check_stream,
)
from tests.faults.portal import WORKERS, Helper, Portal
from tests.faults.rounds import Round
from tests.faults.schedule import ROUTES, Fault
from tests.faults.servers import Database, Redis
from tests.processes import free_port

MARK = "PORTAL_FAULTS_OF"
ROOT = Path(__file__).parents[2]
# Waits of minutes and hours in production, shortened; see docs/reliability.md.
SHORT_WAITS = {
    "LIAISON_RETRY_SECONDS": "0.2",
    "LIAISON_RETRY_MAX_SECONDS": "1",
    "LIAISON_DEAD_AFTER_ATTEMPTS": "30000",
    "LIAISON_PROBE_SECONDS": "0.3",
    "LIAISON_PROBE_MAX_SECONDS": "1",
    "LIAISON_STREAM_RETRY_MAX_SECONDS": "2",
    "WEBHOOK_READ_SECONDS": "1",
}
CLIENTS = 3
CASES = 12
RATE = 2.5
DRAIN_SECONDS = 60.0


class Harness:
    """The servers, the network, the agencies and the fork server. They serve many rounds."""

    def __init__(self, folder: Path, *, schema: str = "") -> None:
        """``schema`` is the URL of a database to copy the tables from. Without it, migrations are run."""
        self.folder, self._schema = folder, schema
        self.database = Database(folder)
        self.broker, self.streams = self._redis("broker"), self._redis("streams")
        self.api_port = free_port()
        self._helpers: list[Helper] = []
        self._clients: dict[str, dict[str, Any]] = {}
        self._generation = 0

    def _redis(self, name: str) -> Redis:
        (self.folder / name).mkdir()
        return Redis(self.folder / name)

    def start(self) -> None:
        """Start everything except the portal's processes."""
        self.cleanup = Helper(
            *("tests.faults.cleanup", MARK, str(self.folder), str(self.database.data)),
            log=self.folder / "cleanup.log",
            environment={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        self.database.start()
        self.broker.start()
        self.streams.start()
        self.receiver = self._help("tests.faults.receiver", str(self.folder))
        message = json.loads(self.receiver.read_line())
        targets = {
            "pg": self.database.port,
            "pg_web0": self.database.port,
            "pg_web1": self.database.port,
            "broker": self.broker.port,
            "broker_web": self.broker.port,
            "streams": self.streams.port,
            "mail": message["mail"],
            "hook0": message["hooks"][0],
            "hook1": message["hooks"][1],
        }
        self.ports = {route: free_port() for route in ROUTES}
        routes = {route: (self.ports[route], targets[route]) for route in ROUTES}
        self.proxy = self._help("tests.faults.proxy", json.dumps(routes))
        self.proxy.read_line()
        if not (self._schema and self.database.copy_schema(self._schema)):
            self._migrate()
        self.forkserver = self._help("tests.faults.forkserver")
        self.forkserver.read_line()
        self.received = Tail(self.folder / "received.jsonl")

    def _help(self, module: str, *arguments: str) -> Helper:
        log = self.folder / f"{module.rpartition('.')[2]}.log"
        helper = Helper(module, *arguments, log=log, environment=self.environment())
        self._helpers.append(helper)
        return helper

    def environment(self) -> dict[str, str]:
        """Return the environment of the portal's processes. They use the proxy once it runs."""
        ports = getattr(self, "ports", {})
        broker = f"redis://127.0.0.1:{ports.get('broker', 1)}/0"
        kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
        return kept | {
            MARK: str(self.folder),
            "PYTHONPATH": str(ROOT),
            "PYTHONUTF8": "1",
            "DJANGO_SETTINGS_MODULE": "alliance.settings",
            "DATABASE_URL": self.database.url(ports.get("pg")),
            "REDIS_URL": broker,
            "CELERY_BROKER_URL": broker,
            "LIAISON_REDIS_URL": f"redis://127.0.0.1:{ports.get('streams', 1)}/0",
            "EMAIL_URL": f"smtp://127.0.0.1:{ports.get('mail', 1)}",
            "EVIDENCE_ROOT": str(self.folder / "evidence"),
            "CELERY_BEAT_SCHEDULE_FILENAME": str(self.folder / "beat"),
            "SECRET_KEY": "of-the-fault-harness-" + "x" * 40,
            "ALLOWED_HOSTS": "127.0.0.1",
            "SECURE_SSL": "0",
            "WEBHOOK_ALLOW_PRIVATE": "1",
            "LOG_FORMAT": "json",
            **SHORT_WAITS,
        }

    def _migrate(self) -> None:
        with (self.folder / "migrate.log").open("wb") as log:
            subprocess.run(
                [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
                cwd=ROOT,
                env=self.environment() | {"DATABASE_URL": self.database.url()},
                stdout=log,
                stderr=log,
                check=True,
            )

    def end(self) -> None:
        """Stop everything and remove all files."""
        for helper in self._helpers:
            with suppress(Exception):
                helper.end()
        stop_all(marked(MARK, str(self.folder)), timeout=0)
        for server in (self.broker, self.streams, self.database):
            with suppress(Exception):
                server.discard()
        if hasattr(self, "cleanup"):
            self.cleanup.end()

    def network(self, route: str, mode: str, delay: float = 0.0) -> None:
        """Change the mode of the network on one route."""
        self.proxy.send(route=route, mode=mode, delay=delay)

    # --- A round -----------------------------------------------------------------------------

    def run(
        self,
        name: str,
        seed: int,
        faults: list[Fault],
        *,
        drain_seconds: float = DRAIN_SECONDS,
        world: str = "full",
        cases: int = CASES,
        seconds: float = 0.0,
        **conditions: Any,
    ) -> Round:
        """Run one round of ``faults`` and check it.

        ``drain_seconds``: the time limit for draining the channels. ``world``: see :mod:`tests.faults.world`.
        ``seconds``: the minimum time of commits. Further ``conditions``: see :meth:`_start_processes`.
        """
        made = Round(name, seed, faults)
        folder = self.folder / name
        folder.mkdir()
        portal = Portal(self.forkserver, folder)
        world_data = self._world(portal, folder, name, channels=world, cases=cases)
        observer = Observer(folder, self.received, world_data["channels"])
        consumers = self._consumers(folder, world_data)
        start = time.monotonic()
        try:
            self._start_processes(
                portal, folder, world_data, seed, small=world != "full", **conditions
            )
            began = time.monotonic()
            keys = [one["key"] for one in world_data["channels"] if one["key"]]
            actions = Actions(self, portal, folder, keys)
            actions.run(faults)
            for route in ROUTES:
                self.network(route, "pass")
            made.done, made.points = dict(actions.done), actions.points_reached()
            time.sleep(max(0.0, began + seconds - time.monotonic()))
            for slot in portal.slots("web"):
                portal.kill(slot)
            made.ended_by_themselves = portal.ended_by_themselves
            self._drain(made, observer, world_data, drain_seconds)
            self._check(made, observer, world_data, folder)
            for sentence in actions.failed:
                made.verdict.add(f"a fault could not be injected: {sentence}")
        finally:
            portal.end()
            consumers.end()
            made.seconds = round(time.monotonic() - start, 1)
        return made

    def _world(
        self, portal: Portal, folder: Path, name: str, *, channels: str, cases: int
    ) -> dict[str, Any]:
        made = folder / "world.json"
        hooks = [f"http://127.0.0.1:{self.ports[f'hook{n}']}/updates" for n in (0, 1)]
        self._generation += 1
        arguments = {"name": name, "generation": self._generation, "hooks": hooks, "to": str(made)}
        arguments |= {"channels": channels, "cases": cases}
        portal.add("world", "world", arguments)
        until = time.monotonic() + 60
        while not made.exists():
            said = (folder / "world.log").read_text() if (folder / "world.log").exists() else ""
            assert "Traceback" not in said, said[-2000:]
            assert time.monotonic() < until, "the world was not made in time"
            time.sleep(0.05)
        world: dict[str, Any] = json.loads(made.read_text())
        by_mail = {one["email"]: one["name"] for one in world["channels"] if one["email"]}
        self.receiver.send(names=by_mail)
        hooked = [one for one in world["channels"] if one["kind"] == "webhook"]
        for hook, one in enumerate(hooked):
            self.receiver.send(hook=hook, name=one["name"], secret=one["shown"])
        return world

    def _consumers(self, folder: Path, world: dict[str, Any]) -> Helper:
        options = {
            "streams": self.streams.port,
            "api": f"http://127.0.0.1:{self.api_port}/api/v1/liaison",
            "notes": str(folder / "consumed.jsonl"),
            "channels": world["channels"],
        }
        log = folder / "consumers.log"
        return Helper(
            "tests.faults.consumers", json.dumps(options), log=log, environment=self.environment()
        )

    def _start_processes(
        self,
        portal: Portal,
        folder: Path,
        world: dict[str, Any],
        seed: int,
        *,
        mutant: str = "",
        sweeps: bool = True,
        small: bool = False,
        clients: int = CLIENTS,
        rate: float = RATE,
        pauses: list[float] | None = None,
        nap: float = 0.0,
    ) -> None:
        """Start workers, beat, API, and ``clients`` that commit ``rate`` steps a second, or one after each of ``pauses``.

        ``mutant`` and ``nap`` are for :mod:`tests.faults.worker_app`. ``small``: one worker of each kind,
        no beat, no API.
        """
        changed = {"FAULTS_MUTANT": mutant, "FAULTS_NO_SWEEP": "" if sweeps else "1"}
        changed["FAULTS_NAP"] = str(nap or "")
        for slot, queues in WORKERS.items():
            if small and slot.endswith("2"):
                continue
            arguments = ["-Q", queues, "--concurrency", "2", "-n", f"{slot}@localhost"]
            portal.add(slot, "worker", arguments, environment=changed)
        if sweeps and not small:
            portal.add("beat", "beat", ["--schedule", str(folder / "beat")])
        if not small:
            binding = ["--bind", f"127.0.0.1:{self.api_port}", "--workers", "1", "--threads", "4"]
            portal.add("api", "gunicorn", [*binding, "--preload"])
        _wait_until_ready([folder / f"{slot}.log" for slot in portal.slots("")])
        for number in range(clients):
            slot = f"web-{number}"
            self._clients[slot] = {
                "seed": seed * 100 + number,
                "acknowledged": str(folder / f"acknowledged-{number}.jsonl"),
                "cases": world["cases"],
                "by": world["moderator"],
                "rate": rate,
                "pauses": pauses,
                # Two routes, like two machines with web processes.
                "database": self.ports[f"pg_web{number % 2}"],
                "broker": self.ports["broker_web"],
            }
            self.restart_client(portal, slot)

    def restart_client(self, portal: Portal, slot: str) -> None:
        """kill -9 a web process and start a new one. It does not reuse tokens."""
        portal.kill(slot)
        self._generation += 1
        known = self._clients[slot]
        name = f"{slot}-{self._generation}-{secrets.token_hex(3)}"
        arguments = {**known, "name": name, "seed": known["seed"] + self._generation}
        portal.add(slot, "client", arguments)

    def _drain(
        self, made: Round, observer: Observer, world: dict[str, Any], drain_seconds: float
    ) -> None:
        start = time.monotonic()
        while time.monotonic() < start + drain_seconds:
            observer.look()
            if self._is_drained(observer, world):
                # Duplicates arrive late, so wait a little longer.
                time.sleep(1)
                made.drained_after = round(time.monotonic() - start, 2)
                return
            time.sleep(0.2)
        made.verdict.stuck = 1

    def _is_drained(self, observer: Observer, world: dict[str, Any]) -> bool:
        sql = "SELECT count(*), count(sent_at) FROM liaison_delivery WHERE channel_id = %s"
        for one in world["channels"]:
            owed, sent = self.database.rows(sql, one["id"])[0]
            if sent < owed or len(observer.arrivals[one["name"]].ids) < owed:
                return False
            if one["kind"] == "stream" and self.streams.client().xlen(one["key"]) < owed:
                return False
        return True

    def _check(self, made: Round, observer: Observer, world: dict[str, Any], folder: Path) -> None:
        observer.look()
        seen = acknowledged(folder)
        committed = {one["name"]: self._owed(one["id"]) for one in world["channels"]}
        stuck = made.verdict.stuck
        made.verdict = verdict = check(observer, seen, committed)
        for one in world["channels"]:
            arrivals = observer.arrivals[one["name"]]
            if one["kind"] == "stream":
                entries = self.streams.client().xrange(one["key"])
                found = [(entry, json.loads(body["update"])["id"]) for entry, body in entries]
                check_stream(verdict, one["name"], found, arrivals)
            made.delivered[one["name"]] = len(arrivals.ids)
            made.repeated[one["name"]] = len(arrivals.again)
        made.acknowledged = len(seen)
        tokens = {update.token for owed in committed.values() for update in owed.values()}
        made.committed = len(tokens - {""})
        if stuck:
            verdict.stuck = self._count_stuck(world, verdict)

    def _owed(self, channel: int) -> dict[str, Committed]:
        sql = """SELECT u.id::text, coalesce(u.payload->>'note', ''),
                        u.payload->'referral'->>'reference', u.sequence
                   FROM liaison_update u
                   JOIN liaison_delivery d ON d.update_id = u.id WHERE d.channel_id = %s"""
        return {row[0]: Committed(*row[1:]) for row in self.database.rows(sql, channel)}

    def _count_stuck(self, world: dict[str, Any], verdict: Verdict) -> int:
        sql = """SELECT count(*), count(*) FILTER (WHERE seq IS NULL), count(dead_at)
                   FROM liaison_delivery WHERE channel_id = %s AND sent_at IS NULL"""
        progress = """SELECT paused_at, failures, lease_until, next_attempt_at, numbered_seq, sent_seq,
                         last_error, now() FROM liaison_channel WHERE id = %s"""
        total = 0
        for one in world["channels"]:
            waiting, unnumbered, dead = self.database.rows(sql, one["id"])[0]
            total += waiting
            if waiting:
                state = [str(value) for value in self.database.rows(progress, one["id"])[0]]
                verdict.add(
                    f"{one['name']}: {waiting} stuck ({unnumbered} without a number, {dead} dead "
                    f"letters); channel {state}"
                )
        verdict.add("the channels were not drained in time")
        return max(total, 1)


def _wait_until_ready(logs: list[Path]) -> None:
    """Wait until the workers among the processes with these ``logs`` accept tasks."""
    workers = [log for log in logs if log.stem in WORKERS]
    until = time.monotonic() + 60
    while not all(log.exists() and " ready." in log.read_text() for log in workers):
        last = [log.read_text()[-500:] for log in workers if log.exists()]
        assert time.monotonic() < until, f"the workers were not ready in time: {last}"
        time.sleep(0.1)


@contextmanager
def harness(*, schema: str = "", keep: Path | None = None) -> Iterator[Harness]:
    """Yield a harness in a temporary folder. The logs are copied to ``keep``, if given."""
    folder = Path(tempfile.mkdtemp(prefix="alliance-faults-"))
    folder.chmod(0o711)
    made = None
    try:
        made = Harness(folder, schema=schema)
        made.start()
        yield made
    finally:
        if made:
            made.end()
        if keep:
            shutil.copytree(folder, keep, dirs_exist_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
