"""An OpenID Connect provider on this machine: discovery, authorisation, token, keys and user information.

Tests change its attributes to make it misbehave. It signs with a key that it makes when it starts.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT = "portal"
SECRET = "a-secret-of-the-test"


class IdentityProvider:
    """The state of the provider. ``person`` has the claims about the next person who logs in."""

    def __init__(self, port: int) -> None:
        self.issuer = f"http://127.0.0.1:{port}"
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.codes: dict[str, dict[str, str]] = {}
        self.paths: list[str] = []
        self.reset()

    def reset(self) -> None:
        self.person: dict[str, Any] = {}
        # Claims that replace the right ones, changes of the discovery document and of the token endpoint's response, and
        # how endpoints misbehave.
        self.wrong: dict[str, Any] = {}
        self.discovery: dict[str, Any] = {}
        self.answer: dict[str, Any] = {}
        self.signing_key: Any = None
        self.algorithm = "RS256"
        self.redirects: dict[str, str] = {}
        self.hang: threading.Event | None = None
        self.raw: bytes | None = None
        self.paths.clear()

    def logs_in(self, email: str, **claims: Any) -> None:
        """Set the person that the provider logs in next."""
        self.person = {"sub": f"sub-{email}", "email": email, "email_verified": True} | claims

    # --- Endpoints ----------------------------------------------------------------------------
    def document(self) -> dict[str, Any]:
        names = {
            "authorization_endpoint": "/authorize",
            "token_endpoint": "/token",
            "jwks_uri": "/keys",
            "userinfo_endpoint": "/userinfo",
        }
        found: dict[str, Any] = {name: self.issuer + path for name, path in names.items()}
        found["token_endpoint_auth_methods_supported"] = ["client_secret_basic"]
        return found | {"issuer": self.issuer} | self.discovery

    def authorise(self, asked: dict[str, str]) -> str:
        """Return the redirect back, as if the person had entered a password here."""
        assert asked["client_id"] == CLIENT
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, sent: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        asked = self.codes.pop(sent.get("code", ""), None)
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if authorization != f"Basic {basic}" or asked is None:
            return 401, {"error": "invalid_client"}
        if asked["code_challenge"] != challenge or asked["redirect_uri"] != sent["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 60,
            "nonce": asked["nonce"],
            **self.person,
            **self.wrong,
        }
        key = (
            self.key if self.signing_key is None and self.algorithm != "none" else self.signing_key
        )
        signed = jwt.encode(claims, key, self.algorithm, headers={"kid": "one"})
        found = {"access_token": "at", "token_type": "Bearer", "id_token": signed}
        return 200, found | self.answer

    def keys(self) -> dict[str, Any]:
        public = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {"keys": [{**public, "kid": "one", "alg": "RS256", "use": "sig"}]}


def _handler(get_provider: Any) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider: IdentityProvider = get_provider()
            parts = urlsplit(self.path)
            provider.paths.append(parts.path)
            if parts.path == "/authorize":
                self._redirect(provider.authorise(dict(parse_qsl(parts.query))))
                return
            found: dict[str, Any] = {
                "/.well-known/openid-configuration": provider.document,
                "/keys": provider.keys,
                "/userinfo": lambda: provider.person,
            }.get(parts.path, dict)()
            self._json(200, found)

        def do_POST(self) -> None:
            provider: IdentityProvider = get_provider()
            provider.paths.append(self.path)
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            self._json(
                *provider.token(dict(parse_qsl(body)), self.headers.get("authorization", ""))
            )

        def _json(self, status: int, found: dict[str, Any]) -> None:
            provider: IdentityProvider = get_provider()
            if provider.hang is not None:
                provider.hang.wait(10)
            if to := provider.redirects.get(urlsplit(self.path).path):
                self._redirect(to)
                return
            body = json.dumps(found).encode() if provider.raw is None else provider.raw
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _redirect(self, to: str) -> None:
            self.send_response(302)
            self.send_header("Location", to)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """The portal has hung up."""


@contextmanager
def running() -> Iterator[IdentityProvider]:
    """Start a provider on a free port of the loopback address, and stop it at the end."""
    provider: list[IdentityProvider] = []
    server = _Server(("127.0.0.1", 0), _handler(lambda: provider[0]))
    provider.append(IdentityProvider(server.server_port))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield provider[0]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
