"""Webhooks over TLS, with a certificate authority of the test."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from alliance.lib import http
from tests.liaison.line import Line
from tests.liaison.receiver import Receiver

pytestmark = pytest.mark.django_db(transaction=True)


def _signed(
    name: str, key: Any, issuer: str, by: Any, *extensions: x509.ExtensionType
) -> x509.Certificate:
    def named(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])

    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(named(name))
        .issuer_name(named(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
    )
    for extension in extensions:
        builder = builder.add_extension(extension, critical=True)
    return builder.sign(by, hashes.SHA256())


def _pem(path: Path, *parts: bytes) -> str:
    path.write_bytes(b"".join(parts))
    return str(path)


@pytest.fixture
def authority(tmp_path: Path) -> tuple[str, ssl.SSLContext]:
    """Return the file of the authority's certificate, and a server context with a certificate it signed."""
    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    is_authority = x509.BasicConstraints(ca=True, path_length=0)
    root = _signed("Test authority", root_key, "Test authority", root_key, is_authority)
    here = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    leaf = _signed("agency.example", key, "Test authority", root_key, here)
    encoding = serialization.Encoding.PEM
    secret = key.private_bytes(
        encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_pem(tmp_path / "leaf.pem", leaf.public_bytes(encoding), secret))
    return _pem(tmp_path / "root.pem", root.public_bytes(encoding)), context


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """A list with one entry for each TLS context that is built. Begins without a cached context."""
    contexts: list[int] = []
    create = ssl.create_default_context

    def counting(*args: Any, **kwargs: Any) -> ssl.SSLContext:
        contexts.append(1)
        return create(*args, **kwargs)

    monkeypatch.setattr(ssl, "create_default_context", counting)
    http.system_context.cache_clear()
    yield contexts
    http.system_context.cache_clear()


def test_the_tls_context_is_built_once(
    authority: tuple[str, ssl.SSLContext],
    built: list[int],
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = True
    root, server = authority
    monkeypatch.setenv("SSL_CERT_FILE", root)
    with Receiver(tls=server) as receiver:
        line = Line(receiver.url, cases=2)
        assert line.drain() == 2
        for turn in range(2, 5):
            line.change(line.referrals[0])
            assert line.drain() == 1
            assert len(receiver.calls) == turn + 1
    assert line.waiting() == 0
    assert len(built) == 1


def test_an_untrusted_certificate_is_refused(
    authority: tuple[str, ssl.SSLContext], built: list[int], settings: Any
) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = True
    with Receiver(tls=authority[1]) as receiver:
        line = Line(receiver.url)
        assert line.drain() == 0
        assert receiver.calls == []
    assert line.channel.last_error == "certificate_refused"
