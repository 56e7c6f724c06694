"""The agencies' own systems: two that follow a stream, one that asks by the pull API. Nothing of the portal here.

They work as the consumers in docs/liaison-api.md do: a cursor of their own, everything after it, in
order. What they got is written down as it came; the judge says what that means.
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
    """What came, one JSON object a line."""

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
    """Read a stream for good. The cursor is the last entry's ID and outlives every Redis."""
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
    """Ask for what comes after the cursor, keep it, acknowledge it, for good."""
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


def main(told: dict[str, Any]) -> None:
    """Start a thread for each channel of ``told`` and wait for the end of standard input."""
    notes = Notes(Path(told["notes"]))
    works: list[tuple[Callable[..., None], tuple[Any, ...]]] = []
    for channel in told["channels"]:
        if channel["kind"] == "stream":
            works.append((follow, (told["streams"], channel["key"], channel["name"], notes)))
        if channel["kind"] == "pull":
            works.append((pull, (told["api"], channel["shown"], channel["name"], notes)))
    for work, arguments in works:
        threading.Thread(target=work, args=arguments, daemon=True).start()
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
