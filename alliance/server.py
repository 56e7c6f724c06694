"""The logger and the worker class of gunicorn, which ``gunicorn.conf.py`` configures.

This module must not import Django: gunicorn loads it before the application.
"""

from __future__ import annotations

import errno
import os
import selectors
import socket
from functools import partial
from typing import Any

from gunicorn import glogging
from gunicorn.workers import gthread

from alliance.buffering import Progress, RequestBuffer, ResponseBuffer, TooLarge, TooSlow
from alliance.logs import formatter


class Logger(glogging.Logger):
    """gunicorn's logger with the portal's format, which removes secrets and personal data.

    gunicorn logs the URL of a request that it rejects or that fails. The URL may contain a one-time key or an
    email address.
    """

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        scrubbing = formatter(as_json=os.environ.get("LOG_FORMAT", "json") == "json")
        for handler in (*self.error_log.handlers, *self.access_log.handlers):
            handler.setFormatter(scrubbing)


class BufferingWorker(gthread.ThreadWorker):
    """A threaded worker whose threads never wait for a client.

    gunicorn's ``gthread`` worker reads a request and writes its response in one of a few threads, so a dozen clients
    that send or read one byte a second block every thread. This worker assigns a thread when the request has arrived
    completely, and buffers the part of the response that the client does not accept at once. Slow clients wait in
    the poller, which holds thousands of connections. Those below the minimum rate of :mod:`alliance.buffering` are
    disconnected.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Connections that are still receiving their response, with the future of the request.
        self._draining: dict[Any, Any] = {}

    def handle(self, conn: Any) -> Any:
        """Handle the request of ``conn``, or return it to the poller until the request is complete."""
        if self.cfg.is_ssl:
            return super().handle(conn)
        if not isinstance(conn.sock, BufferedSocket):
            conn.sock = BufferedSocket(conn.sock)
        if conn.sock.handled and not self._next_request(conn):
            return False
        try:
            progress = conn.sock.receive()
        except TooLarge as error:
            conn.sock.reject(str(error))
            return False
        except (OSError, TooSlow):
            return False
        if progress is Progress.INCOMPLETE:
            return gthread._DEFER
        if progress is Progress.CLOSED:
            return False
        conn.data_ready = conn.sock.handled = True
        return super().handle(conn)

    def finish_request(self, conn: Any, fs: Any) -> None:
        """Finish the request once the client has received the whole response."""
        if isinstance(conn.sock, BufferedSocket) and conn.sock.response:
            self._draining[conn] = fs
            self.poller.register(conn.sock, selectors.EVENT_WRITE, partial(self._drain, conn))
        else:
            super().finish_request(conn, fs)

    def murder_pending(self) -> None:
        """Close connections that time out, including those that are receiving a response."""
        super().murder_pending()
        for conn in list(self._draining):
            try:
                conn.sock.response.check_rate()
            except TooSlow:
                self._abort(conn)

    def _drain(self, conn: Any, _sock: Any) -> None:
        try:
            if not conn.sock.drain():
                return
        except OSError:
            self._abort(conn)
            return
        self.poller.unregister(conn.sock)
        super().finish_request(conn, self._draining.pop(conn))

    def _abort(self, conn: Any) -> None:
        self.poller.unregister(conn.sock)
        del self._draining[conn]
        self.nr_conns -= 1
        conn.close()

    def _next_request(self, conn: Any) -> bool:
        """Prepare for the next request on ``conn``. Returns false if the client sent it before it got the response."""
        if conn.sock.unread or (conn.parser and conn.parser.unreader.buf.getvalue()):
            return False
        conn.sock.begin()
        return True


class BufferedSocket:
    """A client's socket that reads from the request buffer and writes to the response buffer.

    :meth:`receive` fills the request buffer. ``response`` holds what the client has not accepted yet, for
    :meth:`drain`. ``handled`` is true after the request was passed to a thread.
    """

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._request = RequestBuffer()
        self.response: ResponseBuffer | None = None
        self.handled = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)

    def begin(self) -> None:
        """Discard the previous request."""
        self._request.close()
        self._request = RequestBuffer()
        self.handled = False

    def receive(self) -> Progress:
        """Receive available bytes without blocking. Raises :class:`TooSlow`, :class:`TooLarge` or ``OSError``."""
        self._sock.setblocking(False)
        return self._request.receive(self._sock)

    @property
    def unread(self) -> bool:
        """Whether received bytes have not been read."""
        return self._request.unread

    def recv(self, size: int, flags: int = 0) -> bytes:
        """Return the next bytes of the request, or ``b""`` at its end. Never blocks."""
        return self._request.read(size)

    def sendall(self, data: bytes, flags: int = 0) -> None:
        """Send what the client accepts now and buffer the rest. Raises ``OSError``."""
        if self.response is None:
            data = self._send_now(data)
            if not data:
                return
            self.response = ResponseBuffer()
        try:
            self.response.add(data)
        except TooLarge as error:
            raise BrokenPipeError(errno.EPIPE, "the buffers are full") from error

    def drain(self) -> bool:
        """Send what the client accepts of the buffered response. Returns whether the buffer is empty."""
        assert self.response is not None
        if not self.response.send(self._sock):
            return False
        self.response.close()
        self.response = None
        return True

    def reject(self, status: str) -> None:
        """Send a response with ``status`` and no body. Never blocks."""
        try:
            self._sock.send(
                f"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".encode()
            )
        except OSError:
            pass  # the client is gone

    def close(self) -> None:
        self._request.close()
        if self.response:
            self.response.close()
        self._sock.close()

    def _send_now(self, data: bytes) -> bytes:
        self._sock.setblocking(False)
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[self._sock.send(rest) :]
            except BlockingIOError:
                break
        return bytes(rest)
