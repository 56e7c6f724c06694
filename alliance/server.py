"""What gunicorn uses of the portal: its logger and its worker. The settings are in ``gunicorn.conf.py``.

Nothing here imports Django: gunicorn loads this module before the application.
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
    """A threaded worker whose threads never wait for a client.

    gunicorn's own threaded worker reads a request, and writes its answer, in one of its few threads. A dozen
    clients that send or read one byte a second then hold every thread. Here a request gets a thread when all of
    it has arrived, and what a client does not take at once of its answer is kept. TooSlow clients wait in the
    poller, where thousands have room, and lose their connection when they are slower than
    :mod:`alliance.buffering` permits.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Connections whose answer is still being taken, with the outcome of their request.
        self._draining: dict[Any, Any] = {}

    def handle(self, conn: Any) -> Any:
        """ResponseBuffer the request of ``conn``, or put the connection back until there is more of the request."""
        if self.cfg.is_ssl:
            return super().handle(conn)
        if not isinstance(conn.sock, BufferedSocket):
            conn.sock = BufferedSocket(conn.sock)
        if conn.sock.answered and not self._next_request(conn):
            return False
        try:
            progress = conn.sock.receive()
        except TooLarge as error:
            conn.sock.refuse(str(error))
            return False
        except (OSError, TooSlow):
            return False
        if progress is Progress.INCOMPLETE:
            return gthread._DEFER
        if progress is Progress.CLOSED:
            return False
        conn.data_ready = conn.sock.answered = True
        return super().handle(conn)

    def finish_request(self, conn: Any, fs: Any) -> None:
        """Go on with ``conn`` after its request, once the client has taken the whole answer."""
        if isinstance(conn.sock, BufferedSocket) and conn.sock.answer:
            self._draining[conn] = fs
            self.poller.register(conn.sock, selectors.EVENT_WRITE, partial(self._drain, conn))
        else:
            super().finish_request(conn, fs)

    def murder_pending(self) -> None:
        """Close the connections that wait for too long, those that are being drained included."""
        super().murder_pending()
        for conn in list(self._draining):
            try:
                conn.sock.answer.check_pace()
            except TooSlow:
                self._give_up(conn)

    def _drain(self, conn: Any, _sock: Any) -> None:
        try:
            if not conn.sock.drain():
                return
        except OSError:
            self._give_up(conn)
            return
        self.poller.unregister(conn.sock)
        super().finish_request(conn, self._draining.pop(conn))

    def _give_up(self, conn: Any) -> None:
        self.poller.unregister(conn.sock)
        del self._draining[conn]
        self.nr_conns -= 1
        conn.close()

    def _next_request(self, conn: Any) -> bool:
        """Prepare for one more request on ``conn``. Return false for a client that did not wait for its answer."""
        if conn.sock.unread or (conn.parser and conn.parser.unreader.buf.getvalue()):
            return False
        conn.sock.begin()
        return True


class BufferedSocket:
    """A client's socket from which nothing is read but what :meth:`receive` has collected.

    What the client does not take at once is kept in ``answer`` for :meth:`drain`. ``answered`` says that the
    request collected was handed to a thread.
    """

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._request = RequestBuffer()
        self.answer: ResponseBuffer | None = None
        self.answered = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)

    def begin(self) -> None:
        """Forget the former request."""
        self._request.close()
        self._request = RequestBuffer()
        self.answered = False

    def receive(self) -> Progress:
        """Collect what has arrived, without waiting. Raises :class:`TooSlow`, :class:`TooLarge` and ``OSError``."""
        self._sock.setblocking(False)
        return self._request.collect(self._sock)

    @property
    def unread(self) -> bool:
        """Whether more was collected than was read."""
        return self._request.unread

    def recv(self, size: int, flags: int = 0) -> bytes:
        """Return the next bytes of the request; ``b""`` at its end, so that no thread ever waits for more."""
        return self._request.read(size)

    def sendall(self, data: bytes, flags: int = 0) -> None:
        """Send of ``data`` what the client takes now and keep the rest. Raises ``OSError``."""
        if self.answer is None:
            data = self._send_now(data)
            if not data:
                return
            self.answer = ResponseBuffer()
        try:
            self.answer.add(data)
        except TooLarge as error:
            raise BrokenPipeError(errno.EPIPE, "too much is kept already") from error

    def drain(self) -> bool:
        """Send of what was kept what the client takes now; return whether that was the rest."""
        assert self.answer is not None
        if not self.answer.send(self._sock):
            return False
        self.answer.close()
        self.answer = None
        return True

    def refuse(self, status: str) -> None:
        """ResponseBuffer with ``status`` alone, as far as the client takes it without waiting."""
        try:
            self._sock.send(
                f"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".encode()
            )
        except OSError:
            pass  # the client is gone

    def close(self) -> None:
        self._request.close()
        if self.answer:
            self.answer.close()
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
