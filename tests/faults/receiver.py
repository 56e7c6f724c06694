"""The agencies' webhook endpoints and mail server, in their own process. They store each update once, or misbehave.

Reads messages from standard input: ``{"hook": 0, "mode": …, "keeps": true}``. In a mode other than ``ok`` an
endpoint misbehaves, after storing the update (``keeps``: only the response is lost) or without storing it.
``ok`` and ``endless`` respond with 2xx and always store. Stored updates are written to a file.
"""

from __future__ import annotations

import json
import os
import socketserver
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from tests.liaison import receiver as act

MODES: dict[str, Callable[[Any], None]] = {
    "ok": act.status(204),
    "silence": act.silence(4),
    "reset": act.reset,
    "error": act.status(500, b"out of order"),
    "busy": act.status(429, retry_after="1"),
    "away": act.status(503),
    "missing": act.status(404),
    "redirect": act.status(302, location="http://169.254.169.254/latest/meta-data/"),
    "dripping": act.dripping,
    "garbage": act.garbage,
    "endless": act.endless,
}


class List:
    """A file of JSON lines. Each line is on disk when ``add`` returns."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", buffering=1)
        self._lock = threading.Lock()

    def add(self, **line: Any) -> None:
        with self._lock:
            self._file.write(json.dumps(line) + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())


class Inbox(act.Receiver):
    """An agency's endpoint: verifies signatures, recognises duplicates, and responds by its mode."""

    def __init__(self, kept: List, name: str) -> None:
        super().__init__()
        self.kept, self.name, self.canary = kept, name, ""
        self.seen: dict[str, tuple[str, int]] = {}
        self.secret = ""
        self.mode, self.keeps = "ok", True
        self.storing = threading.Lock()

    def got(self, call: act.Call) -> act.Answer:
        mode, keeps = self.mode, self.keeps
        if mode in ("ok", "endless") or keeps:
            try:
                Webhook(self.secret).verify(call.body, call.headers)
            except WebhookVerificationError:
                self.kept.add(channel=self.name, wrong="signature")
                return act.status(401)
            self._store(call)
        if mode == "moved":
            return act.status(302, location=self.canary)
        return MODES[mode]

    def _store(self, call: act.Call) -> None:
        update = call.data
        with self.storing:
            again = call.id in self.seen
            self.seen[call.id] = (update["referral"]["reference"], update["sequence"])
            self.kept.add(
                channel=self.name,
                id=call.id,
                ref=update["referral"]["reference"],
                seq=update["sequence"],
                token=update["note"],
                again=again,
            )


class _Mail(socketserver.StreamRequestHandler):
    """A minimal mail server."""

    kept: List
    names: dict[str, str]

    def handle(self) -> None:
        try:
            self._talk()
        except OSError:
            pass  # a message without its last line is not accepted

    def _talk(self) -> None:
        self._say("220 mail.example")
        to = ""
        while line := self.rfile.readline().decode("latin-1").strip():
            word = line.split()[0].upper()
            if word == "RCPT":
                to = line.partition("<")[2].partition(">")[0]
            if word == "DATA":
                self._say("354 go on")
                self._take(to)
            self._say("221 bye" if word == "QUIT" else "250 mail.example")

    def _take(self, to: str) -> None:
        message = ""
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                raise OSError("cut")
            if line.lower().startswith(b"x-portal-message:"):
                message = line.decode().partition(":")[2].strip()
        if to in self.names:
            self.kept.add(channel=self.names[to], id=message)

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class Threads(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Suppress the output."""


def main(folder: Path) -> None:
    """Serve until standard input ends. The first line of output contains the ports."""
    kept = List(folder / "received.jsonl")
    mail = Threads(("127.0.0.1", 0), type("Mail", (_Mail,), {"kept": kept, "names": {}}))
    threading.Thread(target=mail.serve_forever, args=(0.1,), daemon=True).start()
    inboxes = [Inbox(kept, ""), Inbox(kept, "")]
    forbidden = act.Receiver(decide=lambda _: _touched(kept))
    with inboxes[0], inboxes[1], forbidden:
        for inbox in inboxes:
            inbox.canary = forbidden.url
        ports = [int(inbox.url.split(":")[2].split("/")[0]) for inbox in inboxes]
        sys.stdout.write(json.dumps({"hooks": ports, "mail": mail.server_address[1]}) + "\n")
        sys.stdout.flush()
        for line in iter(sys.stdin.readline, ""):
            message = json.loads(line)
            if "names" in message:
                mail.RequestHandlerClass.names = message["names"]  # type: ignore[attr-defined]
                continue
            inbox = inboxes[message["hook"]]
            if "secret" in message:
                inbox.name, inbox.secret = message["name"], message["secret"]
            inbox.mode, inbox.keeps = message.get("mode", "ok"), message.get("keeps", True)
            inbox.closing.set()
            time.sleep(0.02)
            inbox.closing.clear()


def _touched(kept: List) -> act.Answer:
    kept.add(channel="", wrong="a redirect was followed")
    return act.status(204)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
