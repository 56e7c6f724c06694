"""Outgoing requests to URLs from users: addresses are checked when the socket opens."""

from __future__ import annotations

import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from alliance.lib import http
from alliance.lib.addresses import is_public


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "100.100.100.200",
        "169.254.169.254",
        "168.63.129.16",
        "192.0.0.192",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "2001:db8::1",
        "::7f00:1",
        "not an address",
    ],
)
def test_non_public_addresses(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "223.5.5.5", "2001:4860:4860::8888", "64:ff9b::808:808"]
)
def test_public_addresses(address: str) -> None:
    assert is_public(address)


def _resolves_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[Any]:
    """Make every name resolve to ``addresses``; return the list of addresses connected to."""
    opened: list[Any] = []

    def connect(self: socket.socket, address: Any) -> None:
        opened.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, port, **_: [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, port)) for a in addresses
        ],
    )
    monkeypatch.setattr(socket.socket, "connect", connect)
    return opened


@pytest.mark.parametrize("address", ["127.0.0.1", "169.254.169.254", "10.0.0.5"])
def test_name_that_resolves_to_a_private_address_is_refused(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    opened = _resolves_to(monkeypatch, address)
    with pytest.raises(http.Failed, match="address_refused"):
        http.Endpoint("https://agency.example/in").post(b"{}", {})
    assert opened == []


def test_only_public_addresses_of_a_name_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = _resolves_to(monkeypatch, "10.0.0.5", "8.8.8.8", "127.0.0.1")
    with pytest.raises(http.Failed, match="connect_failed"):
        http.Endpoint("https://agency.example/in").post(b"{}", {})
    assert opened == ["8.8.8.8"]


def test_hanging_resolver_times_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The number of hanging lookups is bounded."""
    asked = threading.Semaphore(0)
    answers = threading.Event()

    def hangs(*_: Any, **__: Any) -> list[Any]:
        asked.release()
        answers.wait(30)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hangs)
    monkeypatch.setattr(http, "CONNECT_SECONDS", 0.1)
    monkeypatch.setattr(http, "_lookups", threading.BoundedSemaphore(2))
    endpoint = http.Endpoint("https://agency.example/in")
    for _ in range(5):
        with pytest.raises(http.Failed, match="name_timed_out"):
            endpoint.post(b"{}", {})
    assert asked.acquire(timeout=5)
    assert asked.acquire(timeout=5)
    assert not asked.acquire(blocking=False)
    answers.set()
    for thread in threading.enumerate():
        if thread.name == "resolver":
            thread.join(5)


def test_timeout_during_the_lookup_prevents_the_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The total time ran out while the name was being resolved."""
    opened = socket.create_server(("127.0.0.1", 0))
    connection = http._Connection("agency.example", opened.getsockname()[1], None, private=True)
    monkeypatch.setattr(
        http, "_addresses", lambda *_: (connection.abort(), [_entry(opened.getsockname())])[1]
    )
    with pytest.raises(http.Failed, match="too_slow"):
        connection.connect()
    connection.close()
    opened.close()


def _entry(address: Any) -> Any:
    return (socket.AF_INET, socket.SOCK_STREAM, 6, "", address)


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("http://agency.example/", "not_https"),
        ("https://name:word@agency.example/", "address_malformed"),
        ("https:///path", "address_malformed"),
        ("https://agency.example:99999/", "address_malformed"),
        ("file:///etc/passwd", "address_malformed"),
        ("gopher://agency.example/", "address_malformed"),
        ("https://:password@agency.example/", "address_malformed"),
        ("https://@agency.example/", "address_malformed"),
    ],
)
def test_invalid_urls_are_refused(url: str, kind: str) -> None:
    with pytest.raises(http.Failed, match=kind):
        http.Endpoint(url)


def test_socket_has_tcp_nodelay() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        made = http._open("127.0.0.1", server.getsockname()[1], private=True)
        with made:
            assert made.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


class _TlsServer:
    """Answers 204 over TLS and records the server names that clients ask for."""

    def __init__(self, folder: Path, name: str) -> None:
        self.names: list[str | None] = []
        self.requests: list[bytes] = []
        certificate, key = _certificate(folder, name)
        self.authority = certificate
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate, key)
        self.context.sni_callback = lambda _s, name, _c: self.names.append(name)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                raw, _ = self.socket.accept()
                with self.context.wrap_socket(raw, server_side=True) as connection:
                    # Read the whole body: closing with unread data resets the connection.
                    request = b""
                    while chunk := connection.recv(65536):
                        request += chunk
                        if request.endswith(b"\r\n\r\n{}"):
                            break
                    self.requests.append(request)
                    connection.sendall(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n")
            except ssl.SSLError:
                continue
            except OSError:
                return


def _certificate(folder: Path, name: str) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "c.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "k.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return folder / "c.pem", folder / "k.pem"


def _resolve_to_localhost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, port, **_: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))],
    )


def test_tls_sends_and_verifies_the_server_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _resolve_to_localhost(monkeypatch)
    server = _TlsServer(tmp_path, "agency.example")
    context = ssl.create_default_context(cafile=str(server.authority))
    url = f"https://agency.example:{server.port}/in?desk=1"
    with http.Endpoint(url, private=True, context=context) as endpoint:
        assert endpoint.post(b"{}", {"x-a": "b"}).status == 204
    assert server.names == ["agency.example"]
    assert server.requests[0].startswith(b"POST /in?desk=1 HTTP/1.1\r\n")
    assert f"Host: agency.example:{server.port}".encode() in server.requests[0]
    stranger = f"https://other.example:{server.port}/in"
    with pytest.raises(http.Failed, match="certificate_refused"):
        http.Endpoint(stranger, private=True, context=context).post(b"{}", {})


def test_untrusted_certificate_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _resolve_to_localhost(monkeypatch)
    server = _TlsServer(tmp_path, "agency.example")
    with pytest.raises(http.Failed, match="certificate_refused"):
        http.Endpoint(f"https://agency.example:{server.port}/", private=True).post(b"{}", {})


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://agency.example/in", "agency.example"),
        ("https://agency.example:443/in", "agency.example"),
        ("https://agency.example:8443/in", "agency.example:8443"),
        ("http://[::1]:8080/in", "[::1]:8080"),
        ("https://übung.example/in", "xn--bung-zra.example"),
    ],
)
def test_host_header_has_the_port_unless_it_is_the_default(url: str, host: str) -> None:
    head = http.Endpoint(url, private=True).head(b"{}", {"x-a": "b"})
    assert head.split("\n") == [
        "POST /in HTTP/1.1",
        f"host: {host}",
        "accept-encoding: identity",
        "content-length: 2",
        "x-a: b",
    ]
    with pytest.raises(http.Failed, match="address_malformed"):
        http.Endpoint(f"https://{'ü' * 80}.example/")
