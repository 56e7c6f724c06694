"""A request as it arrives and an answer as it leaves: kept without waiting, in memory and then in a file, within limits.

Only the end of the request is looked for here. gunicorn reads and judges what was collected; where the two
disagree about the end, gunicorn finds the request cut off and closes the connection.
"""

from __future__ import annotations

import re
import socket
import threading
import time
from enum import Enum
from tempfile import SpooledTemporaryFile
from typing import Final

# A client may take this many seconds, and one more for each so many bytes.
GRACE_SECONDS: Final = 20.0
BYTES_A_SECOND: Final = 4096
# The head of a request: the request line and the headers.
HEAD_BYTES: Final = 64 * 1024
# One request, and all that a process has collected at a time. The proxy's limit is the same as the first.
REQUEST_BYTES: Final = 256 * 1024 * 1024
PROCESS_BYTES: Final = 768 * 1024 * 1024
MEMORY_BYTES: Final = 128 * 1024
# What is taken from one client in one go, before others have their turn.
TURN_BYTES: Final = 4 * 1024 * 1024
_CHUNK: Final = 64 * 1024

_LENGTH = re.compile(
    rb"^content-length[ \t]*:[ \t]*(\d{1,15})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE
)
_CHUNKED = re.compile(rb"^transfer-encoding[ \t]*:[^\n]*chunked", re.IGNORECASE | re.MULTILINE)
_EXPECTS = re.compile(rb"^expect[ \t]*:[ \t]*100-continue", re.IGNORECASE | re.MULTILINE)


class TooSlow(Exception):
    """The client is slower than is permitted."""


class Pace:
    """Bytes against seconds, from the first byte on."""

    def __init__(self) -> None:
        self._bytes = 0
        self._began: float | None = None

    def add(self, count: int) -> None:
        if self._began is None:
            self._began = time.monotonic()
        self._bytes += count

    def seconds_left(self) -> float:
        """Return the seconds until the client is too slow. Raises :class:`TooSlow` when it is already."""
        if self._began is None:
            return GRACE_SECONDS
        permitted = GRACE_SECONDS + self._bytes / BYTES_A_SECOND
        left = permitted - (time.monotonic() - self._began)
        if left <= 0:
            raise TooSlow
        return left


class TooLarge(Exception):
    """The request, or all requests together, are too large. The text is the status to answer with."""


class Progress(Enum):
    INCOMPLETE = "incomplete"
    COMPLETE = "complete"
    CLOSED = "closed"


class BufferedTotal:
    """The bytes that this process keeps of requests and answers."""

    _lock = threading.Lock()
    _bytes = 0

    @classmethod
    def add(cls, count: int) -> None:
        with cls._lock:
            cls._bytes += count

    @classmethod
    def is_too_much(cls) -> bool:
        return cls._bytes > PROCESS_BYTES


def _file() -> SpooledTemporaryFile[bytes]:
    return SpooledTemporaryFile(max_size=MEMORY_BYTES)


class RequestBuffer:
    """One request of one connection."""

    def __init__(self) -> None:
        self._file = _file()
        self._collected = self._read = 0
        self._pace = Pace()
        self._end = _End()

    def collect(self, sock: socket.socket) -> Progress:
        """Take what ``sock`` has. Raises :class:`TooSlow`, :class:`TooLarge`, and ``OSError`` of the socket."""
        until = self._collected + TURN_BYTES
        while not self._end.reached and self._collected < until:
            try:
                data = sock.recv(_CHUNK)
            except BlockingIOError:
                break
            if not data:
                return Progress.CLOSED
            self._add(data)
            if self._end.wants_to_be_told:
                sock.send(b"HTTP/1.1 100 Continue\r\n\r\n")
                self._end.wants_to_be_told = False
        if self._end.reached:
            self._file.seek(0)
            return Progress.COMPLETE
        self._pace.seconds_left()
        return Progress.INCOMPLETE

    def read(self, size: int) -> bytes:
        """Return up to ``size`` of the bytes collected."""
        data = self._file.read(size)
        self._read += len(data)
        return data

    @property
    def unread(self) -> bool:
        return self._read < self._collected

    def close(self) -> None:
        """Give up what was collected."""
        self._file.close()
        BufferedTotal.add(-self._collected)
        self._collected = self._read = 0

    def _add(self, data: bytes) -> None:
        self._pace.add(len(data))
        self._file.write(data)
        self._collected += len(data)
        BufferedTotal.add(len(data))
        self._end.look(data)
        if self._collected > REQUEST_BYTES:
            raise TooLarge("413 Content Too Large")
        if BufferedTotal.is_too_much():
            raise TooLarge("503 Service Unavailable")


class ResponseBuffer:
    """What of an answer the client has not taken yet."""

    def __init__(self) -> None:
        self._file = _file()
        self._kept = self._sent = 0
        self._pace = Pace()
        self._pace.add(0)

    def add(self, data: bytes) -> None:
        """Keep ``data``. Raises :class:`TooLarge`."""
        self._file.seek(self._kept)
        self._file.write(data)
        self._kept += len(data)
        BufferedTotal.add(len(data))
        if BufferedTotal.is_too_much():
            raise TooLarge("503 Service Unavailable")

    def send(self, sock: socket.socket) -> bool:
        """Send what ``sock`` takes now; return whether that was the rest. Raises ``OSError`` of the socket."""
        self._file.seek(self._sent)
        try:
            sent = sock.send(self._file.read(_CHUNK))
        except BlockingIOError:
            return False
        self._sent += sent
        self._pace.add(sent)
        return self._sent == self._kept

    def check_pace(self) -> None:
        """Raise :class:`TooSlow` when the client takes too long."""
        self._pace.seconds_left()

    def close(self) -> None:
        self._file.close()
        BufferedTotal.add(-self._kept)
        self._kept = 0


class _End:
    """Finds the end of a request in its bytes, by ``Content-Length`` or by chunks.

    ``wants_to_be_told``: the client sends the body only after it was told to go on.
    """

    def __init__(self) -> None:
        self.reached = self.wants_to_be_told = False
        self._head: bytearray | None = bytearray()
        self._chunks: _Chunks | None = None
        self._missing = 0

    def look(self, data: bytes) -> None:
        """Take the next bytes into account. Raises :class:`TooLarge` for a head without an end."""
        if self._head is not None:
            self._head += data
            head, end, data = bytes(self._head).partition(b"\r\n\r\n")
            if len(head) > HEAD_BYTES:
                raise TooLarge("431 RequestBuffer Header Fields Too Large")
            if not end:
                return
            self._head = None
            self._begin_body(head)
            self._look_at_body(data)
            self.wants_to_be_told = bool(_EXPECTS.search(head)) and not self.reached
        else:
            self._look_at_body(data)

    def _begin_body(self, head: bytes) -> None:
        if _CHUNKED.search(head):
            self._chunks = _Chunks()
        elif found := _LENGTH.search(head):
            self._missing = int(found[1])
            if self._missing > REQUEST_BYTES:
                raise TooLarge("413 Content Too Large")

    def _look_at_body(self, data: bytes) -> None:
        if self._chunks:
            self._chunks.look(data)
            self.reached = self._chunks.ended
        else:
            self._missing -= len(data)
            self.reached = self._missing <= 0


class _Chunks:
    """Finds the end of a chunked body (RFC 9112, 7.1). What is malformed ends it: gunicorn refuses it then."""

    def __init__(self) -> None:
        self.ended = self._in_trailers = False
        self._skip = 0
        self._line = b""

    def look(self, data: bytes) -> None:
        while data and not self.ended:
            if self._skip:
                skipped = min(self._skip, len(data))
                self._skip -= skipped
                data = data[skipped:]
                continue
            line, newline, data = data.partition(b"\n")
            self._line += line
            if newline:
                self._take_line(self._line.strip())
                self._line = b""
            elif len(self._line) > HEAD_BYTES:
                self.ended = True

    def _take_line(self, line: bytes) -> None:
        if self._in_trailers:
            self.ended = not line
        elif line:  # an empty line ends the chunk before
            try:
                self._skip = int(line.partition(b";")[0], 16)
            except ValueError:
                self.ended = True
            self._in_trailers = self._skip == 0
