"""An agency's web server for tests: real sockets, real HTTP, and configurable misbehaviour."""

from __future__ import annotations

import json
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


@dataclass(frozen=True)
class Call:
    """One received request."""

    at: float
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def data(self) -> dict[str, Any]:
        data: dict[str, Any] = json.loads(self.body)["data"]
        return data


Answer = Callable[["_Handler"], None]


def status(code: int, body: bytes = b"", **headers: str) -> Answer:
    """Respond with ``code``. Underscores in names of ``headers`` become hyphens."""

    def answer(handler: _Handler) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("content-length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def silence(seconds: float) -> Answer:
    """Send nothing for ``seconds``, then close the connection."""

    def answer(handler: _Handler) -> None:
        handler.receiver.closing.wait(seconds)
        handler.close_connection = True

    return answer


def reset(handler: _Handler) -> None:
    """Reset the connection."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()
    handler.close_connection = True


def endless(handler: _Handler) -> None:
    """Respond 200 with an endless body."""
    handler.send_response(200)
    handler.end_headers()
    handler.close_connection = True
    while not handler.receiver.closing.is_set():
        handler.wfile.write(b"x" * 65536)


def dripping(handler: _Handler) -> None:
    """Send an endless header a byte at a time: each read succeeds, the response never ends."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nx-slow: ")
    handler.close_connection = True
    while not handler.receiver.closing.wait(0.05):
        handler.wfile.write(b"z")


DRIPS = (
    "HTTP/1.1 200 OK\r\ncontent-length: 60000\r\n\r\n",
    "HTTP/1.1 200 OK\r\ncontent-length: 60000\r\nconnection: close\r\n\r\n",
    "HTTP/1.0 200 OK\r\n\r\n",
)


def dripping_body(head: str) -> Answer:
    """Respond 200 with a body that is sent a byte at a time."""

    def answer(handler: _Handler) -> None:
        handler.wfile.write(head.encode())
        handler.close_connection = True
        while not handler.receiver.closing.wait(0.05):
            handler.wfile.write(b"z")

    return answer


def broken_off(handler: _Handler) -> None:
    """Respond 200 and close the connection within the headers: the update may not be stored."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nx-ha")
    handler.close_connection = True


def garbage(handler: _Handler) -> None:
    """Send something that is not HTTP."""
    handler.wfile.write(b"\x00\x01 hello\r\n\r\n")
    handler.close_connection = True


@dataclass
class Receiver:
    """Records every call. Responds with ``answer``, which can change at any time, or by ``decide``."""

    answer: Answer | None = None
    decide: Callable[[Call], Answer] | None = None
    calls: list[Call] = field(default_factory=list)
    # The client ports of the calls.
    connections: set[int] = field(default_factory=set)
    closing: threading.Event = field(default_factory=threading.Event)
    most_at_once: int = 0
    # The TLS context of the server; plain HTTP without it.
    tls: ssl.SSLContext | None = None
    _open: int = 0

    def __enter__(self) -> Self:
        handler = type("Handler", (_Handler,), {"receiver": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        if self.tls:
            self._server.socket = self.tls.wrap_socket(self._server.socket, server_side=True)
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]
        self._lock = threading.Lock()
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        scheme = "https" if self.tls else "http"
        return f"{scheme}://127.0.0.1:{self._server.server_address[1]}/updates"

    def got(self, call: Call) -> Answer:
        with self._lock:
            self.calls.append(call)
        return self.decide(call) if self.decide else (self.answer or status(204))

    def entered(self, by: int) -> None:
        with self._lock:
            self._open += by
            self.most_at_once = max(self.most_at_once, self._open)

    def sequences(self) -> dict[str, list[int]]:
        """The sequences of each referral, or of each case of a member, in the order of arrival, without duplicates."""
        seen: set[str] = set()
        found: dict[str, list[int]] = {}
        for call in self.calls:
            if call.id not in seen:
                seen.add(call.id)
                thread = call.data.get("referral") or call.data["case"]
                found.setdefault(thread["reference"], []).append(call.data["sequence"])
        return found


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    receiver: Receiver

    def do_POST(self) -> None:
        expected = int(self.headers["content-length"])
        body = self.rfile.read(expected)
        if len(body) < expected:
            # The sender died before the end of the body: ignore the request.
            self.close_connection = True
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.receiver.got(Call(time.monotonic(), headers, body))
        self.receiver.connections.add(self.client_address[1])
        self.receiver.entered(1)
        try:
            answer(self)
        except OSError:
            self.close_connection = True
        finally:
            self.receiver.entered(-1)

    def log_message(self, *_: Any) -> None:
        """Suppress the output."""
