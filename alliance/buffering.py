"""Non-blocking buffers for one request and one response of a client, in memory and then in a temporary file.

This module only detects the end of a request; gunicorn parses the buffered bytes. If the two disagree about the
end, gunicorn sees a truncated request and closes the connection.
"""

from __future__ import annotations

import re
import socket
import threading
import time
from enum import Enum
from tempfile import SpooledTemporaryFile
from typing import Final

# The time limit of a transfer: a grace period plus one second per BYTES_PER_SECOND.
GRACE_SECONDS: Final = 20.0
BYTES_PER_SECOND: Final = 4096
# The maximum size of the request line and the headers.
HEAD_BYTES: Final = 64 * 1024
# The maximum size of one request, which is also the proxy's limit, and of all buffers of a process.
REQUEST_BYTES: Final = 256 * 1024 * 1024
PROCESS_BYTES: Final = 768 * 1024 * 1024
MEMORY_BYTES: Final = 128 * 1024
# Bytes received from one client before the next client is served.
TURN_BYTES: Final = 4 * 1024 * 1024
_CHUNK: Final = 64 * 1024

_LENGTH = re.compile(
    rb"^content-length[ \t]*:[ \t]*(\d{1,15})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE
)
_CHUNKED = re.compile(rb"^transfer-encoding[ \t]*:[^\n]*chunked", re.IGNORECASE | re.MULTILINE)
_EXPECTS = re.compile(rb"^expect[ \t]*:[ \t]*100-continue", re.IGNORECASE | re.MULTILINE)


class TooSlow(Exception):
    """The client is slower than the minimum rate."""


class Rate:
    """The transfer rate of a client, measured from the first byte."""

    def __init__(self) -> None:
        self._bytes = 0
        self._started: float | None = None

    def add(self, count: int) -> None:
        if self._started is None:
            self._started = time.monotonic()
        self._bytes += count

    def seconds_left(self) -> float:
        """Return the seconds until the client is too slow. Raises :class:`TooSlow` if it already is."""
        if self._started is None:
            return GRACE_SECONDS
        limit = GRACE_SECONDS + self._bytes / BYTES_PER_SECOND
        left = limit - (time.monotonic() - self._started)
        if left <= 0:
            raise TooSlow
        return left


class TooLarge(Exception):
    """The request, or the total of all buffers, is too large. The message is the HTTP status to respond with."""


class Progress(Enum):
    INCOMPLETE = "incomplete"
    COMPLETE = "complete"
    CLOSED = "closed"


class BufferedTotal:
    """The number of bytes in all buffers of this process."""

    _lock = threading.Lock()
    _bytes = 0

    @classmethod
    def add(cls, count: int) -> None:
        with cls._lock:
            cls._bytes += count

    @classmethod
    def is_exceeded(cls) -> bool:
        return cls._bytes > PROCESS_BYTES


def _file() -> SpooledTemporaryFile[bytes]:
    return SpooledTemporaryFile(max_size=MEMORY_BYTES)


class RequestBuffer:
    """The buffer of one request."""

    def __init__(self) -> None:
        self._file = _file()
        self._received = self._read = 0
        self._rate = Rate()
        self._end = _End()

    def receive(self, sock: socket.socket) -> Progress:
        """Receive the bytes available on ``sock``. Raises :class:`TooSlow`, :class:`TooLarge` or ``OSError``."""
        until = self._received + TURN_BYTES
        while not self._end.reached and self._received < until:
            try:
                data = sock.recv(_CHUNK)
            except BlockingIOError:
                break
            if not data:
                return Progress.CLOSED
            self._add(data)
            if self._end.expects_continue:
                sock.send(b"HTTP/1.1 100 Continue\r\n\r\n")
                self._end.expects_continue = False
        if self._end.reached:
            self._file.seek(0)
            return Progress.COMPLETE
        self._rate.seconds_left()
        return Progress.INCOMPLETE

    def read(self, size: int) -> bytes:
        """Return up to ``size`` of the received bytes."""
        data = self._file.read(size)
        self._read += len(data)
        return data

    @property
    def unread(self) -> bool:
        return self._read < self._received

    def close(self) -> None:
        """Discard the buffer."""
        self._file.close()
        BufferedTotal.add(-self._received)
        self._received = self._read = 0

    def _add(self, data: bytes) -> None:
        self._rate.add(len(data))
        self._file.write(data)
        self._received += len(data)
        BufferedTotal.add(len(data))
        self._end.feed(data)
        if self._received > REQUEST_BYTES:
            raise TooLarge("413 Content Too Large")
        if BufferedTotal.is_exceeded():
            raise TooLarge("503 Service Unavailable")


class ResponseBuffer:
    """The part of a response that the client has not received yet."""

    def __init__(self) -> None:
        self._file = _file()
        self._buffered = self._sent = 0
        self._rate = Rate()
        self._rate.add(0)

    def add(self, data: bytes) -> None:
        """Append ``data``. Raises :class:`TooLarge`."""
        self._file.seek(self._buffered)
        self._file.write(data)
        self._buffered += len(data)
        BufferedTotal.add(len(data))
        if BufferedTotal.is_exceeded():
            raise TooLarge("503 Service Unavailable")

    def send(self, sock: socket.socket) -> bool:
        """Send what ``sock`` accepts now. Returns whether the buffer is empty. Raises ``OSError``."""
        self._file.seek(self._sent)
        try:
            sent = sock.send(self._file.read(_CHUNK))
        except BlockingIOError:
            return False
        self._sent += sent
        self._rate.add(sent)
        return self._sent == self._buffered

    def check_rate(self) -> None:
        """Raise :class:`TooSlow` if the client is too slow."""
        self._rate.seconds_left()

    def close(self) -> None:
        self._file.close()
        BufferedTotal.add(-self._buffered)
        self._buffered = 0


class _End:
    """Detects the end of a request, by ``Content-Length`` or by chunks.

    ``expects_continue`` is true if the client waits for ``100 Continue`` before it sends the body.
    """

    def __init__(self) -> None:
        self.reached = self.expects_continue = False
        self._head: bytearray | None = bytearray()
        self._chunks: _Chunks | None = None
        self._missing = 0

    def feed(self, data: bytes) -> None:
        """Process the next bytes. Raises :class:`TooLarge` if the head or the body is too large."""
        if self._head is not None:
            self._head += data
            head, end, data = bytes(self._head).partition(b"\r\n\r\n")
            if len(head) > HEAD_BYTES:
                raise TooLarge("431 Request Header Fields Too Large")
            if not end:
                return
            self._head = None
            self._begin_body(head)
            self._feed_body(data)
            self.expects_continue = bool(_EXPECTS.search(head)) and not self.reached
        else:
            self._feed_body(data)

    def _begin_body(self, head: bytes) -> None:
        if _CHUNKED.search(head):
            self._chunks = _Chunks()
        elif found := _LENGTH.search(head):
            self._missing = int(found[1])
            if self._missing > REQUEST_BYTES:
                raise TooLarge("413 Content Too Large")

    def _feed_body(self, data: bytes) -> None:
        if self._chunks:
            self._chunks.feed(data)
            self.reached = self._chunks.ended
        else:
            self._missing -= len(data)
            self.reached = self._missing <= 0


class _Chunks:
    """Detects the end of a chunked body (RFC 9112, 7.1). A malformed body ends early, and gunicorn rejects it."""

    def __init__(self) -> None:
        self.ended = self._in_trailers = False
        self._skip = 0
        self._line = b""

    def feed(self, data: bytes) -> None:
        while data and not self.ended:
            if self._skip:
                skipped = min(self._skip, len(data))
                self._skip -= skipped
                data = data[skipped:]
                continue
            line, newline, data = data.partition(b"\n")
            self._line += line
            if newline:
                self._process_line(self._line.strip())
                self._line = b""
            elif len(self._line) > HEAD_BYTES:
                self.ended = True

    def _process_line(self, line: bytes) -> None:
        if self._in_trailers:
            self.ended = not line
        elif line:  # an empty line ends the previous chunk
            try:
                self._skip = int(line.partition(b";")[0], 16)
            except ValueError:
                self.ended = True
            self._in_trailers = self._skip == 0
