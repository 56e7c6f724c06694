"""The end of a request is found wherever its bytes are split."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from alliance import buffering
from alliance.buffering import BufferedTotal, Progress, Rate, RequestBuffer, TooLarge, TooSlow

HEAD = b"POST / HTTP/1.1\r\nHost: x\r\n"
REQUESTS = {
    "no body": HEAD + b"\r\n",
    "length": HEAD + b"content-length: 5\r\n\r\nhello",
    "chunks": HEAD
    + b"Transfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\nA\r\n0123456789\r\n0\r\n\r\n",
    "trailers": HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n1\r\n\n\r\n0\r\nA: b\r\n\r\n",
}


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    with ours, theirs:
        yield ours, theirs


@pytest.mark.parametrize("whole", REQUESTS.values(), ids=REQUESTS)
def test_request_is_complete_at_its_last_byte(
    whole: bytes, pair: tuple[socket.socket, socket.socket]
) -> None:
    ours, theirs = pair
    for cut in range(1, len(whole)):
        request = RequestBuffer()
        theirs.sendall(whole[:cut])
        assert request.receive(ours) is Progress.INCOMPLETE
        theirs.sendall(whole[cut:])
        assert request.receive(ours) is Progress.COMPLETE
        assert request.read(4) + request.read(10_000) == whole
        assert not request.unread
        request.close()


def test_closing_releases_the_buffer(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = pair
    before = BufferedTotal._bytes
    request = RequestBuffer()
    theirs.sendall(REQUESTS["length"])
    request.receive(ours)
    assert BufferedTotal._bytes == before + len(REQUESTS["length"])
    request.close()
    assert BufferedTotal._bytes == before


def test_buffer_of_a_process_is_bounded(
    pair: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = pair
    monkeypatch.setattr(buffering, "PROCESS_BYTES", BufferedTotal._bytes + 10)
    theirs.sendall(HEAD)
    request = RequestBuffer()
    with pytest.raises(TooLarge, match="503"):
        request.receive(ours)
    request.close()


def test_closed_connection_is_detected(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = pair
    theirs.sendall(HEAD)
    theirs.close()
    request = RequestBuffer()
    assert request.receive(ours) is Progress.CLOSED
    request.close()


def test_minimum_transfer_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(buffering.time, "monotonic", lambda: now[0])
    rate = Rate()
    now[0] += 1000  # time before the first byte does not count
    rate.add(buffering.BYTES_PER_SECOND * 10)
    now[0] += buffering.GRACE_SECONDS + 9
    assert rate.seconds_left() == pytest.approx(1)
    now[0] += 1
    with pytest.raises(TooSlow):
        rate.seconds_left()
