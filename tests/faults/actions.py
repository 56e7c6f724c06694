"""Injects faults. Each method is a kind of fault and takes the parameters that the schedule chose."""

from __future__ import annotations

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from cases.liaison.delivery.crash_points import POINTS, PUSH_POINTS
from dev.processes import Process
from tests.faults.portal import children, freeze, kill, kill_group, thaw
from tests.faults.schedule import Fault

if TYPE_CHECKING:
    from tests.faults.harness import Harness
    from tests.faults.portal import Portal

POINT_SECONDS = 8.0


class Actions:
    """Faults on one round's processes. They overlap, but two never on the same server or route."""

    def __init__(self, harness: Harness, portal: Portal, folder: Path, streams: list[str]) -> None:
        self.harness, self.portal, self.folder, self.streams = harness, portal, folder, streams
        self.done: Counter[str] = Counter()
        self.failed: list[str] = []
        self._passed: set[Path] = set()
        self._locks: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()

    def run(self, faults: list[Fault]) -> None:
        """Inject all faults, each at its time. Return after the last one has ended."""
        start = time.monotonic()
        with ThreadPoolExecutor(24) as threads:
            for fault in faults:
                time.sleep(max(0.0, start + fault.at - time.monotonic()))
                threads.submit(self._inject, fault)

    def _reached(self, marker: Path) -> bool:
        """Wait until a worker reaches the point. If none does in time, disarm the point."""
        until = time.monotonic() + POINT_SECONDS
        while not marker.exists():
            if time.monotonic() > until:
                self._disarm(marker)
                return False
            time.sleep(0.05)
        return True

    def _disarm(self, marker: Path) -> None:
        try:
            marker.touch(exist_ok=False)
            self._passed.add(marker)
        except FileExistsError:
            pass  # a worker reached it first

    def _inject(self, fault: Fault) -> None:
        try:
            getattr(self, fault.kind)(**fault.values)
        except Exception as error:  # noqa: BLE001  (a fault that could not be injected fails the round)
            self.failed.append(f"{fault.kind}: {type(error).__name__}: {error}"[:300])
        name = fault.kind
        if (
            detail := fault.values.get("mode")
            or fault.values.get("how")
            or fault.values.get("point")
        ):
            name += f": {detail}"
        with self._guard:
            self.done[name] += 1

    def _lock(self, name: str) -> threading.Lock:
        with self._guard:
            return self._locks.setdefault(name, threading.Lock())

    def points_reached(self) -> dict[str, int]:
        """Return how many workers stopped at each crash point, by their marker files."""
        reached = {*self.folder.glob("*.* at *")} - self._passed
        return dict(Counter(path.suffix[1:] for path in reached))

    # --- Processes ---------------------------------------------------------------------------

    def pool_process_killed(self, slot: str, pick: int) -> None:
        kill(self.portal.child(slot, pick))

    def worker_killed(self, slot: str, pick: int) -> None:
        with self._lock(slot):
            self.portal.restart(slot)

    def worker_killed_alone(self, slot: str, pick: int) -> None:
        """Kill the worker only. Its pool processes continue as orphans for a while."""
        with self._lock(slot):
            pid = self.portal.kill(slot, alone=True)
            self.portal.start(slot)
        time.sleep(3)
        kill_group(pid)

    def pool_process_frozen(self, slot: str, pick: int, seconds: float) -> None:
        process = freeze(self.portal.child(slot, pick), group=False)
        time.sleep(seconds)
        thaw(process, group=False)

    def worker_frozen(self, slot: str, pick: int, seconds: float) -> None:
        process = freeze(self.portal.pid(slot), group=True)
        time.sleep(seconds)
        thaw(process, group=True)

    def crash_point(self, point: str) -> None:
        """Arm all workers of the kind. The first one that reaches the point is killed there."""
        marker = self.folder / f"{time.monotonic_ns()}.killed at {point}"
        slots = self.portal.slots("hook" if point in PUSH_POINTS else "stream")
        locks = [self._lock(slot) for slot in slots]
        for lock in locks:
            lock.acquire()
        try:
            for slot in slots:
                self.portal.restart(slot, LIAISON_FAULT_AT=point, LIAISON_FAULT_ONCE=str(marker))
        finally:
            for lock in locks:
                lock.release()
        self._reached(marker)

    def zombie_at_point(self, slot: str, pick: int, seconds: float) -> None:
        """Freeze a pool process at a crash point until its lease has expired, then let it continue."""
        points = PUSH_POINTS if slot.startswith("hook") else POINTS
        point = points[pick % len(points)]
        marker = self.folder / f"{time.monotonic_ns()}.frozen at {point}"
        with self._lock(slot):
            self.portal.restart(
                slot,
                LIAISON_FAULT_AT=point,
                LIAISON_FAULT_ONCE=str(marker),
                LIAISON_FAULT_SIGNAL="SIGSTOP",
            )
            process = Process.of(self.portal.pid(slot))
        if self._reached(marker):
            time.sleep(seconds)
            thaw(process, group=True)

    def beat_killed(self, seconds: float) -> None:
        with self._lock("beat"):
            self.portal.kill("beat")
            time.sleep(seconds)
            self.portal.start("beat")

    def web_killed(self, pick: int) -> None:
        slots = self.portal.slots("web")
        slot = slots[pick % len(slots)]
        with self._lock(slot):
            self.harness.restart_client(self.portal, slot)

    def api_killed(self, seconds: float) -> None:
        with self._lock("api"):
            for child in children(self.portal.pid("api")):
                kill(child)
            self.portal.kill("api")
            time.sleep(seconds)
            self.portal.start("api")

    # --- Servers -----------------------------------------------------------------------------

    def broker_restarted(self, seconds: float) -> None:
        with self._lock("broker"):
            self.harness.broker.restart(seconds)

    def broker_restarted_empty(self, seconds: float) -> None:
        with self._lock("broker"):
            self.harness.broker.restart(seconds, wipe=True)

    def broker_wiped(self) -> None:
        with self._lock("broker"):
            self.harness.broker.client().flushall()

    def streams_restarted(self, seconds: float) -> None:
        with self._lock("streams"):
            self.harness.streams.restart(seconds)

    def streams_wiped(self, how: str, seconds: float) -> None:
        streams = self.harness.streams
        with self._lock("streams"):
            if how == "flush":
                streams.client().flushall()
            elif how == "one_stream":
                streams.client().delete(self.streams[int(seconds * 100) % len(self.streams)])
            elif how == "restart":
                streams.restart(seconds, wipe=True)
            else:
                streams.restart_without_tail(seconds / 2, kept=seconds)

    def session_ended(self, pick: int) -> None:
        with self._lock("postgres"):
            for pid in self._backend(pick):
                self.harness.database.terminate(pid)

    def postgres_crashed(self, pick: int) -> None:
        with self._lock("postgres"):
            for pid in self._backend(pick):
                self.harness.database.crash(pid)
            time.sleep(0.3)
            self.harness.database.rows("SELECT 1")

    def postgres_restarted(self, *, gently: bool) -> None:
        with self._lock("postgres"):
            self.harness.database.restart(gently=gently)

    def _backend(self, pick: int) -> list[int]:
        found = self.harness.database.backends()
        return [found[pick % len(found)]] if found else []

    # --- Network -----------------------------------------------------------------------------

    def network_cut(self, route: str, seconds: float) -> None:
        with self._lock(route):
            self.harness.network(route, "cut")

    def network_refuses(self, route: str, seconds: float) -> None:
        self._network(route, "refuse", seconds)

    def network_slow(self, route: str, seconds: float, delay: float) -> None:
        self._network(route, "delay", seconds, delay)

    def network_stalls(self, route: str, seconds: float) -> None:
        self._network(route, "stall", seconds)

    def answers_lost(self, route: str, seconds: float) -> None:
        self._network(route, "lose", seconds)

    def answers_torn(self, route: str, seconds: float) -> None:
        self._network(route, "tear", seconds)

    def _network(self, route: str, mode: str, seconds: float, delay: float = 0.0) -> None:
        with self._lock(route):
            self.harness.network(route, mode, delay)
            time.sleep(seconds)
            self.harness.network(route, "pass")

    def webhook_misbehaves(self, hook: int, mode: str, seconds: float, *, keeps: bool) -> None:
        with self._lock(f"answers{hook}"):
            self.harness.receiver.send(hook=hook, mode=mode, keeps=keeps)
            time.sleep(seconds)
            self.harness.receiver.send(hook=hook, mode="ok")
