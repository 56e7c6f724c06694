"""An agency's system that reads streams and records the arrival of each update. Imports nothing of the portal.

Arguments are the streams' names; ``LIAISON_REDIS_URL`` is the server. Prints ``ready`` when it reads. After a
line on standard input it prints pairs of update id and monotonic nanoseconds, and exits.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time

import redis


def main() -> int:
    """Read until a line arrives on standard input."""
    client = redis.Redis.from_url(os.environ["LIAISON_REDIS_URL"])
    stop = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.readline(), stop.set()), daemon=True).start()
    cursors = {key: _last(client, key) for key in sys.argv[1:]}
    seen: list[tuple[int, bytes]] = []
    print("ready", flush=True)
    while not stop.is_set():
        found = client.xread(cursors, block=200)
        at = time.monotonic_ns()
        for key, entries in found or ():
            cursors[key.decode()] = entries[-1][0]
            seen += [(at, fields[b"update"]) for _entry, fields in entries]
    print(json.dumps([(json.loads(update)["id"], at) for at, update in seen]))
    return 0


def _last(client: redis.Redis, key: str) -> str | bytes:
    """Return the last ID of the stream."""
    return client.xinfo_stream(key)["last-generated-id"] if client.exists(key) else "0-0"


if __name__ == "__main__":
    sys.exit(main())
