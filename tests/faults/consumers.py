"""The agencies' systems: two read a stream, one uses the pull API. They import nothing of the portal.

They work like the consumers in docs/liaison-api.md: they read everything after a cursor of their own, in order.
They record each update as received; the checker evaluates the records.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import redis

PAUSE = 0.1


class Notes:
    """The received updates, one JSON object a line."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", buffering=1)
        self._lock = threading.Lock()

    def add(self, channel: str, entry: str, update: dict[str, Any]) -> None:
        line = {
            "channel": channel,
            "entry": entry,
            "id": update["id"],
            "ref": update["referral"]["reference"],
            "seq": update["sequence"],
            "token": update["note"],
        }
        with self._lock:
            self._file.write(json.dumps(line) + "\n")


def follow(port: int, stream: str, name: str, notes: Notes) -> None:
    """Read a stream forever. The cursor is the last entry's ID and survives every loss of Redis."""
    queue = redis.Redis(port=port, decode_responses=True, socket_timeout=3)
    cursor = "0-0"
    while True:
        try:
            answer: Any = queue.xread({stream: cursor}, count=500, block=500)
        except (redis.RedisError, OSError):
            time.sleep(PAUSE)
            continue
        for _stream, entries in answer:
            for entry, fields in entries:
                notes.add(name, entry, json.loads(fields["update"]))
                cursor = entry


def pull(api: str, token: str, name: str, notes: Notes) -> None:
    """Fetch, record and acknowledge the updates after the cursor, forever."""
    cursor = 0

    def call(path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        request = urllib.request.Request(
            api + path,
            data=None if body is None else json.dumps(body).encode(),
            headers={"authorization": f"Bearer {token}", "content-type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            found: dict[str, Any] = json.load(answer)
            return found

    while True:
        try:
            updates = call(f"/updates?after={cursor}&wait=1")["updates"]
            for row in updates:
                notes.add(name, f"{row['seq']}-0", row["update"])
                cursor = row["seq"]
            if updates:
                call("/ack", {"up_to": cursor})
        except (urllib.error.URLError, OSError, ValueError):
            time.sleep(PAUSE)


def main(options: dict[str, Any]) -> None:
    """Start a thread for each channel of ``options`` and wait for the end of standard input."""
    notes = Notes(Path(options["notes"]))
    jobs: list[tuple[Callable[..., None], tuple[Any, ...]]] = []
    for channel in options["channels"]:
        if channel["kind"] == "stream":
            jobs.append((follow, (options["streams"], channel["key"], channel["name"], notes)))
        if channel["kind"] == "pull":
            jobs.append((pull, (options["api"], channel["shown"], channel["name"], notes)))
    for target, arguments in jobs:
        threading.Thread(target=target, args=arguments, daemon=True).start()
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
