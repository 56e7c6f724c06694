"""Compares what arrived with what was acknowledged and committed. Independent of the relay.

Inputs are the clients' own lists of acknowledged steps, the updates committed in PostgreSQL, and the records
of each agency's system in the order of arrival.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


class Tail:
    """The lines of a growing file. A line that was truncated by a kill is ignored."""

    def __init__(self, path: Path) -> None:
        self._path, self._at, self._rest = path, 0, b""

    def new(self) -> list[dict[str, Any]]:
        """Return the lines added since the last call."""
        try:
            with self._path.open("rb") as file:
                file.seek(self._at)
                data = file.read()
        except FileNotFoundError:
            return []
        self._at += len(data)
        *lines, self._rest = (self._rest + data).split(b"\n")
        found = []
        for line in lines:
            try:
                found.append(json.loads(line))
            except ValueError:
                continue
        return found


@dataclass
class Arrivals:
    """The updates that one agency's system received by one channel, in order."""

    kind: str
    lines: list[dict[str, Any]] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    # Duplicates. Allowed on a webhook, where the id identifies them; an error in a stream.
    again: list[str] = field(default_factory=list)

    def add(self, line: dict[str, Any]) -> None:
        if line["id"] in self.ids:
            self.again.append(line["id"])
            return
        self.ids.add(line["id"])
        self.lines.append(line)


class Observer:
    """Reads the records of all agencies."""

    def __init__(self, folder: Path, received: Tail, channels: list[dict[str, Any]]) -> None:
        self._tails = [Tail(folder / "consumed.jsonl"), received]
        self.arrivals = {one["name"]: Arrivals(one["kind"]) for one in channels}
        self.wrong: list[str] = []

    def look(self) -> None:
        """Read new records."""
        for tail in self._tails:
            for line in tail.new():
                if "wrong" in line:
                    self.wrong.append(f"{line['channel']}: {line['wrong']}")
                elif line["channel"] in self.arrivals:
                    self.arrivals[line["channel"]].add(line)


@dataclass
class Verdict:
    """The errors of a round, as counts and as sentences. Without errors there are no sentences."""

    lost: int = 0
    doubled: int = 0
    disordered: int = 0
    stuck: int = 0
    reasons: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        return not self.reasons

    def add(self, reason: str) -> None:
        if len(self.reasons) < 40:
            self.reasons.append(reason)


def acknowledged(folder: Path) -> dict[str, str]:
    """Return the acknowledged tokens with the case's reference."""
    found: dict[str, str] = {}
    for path in sorted(folder.glob("acknowledged-*.jsonl")):
        found |= {line["token"]: line["case"] for line in Tail(path).new()}
    return found


@dataclass(frozen=True)
class Committed:
    """An update committed in PostgreSQL: its token, its referral, and its number in the referral."""

    token: str
    referral: str
    sequence: int


def check(
    observer: Observer, acknowledged: dict[str, str], committed: dict[str, dict[str, Committed]]
) -> Verdict:
    """Return the verdict. ``committed`` holds for each channel the updates it must deliver, by id."""
    verdict = Verdict()
    for name, arrivals in observer.arrivals.items():
        owed = committed[name]
        _lost(verdict, name, arrivals, owed, acknowledged)
        if arrivals.kind in ("stream", "pull"):
            _once(verdict, name, arrivals)
        _ordered(verdict, name, arrivals, owed)
    for sentence in observer.wrong:
        verdict.add(sentence)
    return verdict


def _lost(
    verdict: Verdict,
    name: str,
    arrivals: Arrivals,
    owed: dict[str, Committed],
    acknowledged: dict[str, str],
) -> None:
    missing = owed.keys() - arrivals.ids
    forgotten = acknowledged.keys() - {update.token for update in owed.values()}
    verdict.lost += len(missing) + len(forgotten)
    if missing:
        verdict.add(f"{name}: {len(missing)} of {len(owed)} committed updates never arrived")
    if forgotten:
        verdict.add(f"{name}: {len(forgotten)} acknowledged commits have no update")
    if strange := arrivals.ids - owed.keys():
        verdict.add(f"{name}: {len(strange)} arrived that were never committed")
    if arrivals.kind != "email":
        tokens = {line["token"] for line in arrivals.lines} | {owed[one].token for one in missing}
        if unseen := acknowledged.keys() - tokens - forgotten:
            verdict.lost += len(unseen)
            verdict.add(f"{name}: {len(unseen)} acknowledged commits did not arrive")


def _once(verdict: Verdict, name: str, arrivals: Arrivals) -> None:
    verdict.doubled += len(arrivals.again)
    if arrivals.again:
        verdict.add(f"{name}: {len(arrivals.again)} updates arrived twice")


def _ordered(verdict: Verdict, name: str, arrivals: Arrivals, owed: dict[str, Committed]) -> None:
    """Check that the updates of each referral arrive as 1, 2, 3 …, each number once.

    An e-mail contains neither value, so the committed update with its id is used.
    """
    last: Counter[str] = Counter()
    numbers: dict[tuple[str, int], str] = {}
    for line in arrivals.lines:
        if arrivals.kind != "email":
            referral, sequence = line["ref"], line["seq"]
        elif line["id"] in owed:
            referral, sequence = owed[line["id"]].referral, owed[line["id"]].sequence
        else:
            continue
        other = numbers.setdefault((referral, sequence), line["id"])
        if other != line["id"]:
            verdict.doubled += 1
            verdict.add(f"{name}: {referral} has two updates with the number {sequence}")
        elif sequence < last[referral]:
            verdict.disordered += 1
            verdict.add(f"{name}: {referral} {sequence} came after {last[referral]}")
        last[referral] = max(last[referral], sequence)


def check_stream(
    verdict: Verdict, name: str, entries: list[tuple[str, str]], arrivals: Arrivals
) -> None:
    """Check the final stream: each entry once, and the same entries in the same order as the consumer received."""
    got = [line["id"] for line in arrivals.lines]
    ids = [update for _entry, update in entries]
    if len(set(ids)) != len(ids):
        verdict.doubled += len(ids) - len(set(ids))
        verdict.add(f"{name}: an update is twice in the stream")
    if ids != got:
        verdict.add(f"{name}: the stream holds {len(ids)} entries, the consumer got {len(got)}")
    if [entry for entry, _update in entries] != [f"{n}-0" for n in range(1, len(entries) + 1)]:
        verdict.add(f"{name}: the entries are not 1-0, 2-0, 3-0 …")
