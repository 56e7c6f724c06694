"""A TCP proxy in its own process: a network that can be slow, silent, cut, or lose responses.

Reads one JSON object a line from standard input: ``{"route": …, "mode": …, "delay": seconds}``. Modes:

- ``pass``: no fault
- ``cut``: reset every open connection, then pass
- ``refuse``: reset every open and every new connection
- ``delay``: delay every chunk by about ``delay`` seconds
- ``stall``: deliver nothing until the mode changes, then everything, as TCP does after an outage
- ``lose``: deliver the request, and reset instead of delivering the response
- ``tear``: deliver half a chunk, then reset
"""

from __future__ import annotations

import asyncio
import json
import random
import socket
import struct
import sys
from asyncio import StreamReader, StreamWriter
from dataclasses import dataclass, field

RESET = struct.pack("ii", 1, 0)


@dataclass
class Route:
    """A route with its mode and its open connections."""

    target: int
    mode: str = "pass"
    delay: float = 0.0
    open: set[StreamWriter] = field(default_factory=set)
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    def set(self, mode: str, delay: float) -> None:
        """Change the mode. Modes without connections reset the open ones."""
        self.mode, self.delay = ("pass" if mode == "cut" else mode), delay
        if mode in ("cut", "refuse"):
            self.cut()
        if mode == "stall":
            self.gate.clear()
        else:
            self.gate.set()

    def cut(self) -> None:
        for writer in list(self.open):
            abort(writer)

    async def serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        if self.mode == "refuse":
            abort(writer)
            return
        self.open.add(writer)
        upstream: StreamWriter | None = None
        try:
            answers, upstream = await asyncio.open_connection("127.0.0.1", self.target)
            self.open.add(upstream)
            pumps = [
                asyncio.create_task(self.pump(reader, upstream, answer=False)),
                asyncio.create_task(self.pump(answers, writer, answer=True)),
            ]
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
            for pump in pumps:
                pump.cancel()
        except OSError:
            pass  # the server is down
        finally:
            for end in (writer, upstream):
                if end is not None:
                    self.open.discard(end)
                    end.close()

    async def pump(self, reader: StreamReader, writer: StreamWriter, *, answer: bool) -> None:
        try:
            while data := await reader.read(65536):
                if self.mode == "delay":
                    await asyncio.sleep(self.delay * random.uniform(0.2, 1.8))
                await self.gate.wait()
                if self.mode == "tear":
                    writer.write(data[: len(data) // 2])
                    await writer.drain()
                if self.mode == "tear" or (self.mode == "lose" and answer):
                    abort(writer)
                    return
                writer.write(data)
                await writer.drain()
        except OSError:
            pass  # one side ended; serve() closes the other


def abort(writer: StreamWriter) -> None:
    """Reset a connection."""
    sock: socket.socket | None = writer.get_extra_info("socket")
    if sock is not None and sock.fileno() >= 0:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    writer.transport.abort()


async def main(routes: dict[str, tuple[int, int]]) -> None:
    """Serve ``{name: (port, target)}`` until standard input ends."""
    made: dict[str, Route] = {}
    for name, (port, target) in routes.items():
        made[name] = Route(target)
        made[name].gate.set()
        await asyncio.start_server(made[name].serve, "127.0.0.1", port)
    reader = StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while line := await reader.readline():
        message = json.loads(line)
        made[message["route"]].set(message["mode"], message.get("delay", 0.0))


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
