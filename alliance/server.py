"""What gunicorn uses of the portal: its logger and its worker. The settings are in ``gunicorn.conf.py``.

Nothing here imports Django: gunicorn loads this module before the application.
"""

from __future__ import annotations

import errno
import os
import socket
from typing import Any

from gunicorn import glogging
from gunicorn.workers import gthread

from alliance.intake import Pace, Progress, Request, Slow, TooMuch
from alliance.logs import formatter


class Logger(glogging.Logger):
    """gunicorn's logger in the format of the portal's log, with the same scrubbing.

    gunicorn names the address of a request when it refuses it or when the application fails, and such an
    address may hold a one-time key or an e-mail address.
    """

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        scrubbing = formatter(as_json=os.environ.get("LOG_FORMAT", "json") == "json")
        for handler in (*self.error_log.handlers, *self.access_log.handlers):
            handler.setFormatter(scrubbing)


class BufferingWorker(gthread.ThreadWorker):
    """A threaded worker that gives a request a thread when all of it has arrived.

    gunicorn's own threaded worker reads the request in the thread that will answer it. A dozen clients that
    send one byte a second then hold every thread. Here such clients wait in the poller, where thousands have
    room, and lose their connection when they are slower than :mod:`alliance.intake` permits.
    """

    def handle(self, conn: Any) -> Any:
        """Answer the request of ``conn``, or put the connection back until there is more of the request."""
        if self.cfg.is_ssl:
            return super().handle(conn)
        if not isinstance(conn.sock, BufferedSocket):
            conn.sock = BufferedSocket(conn.sock)
        if conn.sock.answered and not self._next_request(conn):
            return False
        try:
            progress = conn.sock.receive()
        except TooMuch as error:
            conn.sock.refuse(str(error))
            return False
        except (OSError, Slow):
            return False
        if progress is Progress.INCOMPLETE:
            return gthread._DEFER
        if progress is Progress.CLOSED:
            return False
        conn.data_ready = conn.sock.answered = True
        return super().handle(conn)

    def _next_request(self, conn: Any) -> bool:
        """Prepare for one more request on ``conn``. Return false for a client that did not wait for its answer."""
        if conn.sock.unread or (conn.parser and conn.parser.unreader.buf.getvalue()):
            return False
        conn.sock.begin()
        return True


class BufferedSocket:
    """A client's socket. What is read from it is what :meth:`receive` has collected, and nothing else.

    ``answered`` says that the request collected was handed to a thread.
    """

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._request: Request | None = None
        self._writing = Pace()
        self.begin()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)

    def begin(self) -> None:
        """Forget the former request."""
        self._forget()
        self._request = Request()
        self._writing = Pace()
        self.answered = False

    def receive(self) -> Progress:
        """Collect what has arrived, without waiting. Raises :class:`Slow`, :class:`TooMuch` and ``OSError``."""
        assert self._request is not None
        self._sock.setblocking(False)
        return self._request.collect(self._sock)

    @property
    def unread(self) -> bool:
        """Whether more was collected than was read."""
        return self._request is not None and self._request.unread

    def recv(self, size: int, flags: int = 0) -> bytes:
        """Return the next bytes of the request; ``b""`` at its end, so that no thread ever waits for more."""
        return self._request.read(size) if self._request else b""

    def sendall(self, data: bytes, flags: int = 0) -> None:
        """Send ``data``. Raises ``OSError`` when the client reads more slowly than is permitted."""
        self._writing.add(len(data))
        try:
            self._sock.settimeout(self._writing.seconds_left())
            self._sock.sendall(data, flags)
        except (Slow, TimeoutError) as error:
            raise BrokenPipeError(errno.EPIPE, "the client reads too slowly") from error

    def refuse(self, status: str) -> None:
        """Answer with ``status`` alone, as far as the client takes it without waiting."""
        try:
            self._sock.send(
                f"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".encode()
            )
        except OSError:
            pass  # the client is gone

    def close(self) -> None:
        self._forget()
        self._sock.close()

    def _forget(self) -> None:
        if self._request:
            self._request.close()
            self._request = None
