"""The webhook endpoints of the harness ignore incomplete requests."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from tests.faults.receiver import Inbox, List

HEAD = (
    b"POST /updates HTTP/1.1\r\nhost: a.example\r\nwebhook-id: m\r\nwebhook-timestamp: 1\r\n"
    b"webhook-signature: v1,wrong\r\ncontent-length: 20\r\n\r\n"
)


@pytest.mark.parametrize(
    ("body", "noted"), [(b"", []), (b"x" * 19, []), (b"x" * 20, ["signature"])]
)
def test_an_incomplete_request_is_no_wrong_signature(
    tmp_path: Path, body: bytes, noted: list[str]
) -> None:
    """A worker may be killed between sending the headers and the body."""
    kept = tmp_path / "received.jsonl"
    with Inbox(List(kept), "a") as inbox:
        inbox.secret = "whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0"
        port = int(inbox.url.split(":")[2].split("/")[0])
        with socket.create_connection(("127.0.0.1", port), timeout=5) as sender:
            sender.sendall(HEAD + body)
            sender.shutdown(socket.SHUT_WR)
            sender.recv(1000)
    assert [json.loads(line)["wrong"] for line in kept.read_text().splitlines()] == noted
