"""Requests to user-supplied URLs, with protection against server-side request forgery.

- The host name is resolved here, every address is checked (:mod:`alliance.lib.addresses`), and the connection uses a
  checked address, so DNS rebinding has no effect.
- Redirects are not followed. Proxies from the environment are not used.
- Connecting (including DNS), each read and the whole exchange have timeouts. Only the beginning of a response body is
  read.
"""

from __future__ import annotations

import functools
import http.client
import queue
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, Self
from urllib.parse import urlsplit

from django.conf import settings

from alliance.lib.addresses import is_public

CONNECT_SECONDS = 5.0
READ_SECONDS: float = settings.WEBHOOK_READ_SECONDS
TOTAL_SECONDS = READ_SECONDS + 5.0
MAX_BODY_BYTES = 64 * 1024
# After this time the receiver has probably closed an idle connection.
IDLE_SECONDS = 4.0
MAX_LOOKUPS = 64
_lookups = threading.BoundedSemaphore(MAX_LOOKUPS)
_Address = tuple[Any, ...]


@functools.cache
def system_context() -> ssl.SSLContext:
    """Return the TLS context of this process with the system's certificate authorities.

    Loading them takes about 100 ms of CPU time. Changes take effect after a restart.
    """
    return ssl.create_default_context()


class Failed(Exception):
    """The request failed without a response. ``kind`` is an error code that contains no secret."""

    def __init__(self, kind: str, detail: str = "") -> None:
        super().__init__(f"{kind}: {detail}" if detail else kind)
        self.kind, self.detail = kind, detail


@dataclass(frozen=True)
class Answer:
    """A response: status, headers (names in lower case) and the beginning of the body.

    ``reason`` and ``version`` are the other parts of the status line.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    reason: str = ""
    version: str = "1.1"


class _Response(http.client.HTTPResponse):
    """A response that rejects truncated headers. The library treats truncation as the end of the headers."""

    def begin(self) -> None:
        """Read status and headers. Raises :class:`http.client.HTTPException` if they are truncated."""
        self.fp = _Lines(self.fp)  # type: ignore[assignment]
        super().begin()
        if self.fp is not None:
            self.fp = self.fp.file  # type: ignore[attr-defined]


class _Lines:
    """A file wrapper that raises if the file ends within a line."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file

    def readline(self, limit: int) -> bytes:
        line = self.file.readline(limit)
        if not line.endswith(b"\n") and len(line) < limit:
            raise http.client.RemoteDisconnected("truncated headers")
        return line

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)


class _Connection(http.client.HTTPConnection):
    """A connection to public addresses only, which another thread can abort."""

    response_class = _Response

    def __init__(self, host: str, port: int, context: ssl.SSLContext | None, *, private: bool):
        super().__init__(host, port, timeout=READ_SECONDS)
        self.context, self.private = context, private
        # The port that the Host header omits. The library cannot derive it from a context.
        self.default_port = 443 if context else 80
        self.used_at = 0.0
        self.is_aborted = False
        # The library clears ``self.sock`` for the last response, but still reads from the socket.
        self.opened: socket.socket | None = None

    def connect(self) -> None:
        sock = _open(self.host, self.port, private=self.private)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.settimeout(READ_SECONDS)
        self.sock = self.opened = sock
        if self.is_aborted:  # before the socket existed
            raise Failed("too_slow", self.host)
        if self.context:
            # The handshake follows after ``self.sock`` is set, so that it can be aborted too.
            wrapped = self.context.wrap_socket(
                sock, server_hostname=self.host, do_handshake_on_connect=False
            )
            self.sock = self.opened = wrapped
            wrapped.do_handshake()

    def abort(self) -> None:
        """Shut down the socket from another thread, which ends any blocking call."""
        self.is_aborted = True
        try:
            if self.opened is not None:
                self.opened.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # the connection has just ended


def _addresses(host: str, port: int, seconds: float) -> list[_Address]:
    """Resolve ``host`` within ``seconds``. Raises :class:`Failed`.

    The system resolver has no timeout parameter, so it runs in a thread that is abandoned when the time is up. At
    most :data:`MAX_LOOKUPS` threads run at a time.
    """
    if not _lookups.acquire(blocking=False):
        raise Failed("name_timed_out", host)
    answers: queue.SimpleQueue[list[_Address] | Exception] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            answers.put(list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))
        except Exception as error:  # noqa: BLE001  (handled by the waiting thread)
            answers.put(error)
        finally:
            _lookups.release()

    threading.Thread(target=look_up, name="resolver", daemon=True).start()
    try:
        found = answers.get(timeout=seconds)
    except queue.Empty:
        raise Failed("name_timed_out", host) from None
    if isinstance(found, OSError | UnicodeError):
        raise Failed("name_not_found", host) from None
    if isinstance(found, Exception):
        raise found
    return found


def _open(host: str, port: int, *, private: bool) -> socket.socket:
    """Connect to the first permitted address of ``host`` that responds. Raises :class:`Failed`."""
    until = time.monotonic() + CONNECT_SECONDS
    found = _addresses(host, port, CONNECT_SECONDS)
    allowed = [entry for entry in found if private or is_public(str(entry[4][0]))]
    if not allowed:
        raise Failed("address_refused", host)
    last: OSError | None = None
    for family, kind, protocol, _name, address in allowed[:4]:
        sock = socket.socket(family, kind, protocol)
        try:
            sock.settimeout(max(until - time.monotonic(), 0.1))
            sock.connect(address)
        except OSError as error:
            sock.close()
            last = error
            if time.monotonic() >= until:
                break
        else:
            # Headers and body are two writes. The second must not wait for the acknowledgement of the first.
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return sock
    raise Failed("connect_timed_out" if isinstance(last, TimeoutError) else "connect_failed", host)


class Endpoint:
    """A URL for requests, with a connection pool. Thread-safe.

    ``private`` permits private addresses and plain HTTP, for tests and the demo. ``context`` replaces the system's
    certificate authorities. ``seconds`` limits a whole exchange. Call :meth:`close`, or use it as a context manager.
    """

    def __init__(
        self,
        url: str,
        *,
        private: bool = False,
        context: ssl.SSLContext | None = None,
        seconds: float | None = None,
    ) -> None:
        parts = urlsplit(url)
        if not parts.hostname or "@" in parts.netloc or parts.scheme not in ("https", "http"):
            raise Failed("address_malformed")
        if parts.scheme == "http" and not private:
            raise Failed("not_https")
        try:
            port = parts.port
        except ValueError:
            raise Failed("address_malformed") from None
        secure = parts.scheme == "https"
        self._context = (context or system_context()) if secure else None
        self._host, self._port = parts.hostname, port or (443 if secure else 80)
        self._target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        # The query may contain a secret, so it is not shown.
        display = (parts.path or "/") + ("?…" if parts.query else "")
        self._start = f"POST {display} HTTP/1.1"
        self._host_header = _host_header(self._host, self._port, 443 if secure else 80)
        self._private, self._seconds = private, seconds
        self._idle: list[_Connection] = []
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close idle connections."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def post(self, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send ``body`` and return the response with any status. Raises :class:`Failed`.

        If a pooled connection was closed by the receiver, the request is sent once more over a new connection. The
        receiver may get it twice, so it needs an idempotency key.
        """
        pooled = self._take()
        if pooled:
            try:
                return self._exchange(pooled, "POST", body, headers)
            except Failed as failed:
                if failed.kind != "connection_lost":
                    raise
        return self.request("POST", body, headers)

    def request(self, method: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        """Send one request over a new connection and return the response with any status. Raises :class:`Failed`."""
        fresh = _Connection(self._host, self._port, self._context, private=self._private)
        return self._exchange(fresh, method, body, headers)

    def head(self, body: bytes, headers: Mapping[str, str]) -> str:
        """Return the request line and headers that :meth:`post` sends, without the query string, for display."""
        added = {
            "host": self._host_header,
            "accept-encoding": "identity",
            "content-length": str(len(body)),
        }
        lines = [f"{name}: {value}" for name, value in (added | dict(headers)).items()]
        return "\n".join([self._start, *lines])

    def _exchange(
        self, connection: _Connection, method: str, body: bytes | None, headers: Mapping[str, str]
    ) -> Answer:
        watchdog = threading.Timer(self._seconds or TOTAL_SECONDS, connection.abort)
        watchdog.daemon = True
        watchdog.start()
        reusable = False
        try:
            connection.request(method, self._target, body=body, headers=dict(headers))
            response = connection.getresponse()
            if connection.is_aborted:  # within the headers, which then look complete
                raise Failed("too_slow")
            beginning = _beginning(response, connection)
            # Some Python versions do not close the response at the end of a body with a known length.
            complete = response.isclosed() or response.length == 0
            reusable = complete and not response.will_close
            response.close()
        except Exception as error:  # noqa: BLE001  (_failed raises unknown errors)
            raise _failed(error, aborted=connection.is_aborted) from None
        finally:
            watchdog.cancel()
            self._put_back(connection, reusable=reusable and not connection.is_aborted)
        names = {name.lower(): value for name, value in response.getheaders()}
        version = {10: "1.0", 11: "1.1"}.get(response.version, "?")
        return Answer(response.status, names, beginning, response.reason or "", version)

    def _take(self) -> _Connection | None:
        with self._lock:
            while self._idle:
                connection = self._idle.pop()
                if time.monotonic() - connection.used_at < IDLE_SECONDS:
                    return connection
                connection.close()
        return None

    def _put_back(self, connection: _Connection, *, reusable: bool) -> None:
        if not reusable:
            connection.close()
            return
        connection.used_at = time.monotonic()
        with self._lock:
            self._idle.append(connection)


def _host_header(host: str, port: int, default: int) -> str:
    """Return the value of the Host header, with the port if it is not the default."""
    try:
        name = host if host.isascii() else host.encode("idna").decode()
    except UnicodeError:
        raise Failed("address_malformed") from None
    name = f"[{name}]" if ":" in name else name
    return name if port == default else f"{name}:{port}"


def _beginning(response: http.client.HTTPResponse, connection: _Connection) -> bytes:
    """Read up to :data:`MAX_BODY_BYTES` of the body, or until the connection is aborted.

    The status is already known, so a truncated or endless body is not an error.
    """
    chunks, left = [], MAX_BODY_BYTES
    try:
        while left > 0 and not connection.is_aborted and (chunk := response.read1(left)):
            chunks.append(chunk)
            left -= len(chunk)
    except (OSError, http.client.HTTPException):
        response.will_close = True
    return b"".join(chunks)


def _failed(error: Exception, *, aborted: bool) -> Failed:
    """Convert ``error`` to :class:`Failed`. Unknown errors are raised."""
    if isinstance(error, Failed):
        return error
    if aborted:
        return Failed("too_slow")
    if isinstance(error, ssl.SSLCertVerificationError):
        return Failed("certificate_refused", error.verify_message)
    if isinstance(error, ssl.SSLError):
        return Failed("tls_failed", error.reason or "")
    if isinstance(error, TimeoutError):
        return Failed("timed_out")
    if isinstance(error, http.client.RemoteDisconnected | OSError):
        return Failed("connection_lost")
    if isinstance(error, http.client.HTTPException | UnicodeError | ValueError):
        return Failed("answer_malformed", type(error).__name__)
    raise error
