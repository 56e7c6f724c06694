"""Requests to addresses that others gave us: checked where the socket opens, bounded in every way.

- The name is resolved here, every address is judged (:mod:`alliance.lib.addresses`), and the connection
  goes to the very address that was judged: a name that changes its mind in between gains nothing.
- Nothing is followed: a redirect is an answer like any other. No proxy of the environment is used.
- Connecting (finding the name's addresses is part of it), each read and the whole exchange have time-outs;
  of a body only the beginning is read.
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
READ_AT_MOST = 64 * 1024
# A connection that lay idle for longer was probably ended by the other side meanwhile.
IDLE_SECONDS = 4.0
LOOKUPS_AT_MOST = 64
_lookups = threading.BoundedSemaphore(LOOKUPS_AT_MOST)
_Address = tuple[Any, ...]


@functools.cache
def system_context() -> ssl.SSLContext:
    """Return the TLS context of this process, with the system's certificate authorities.

    Reading these takes about 100 ms of processor time. New ones are read when the process starts again.
    """
    return ssl.create_default_context()


class Failed(Exception):
    """No answer. ``kind`` is one word for it, fit to be stored and shown; nothing secret is in it."""

    def __init__(self, kind: str, detail: str = "") -> None:
        super().__init__(f"{kind}: {detail}" if detail else kind)
        self.kind, self.detail = kind, detail


@dataclass(frozen=True)
class Answer:
    """What came back: the status, the headers (names in lower case) and the body's beginning.

    ``reason`` and ``version`` are the rest of the status line, as it came.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    reason: str = ""
    version: str = "1.1"


class _Response(http.client.HTTPResponse):
    """An answer whose headers have to be whole: the library takes their breaking off for their end."""

    def begin(self) -> None:
        """Read status and headers. Raises :class:`http.client.HTTPException` when they break off."""
        self.fp = _Lines(self.fp)  # type: ignore[assignment]
        super().begin()
        if self.fp is not None:
            self.fp = self.fp.file  # type: ignore[attr-defined]


class _Lines:
    """A file of which lines are read, that complains when it ends instead of giving one whole line."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file

    def readline(self, limit: int) -> bytes:
        line = self.file.readline(limit)
        if not line.endswith(b"\n") and len(line) < limit:
            raise http.client.RemoteDisconnected("the answer broke off in its headers")
        return line

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)


class _Connection(http.client.HTTPConnection):
    """A connection that opens to public addresses only, and that another thread can cut off."""

    response_class = _Response

    def __init__(self, host: str, port: int, context: ssl.SSLContext | None, *, private: bool):
        super().__init__(host, port, timeout=READ_SECONDS)
        self.context, self.private = context, private
        # What the head leaves out of the server's name, and the library cannot know of a context.
        self.default_port = 443 if context else 80
        self.used_at = 0.0
        self.is_cut = False
        # The library lets go of its own when the answer is the last one, and goes on reading from it.
        self.opened: socket.socket | None = None

    def connect(self) -> None:
        sock = _open(self.host, self.port, private=self.private)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.settimeout(READ_SECONDS)
        self.sock = self.opened = sock
        if self.is_cut:  # while there was no socket yet
            raise Failed("too_slow", self.host)
        if self.context:
            # The handshake comes after ``self.sock`` is set, so that it can be cut off too.
            wrapped = self.context.wrap_socket(
                sock, server_hostname=self.host, do_handshake_on_connect=False
            )
            self.sock = self.opened = wrapped
            wrapped.do_handshake()

    def cut(self) -> None:
        """End whatever is waited for, from another thread."""
        self.is_cut = True
        try:
            if self.opened is not None:
                self.opened.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # it ended by itself in this moment


def _addresses(host: str, port: int, seconds: float) -> list[_Address]:
    """Return what the resolver says, within ``seconds``. Raises :class:`Failed`.

    The system's resolver knows no time-out of ours: it is asked in a thread that is left alone when it
    does not answer. Of those there are never more than :data:`LOOKUPS_AT_MOST`.
    """
    if not _lookups.acquire(blocking=False):
        raise Failed("name_timed_out", host)
    answers: queue.SimpleQueue[list[_Address] | Exception] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            answers.put(list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))
        except Exception as error:  # noqa: BLE001  (told apart by the thread that waits)
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
    """Connect to the first address of ``host`` that may be reached. Raises :class:`Failed`."""
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
            # Headers and body are two writes: the second must not wait until the first is confirmed.
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return sock
    raise Failed("connect_timed_out" if isinstance(last, TimeoutError) else "connect_failed", host)


class Endpoint:
    """One address that requests are posted to, by several threads at once; connections are kept.

    ``private`` lets it be an address of one's own network and plain HTTP: for tests and the demo.
    ``context`` replaces the system's certificate authorities. Close it, or use it in ``with``.
    """

    def __init__(
        self, url: str, *, private: bool = False, context: ssl.SSLContext | None = None
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
        # A query may hold a key of the other side's: that there is one is all that is shown.
        shown = (parts.path or "/") + ("?…" if parts.query else "")
        self._start = f"POST {shown} HTTP/1.1"
        self._host_header = _host_header(self._host, self._port, 443 if secure else 80)
        self._private = private
        self._idle: list[_Connection] = []
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections that lie idle."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def post(self, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send ``body`` and return the answer, whatever its status. Raises :class:`Failed`.

        A kept connection that the other side has ended is replaced once: what is posted must be
        recognisable to the receiver when it comes twice.
        """
        kept = self._take()
        if kept:
            try:
                return self._exchange(kept, body, headers)
            except Failed as failed:
                if failed.kind != "connection_lost":
                    raise
        fresh = _Connection(self._host, self._port, self._context, private=self._private)
        return self._exchange(fresh, body, headers)

    def head(self, body: bytes, headers: Mapping[str, str]) -> str:
        """Return the head of the request that :meth:`post` sends, to be shown; no value of a query is in it."""
        added = {
            "host": self._host_header,
            "accept-encoding": "identity",
            "content-length": str(len(body)),
        }
        lines = [f"{name}: {value}" for name, value in (added | dict(headers)).items()]
        return "\n".join([self._start, *lines])

    def _exchange(self, connection: _Connection, body: bytes, headers: Mapping[str, str]) -> Answer:
        watchdog = threading.Timer(TOTAL_SECONDS, connection.cut)
        watchdog.daemon = True
        watchdog.start()
        reusable = False
        try:
            connection.request("POST", self._target, body=body, headers=dict(headers))
            response = connection.getresponse()
            if connection.is_cut:  # in the middle of the headers, which then look complete
                raise Failed("too_slow")
            beginning = _beginning(response, connection)
            # Of a body whose length was told, not every Python says itself that it is at its end.
            whole = response.isclosed() or response.length == 0
            reusable = whole and not response.will_close
            response.close()
        except Exception as error:  # noqa: BLE001  (told apart there, and what is unknown is raised)
            raise _failed(error, cut=connection.is_cut) from None
        finally:
            watchdog.cancel()
            self._put_back(connection, reusable=reusable and not connection.is_cut)
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


def _host_header(host: str, port: int, usual: int) -> str:
    """Return the name as the request's head carries it, the port only where it is not the usual one."""
    try:
        name = host if host.isascii() else host.encode("idna").decode()
    except UnicodeError:
        raise Failed("address_malformed") from None
    name = f"[{name}]" if ":" in name else name
    return name if port == usual else f"{name}:{port}"


def _beginning(response: http.client.HTTPResponse, connection: _Connection) -> bytes:
    """Read the body as far as :data:`READ_AT_MOST`, or until the connection is cut; the rest stays unread.

    The status has come: a body that breaks off or never ends takes nothing from it.
    """
    chunks, left = [], READ_AT_MOST
    try:
        while left > 0 and not connection.is_cut and (chunk := response.read1(left)):
            chunks.append(chunk)
            left -= len(chunk)
    except (OSError, http.client.HTTPException):
        response.will_close = True
    return b"".join(chunks)


def _failed(error: Exception, *, cut: bool) -> Failed:
    """Return the :class:`Failed` that says what ``error`` means; anything unknown is raised as it is."""
    if isinstance(error, Failed):
        return error
    if cut:
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
