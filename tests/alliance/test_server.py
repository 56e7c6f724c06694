"""The gunicorn configuration: slow clients, spoofed headers and log contents."""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from django.conf import settings as portal
from django.test import Client

from alliance.buffering import REQUEST_BYTES
from tests import factories
from tests.alliance.bare_application import LARGE
from tests.processes import Process, environment, free_port, wait_for

pytestmark = pytest.mark.slow

BARE = "tests.alliance.bare_application"
THREADS = 2
# Far more connections than there are threads.
SLOW = 12 * THREADS
# Seconds; a thread that waits for a slow client never answers.
BOUND = 5


class Server:
    """gunicorn on loopback with one process and few threads."""

    def __init__(self, log: Path, *arguments: str, **extra: str) -> None:
        self.port = free_port()
        command = [sys.executable, "-m", "gunicorn", *(arguments or ("alliance.wsgi",))]
        command += ["--bind", f"127.0.0.1:{self.port}", "--workers", "1"]
        command += ["--threads", str(THREADS)]
        self.process = Process(command, log, environment(**extra))

    def answers(self) -> bool:
        try:
            return self.get("/healthz")[0] == 200
        except OSError:
            return False

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        connection = self.connection()
        try:
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()

    def connection(self, timeout: float = 15) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)

    def socket(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=10)

    def send_raw(self, data: bytes) -> bytes:
        """Send ``data`` unchanged and return everything up to the end of the connection."""
        with self.socket() as one:
            one.sendall(data)
            one.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: one.recv(65536), b""))


@contextmanager
def serving(log: Path, *arguments: str, **extra: str) -> Iterator[Server]:
    server = Server(log, *arguments, **extra)
    try:
        wait_for(server.answers, seconds=60, what=f"gunicorn, see {log}")
        yield server
    finally:
        server.process.stop()


@pytest.fixture(scope="module")
def server(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    log = tmp_path_factory.mktemp("server") / "gunicorn.log"
    with serving(log, REQUIRE_SECOND_FACTOR="1") as one:
        yield one


@pytest.fixture(scope="module")
def bare(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("bare") / "gunicorn.log", BARE) as one:
        yield one


HEAD = "POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PARTIAL_REQUESTS = {
    "nothing": b"",
    "head": b"POST /accounts/login/ HT",
    "body": f"{HEAD}Content-Length: 5000\r\n\r\nlogin=".encode(),
    "chunk": f"{HEAD}Transfer-Encoding: chunked\r\n\r\n1000\r\nlogin=".encode(),
    "chunk size": f"{HEAD}Transfer-Encoding: chunked\r\n\r\n1".encode(),
    "empty lines": b"\r\n\r\n",
}


@pytest.mark.parametrize("begun", PARTIAL_REQUESTS.values(), ids=PARTIAL_REQUESTS)
def test_slow_requests_do_not_block_others(server: Server, begun: bytes) -> None:
    with ExitStack() as stack:
        slow = [stack.enter_context(server.socket()) for _ in range(SLOW)]
        for _ in range(3):
            for one in slow:
                try:
                    one.sendall(begun or b"")
                except OSError:
                    pass  # gunicorn has closed the connection of an invalid request
            begun = b"1" if begun else b""
            time.sleep(0.3)
            started = time.monotonic()
            assert server.get("/healthz")[0] == 200
            assert time.monotonic() - started < BOUND


def test_too_slow_client_is_disconnected(django_db_setup: None, tmp_path: Path) -> None:
    with (
        serving(tmp_path / "gunicorn.log", BARE, "--keep-alive", "2") as server,
        server.socket() as one,
    ):
        one.sendall(PARTIAL_REQUESTS["body"])
        assert one.recv(100) == b""


def test_slow_readers_do_not_block_others(bare: Server) -> None:
    with ExitStack() as stack:
        slow = []
        for n in range(4 * THREADS):
            one = stack.enter_context(socket.socket())
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096 if n else 256 * 1024)
            one.settimeout(10)
            one.connect(("127.0.0.1", bare.port))
            one.sendall(b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n")
            slow.append(one)
        time.sleep(0.5)
        for _ in range(3):
            started = time.monotonic()
            assert bare.get("/healthz")[0] == 200
            assert time.monotonic() - started < BOUND
        # A client that reads on gets the whole body and can send another request.
        answer = bytearray()
        while not answer.endswith(LARGE[-16:]) or len(answer) <= len(LARGE):
            answer += slow[0].recv(1024 * 1024)
        assert bytes(answer).partition(b"\r\n\r\n")[2] == LARGE
        slow[0].sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert b" 200 OK" in slow[0].recv(65536)


def test_complete_requests_are_answered_in_every_encoding(server: Server) -> None:
    for chunked in (True, False):
        connection = server.connection()
        body = iter([b"login=", b"x" * 300_000]) if chunked else b"login=" + b"x" * 300_000
        connection.request("POST", "/accounts/login/", body, FORM, encode_chunked=chunked)
        response = connection.getresponse()
        assert (response.status, bool(response.read())) == (403, True)  # no CSRF token
        connection.close()
    connection = server.connection()
    for _ in range(3):  # one connection
        connection.request("GET", "/healthz")
        assert connection.getresponse().read() == b'{"status": "ok"}'
    connection.close()
    with server.socket() as one:
        one.sendall(f"{HEAD}Expect: 100-continue\r\nContent-Length: 7\r\n\r\n".encode())
        assert one.recv(100).startswith(b"HTTP/1.1 100 ")
        one.sendall(b"login=x")
        answer = one.recv(65536)
        assert b" 403 " in answer or b" 403 " in one.recv(65536)
    with server.socket() as one:
        for byte in b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n":
            one.sendall(bytes([byte]))
        assert b" 200 OK" in one.recv(65536)


def test_too_large_request_is_refused_by_its_headers(server: Server) -> None:
    head = f"{HEAD}Content-Length: {REQUEST_BYTES + 1}\r\n\r\n"
    assert server.send_raw(head.encode()).startswith(b"HTTP/1.1 413 ")
    assert server.send_raw(b"GET / HTTP/1.1\r\nX: " + b"x" * 70_000).startswith(b"HTTP/1.1 431 ")


def test_pipelined_request_closes_the_connection(
    server: Server,
) -> None:
    one = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    assert server.send_raw(one + one).count(b"HTTP/1.1 200") == 1


@pytest.mark.django_db(transaction=True)
def test_headers_cannot_bypass_the_second_factor(server: Server) -> None:
    moderator = factories.moderator()
    browser = Client()
    browser.force_login(moderator)
    cookie = f"{portal.SESSION_COOKIE_NAME}={browser.cookies[portal.SESSION_COOKIE_NAME].value}"
    assert server.get("/accounts/2fa/", Cookie=cookie)[0] == 200
    assert server.get("/triage/", Cookie=cookie)[0] == 302
    for name in ("SCRIPT_NAME", "Script-Name", "PATH_INFO"):
        status, page = server.get("/accounts/triage/", Cookie=cookie, **{name: "/accounts"})
        assert (status, "Triage" in page.partition("<main")[2]) == (404, False), name


def test_gunicorn_logs_no_key_and_no_address(server: Server) -> None:
    line = b"GET /accounts/password/reset/key/3-s3cretkey/?to=fay.filer%40brand.example HTTP/7.7\r\n\r\n"
    assert b" 400 " in server.send_raw(line)
    bad = (
        b"GET /accounts/password/reset/key/3-s3cretkey/ or fay.filer@brand.example HTTP/1.1\r\n\r\n"
    )
    assert b" 400 " in server.send_raw(bad)
    bad = b"GET /x HTTP/1.1\r\nfay.filer@brand.example 1\r\n\r\n"
    assert b" 400 " in server.send_raw(bad)
    log = server.process.log.read_text()
    assert log.count("Invalid request from") >= 3
    for word in ("s3cretkey", "fay.filer", "127.0.0.1: "):
        assert word not in log
    lines = [text for text in log.splitlines() if "Invalid request" in text]
    assert {json.loads(text)["logger"] for text in lines} == {"gunicorn.error"}


def test_gunicorn_error_logs_no_key_and_no_address(bare: Server) -> None:
    assert bare.get("/accounts/password/reset/key/3-s3cretkey/?to=a%40b.example")[0] == 500
    log = bare.process.log.read_text()
    assert "Error handling request GET /accounts/password/reset/key/***/" in log
    assert "RuntimeError" in log
    for word in ("s3cretkey", "fay.filer", "b.example"):
        assert word not in log


@pytest.mark.django_db
def test_statement_timeout_of_web_processes() -> None:
    """Set by gunicorn.conf.py; the environment takes precedence."""
    code = (
        "import runpy; runpy.run_path('gunicorn.conf.py')\n"
        "import django; django.setup()\n"
        "from django.db import connection\n"
        "cursor = connection.cursor()\n"
        "cursor.execute(\"SELECT current_setting('statement_timeout'), current_setting('lock_timeout')\")\n"
        "print(*cursor.fetchone())\n"
    )
    for extra, expected in (({}, "30s 10s"), ({"DATABASE_STATEMENT_SECONDS": "0"}, "0 10s")):
        run = subprocess.run(
            [sys.executable, "-c", code],
            env=environment(DJANGO_SETTINGS_MODULE="alliance.settings", **extra),
            cwd=portal.BASE_DIR,
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.stdout.strip() == expected, run.stderr
