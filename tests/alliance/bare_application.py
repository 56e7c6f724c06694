"""A WSGI application without Django, for tests of the server."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

# Larger than the kernel's socket buffers.
LARGE = b"0123456789abcdef" * (512 * 1024)


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Return a large body for ``/large``; raise for paths that contain ``key``."""
    if "key" in environ["PATH_INFO"]:
        raise RuntimeError("cannot write to fay.filer@brand.example")
    body = LARGE if environ["PATH_INFO"] == "/large" else b"ok"
    start("200 OK", [("Content-Length", str(len(body)))])
    return [body[n : n + 65536] for n in range(0, len(body), 65536)]
