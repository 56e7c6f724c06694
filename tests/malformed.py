"""Malformed requests: query strings, headers and bodies that views and libraries read."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

BOUNDARY = "xxhostilexx"
CHARSETS = (
    "idna",
    "utf-7",
    "utf-16",
    "punycode",
    "rot13",
    "base64",
    "undefined",
    "no-such-charset",
)
# Query parameters that pages read.
NAMES = (
    "back", "brand", "country", "cursor", "decided", "industry", "like", "listings", "marketplace",
    "member", "next", "p", "priority", "q", "referral", "show", "status", "tab", "view", "violation",
    "after", "wait", "process", "language", "joined", "sort", "activity",
)  # fmt: skip
# Percent-encoded.
VALUES = (
    "%00", "a%00b", "%FF%FE", "%ED%A0%80", "%F0%9F%92%A3", "9" * 400, "-" + "9" * 30, "1e400", "NaN",
    "%C2%B2", "%D9%A3", "x" * 5000, "AP-" + "%00" * 8, "%27%22%3E%3Cb%3E", "0", "-1", "..%2F..%2F",
    "%E2%80%AE", "%0D%0AX-Injected:%201",
)  # fmt: skip
# Parameters before the cursor that select each of the lists.
VIEWS = (
    "", "view=decided&tab=done&show=failures&status=returned&", "view=mine&tab=in-hand&show=tests&state=expiring&",
    "view=all&tab=all&show=dead&", "sort=newest&show=members&", "sort=country&show=agents&",
)  # fmt: skip
EDGES = (
    "0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59-12:00", "0001-01-01",
    "9999-12-31", "10000-01-01T00:00:00Z", "2024-02-30", -(2**63) - 1, 2**63, 10**30, -1, True, None,
    "", "\0", "\ud800", "x" * 5000, [], {}, 1.5,
)  # fmt: skip


def cursor(values: list[Any]) -> str:
    text = json.dumps(values)
    return base64.urlsafe_b64encode(text.encode("utf-8", "surrogatepass")).decode().rstrip("=")


# Lists are ordered by date and number or by number; directions alternate.
CURSORS = (
    *(cursor(["np"[n % 2], edge, 1]) for n, edge in enumerate(EDGES)),
    *(cursor(["pn"[n % 2], edge]) for n, edge in enumerate(EDGES)),
)


@dataclass(frozen=True)
class Request:
    """A malformed request: the raw query string and the raw body."""

    query: str = ""
    body: bytes = b""
    content_type: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"?{self.query[:90]} {self.content_type} {self.body[:90]!r} {self.headers}"


def queries() -> Iterator[Request]:
    """Yield requests with the same malformed value in every parameter."""
    for value in VALUES:
        yield Request("&".join(f"{name}={value}" for name in NAMES))
    yield Request("&".join(f"{name}[]=1&{name}=" for name in NAMES))
    for charset in CHARSETS:
        yield Request("q=a.%FF", headers={"CONTENT_TYPE": f"text/plain; charset={charset}"})
    yield Request("%FF=%FF&%00=%00&=&&&=;;")


def cursors() -> Iterator[Request]:
    """Yield each cursor for several views of a list."""
    for view in VIEWS:
        for each in CURSORS[:: 5 if view else 1]:
            yield Request(f"{view}cursor={each}")


def headers() -> Iterator[Request]:
    """Yield malformed headers that Django, allauth and the portal read."""
    nothing = {"HTTP_ACCEPT": "text/html"}
    for name, value in (
        ("HTTP_ACCEPT_LANGUAGE", "zz-" + "x" * 600),
        ("HTTP_ACCEPT_LANGUAGE", "\xff;q=NaN,en;q=1e999"),
        (
            "HTTP_COOKIE",
            "portal_language=%00; portal_session=\x01" + "x" * 300 + "; portal_csrf=\xff",
        ),
        ("HTTP_COOKIE", "messages=[[; portal_session="),
        ("HTTP_HOST", "portal.example"),
        ("HTTP_HOST", "a b\xff"),
        ("HTTP_X_FORWARDED_FOR", "not an address, \xff"),
        ("HTTP_X_REQUEST_ID", "\xff" * 300),
        ("HTTP_AUTHORIZATION", "Bearer \xff\x01"),
        ("HTTP_AUTHORIZATION", "Basic ====="),
        ("HTTP_IF_MODIFIED_SINCE", "Mon, 99 Foo 99999 99:99:99 GMT"),
        ("HTTP_IF_NONE_MATCH", '"' * 99),
        ("HTTP_REFERER", "http://[::1"),
        ("HTTP_ORIGIN", "http://[::1"),
        ("HTTP_RANGE", "bytes=9-1,-,x"),
        ("HTTP_HX_REQUEST", "true"),
        ("HTTP_HX_CURRENT_URL", "http://[::1/%00"),
        ("HTTP_USER_AGENT", "\xff" * 5000),
        ("HTTP_ACCEPT", "\xff/*;q=x"),
    ):
        yield Request(headers=nothing | {name: value})
    yield Request(headers={"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL_URI_AUTOENCODED": "true",
                           "HTTP_HX_CURRENT_URL": "%ff%00"})  # fmt: skip


def texts(names: set[str]) -> Iterator[Request]:
    """Yield the same malformed text for every field in ``names``."""
    for value in VALUES:
        sent = "&".join(f"{quote(name)}={value}" for name in names).encode()
        yield Request("", sent, "application/x-www-form-urlencoded")
    for raw in (b"\0", b"\xff\xfe", "٣".encode(), b"x" * 70_000):
        sent = multipart(dict.fromkeys(names, raw))
        yield Request("", sent, f"multipart/form-data; boundary={BOUNDARY}")


def bodies(names: set[str]) -> Iterator[Request]:
    """Yield bodies in many charsets and encodings; ``names`` are the page's form fields."""
    plain = "&".join(f"{quote(name)}=1" for name in names).encode()
    form = "application/x-www-form-urlencoded"
    parts = f"multipart/form-data; boundary={BOUNDARY}"
    for charset in CHARSETS:
        for kind in (form, parts, "application/json", "text/plain"):
            sent = (
                multipart(dict.fromkeys(names, "1.é".encode()))
                if kind == parts
                else plain + b"%ff.\xff"
            )
            yield Request("q=a.%FF", sent, f"{kind}; charset={charset}")
    yield from _malformed(form, parts)


def _malformed(form: str, parts: str) -> Iterator[Request]:
    yield Request("", b"a=1&" * 3000, form)
    yield Request("", b"\xff" * 100, form)
    yield Request("", b"", parts)
    yield Request("", b"x" * 100, parts)
    yield Request("", multipart({"uploads": b""}), parts)
    yield Request("", b"--" + BOUNDARY.encode() + b"\r\n", parts)
    yield Request("", b"x", "multipart/form-data")
    yield Request("", b"x", "multipart/form-data; boundary=\xff".encode().decode("latin-1"))
    yield Request("", multipart({"a": b"=\xff"}, b"Content-Transfer-Encoding: base64"), parts)
    for disposition in (
        b"form-data; name=uploads; filename*=idna''a.%FF",
        b"form-data; name=uploads; filename*=no-such''a",
        b"form-data; name*=utf-16''%00; filename=\xff",
        b'form-data; name="uploads"; filename="%00/../../\x01"',
    ):
        yield Request("", multipart({}, b"", disposition), parts)
    for charset in ("charset*=idna''utf-8%ff", 'charset="utf-8\xff"', "charset="):
        yield Request("", b"a=1", f"{form}; {charset}")
    for text in (b"", b"[", b"null", b"[]", b'{"up_to": 1e999}', b'{"up_to": "\\u0000"}', b"\xff",
                 b'{"up_to": NaN}', b"[" * 20_000, b'{"up_to": ' + b"9" * 5000 + b"}"):  # fmt: skip
        yield Request("", text, "application/json")


def multipart(fields: dict[str, bytes], extra: bytes = b"", disposition: bytes = b"") -> bytes:
    blocks = [(f'form-data; name="{name}"'.encode(), value) for name, value in fields.items()]
    if disposition:
        blocks.append((disposition, b"contents"))
    return (
        b"".join(
            b"--%s\r\nContent-Disposition: %s\r\n%s\r\n%s\r\n"
            % (BOUNDARY.encode(), head, extra + b"\r\n" if extra else b"", value)
            for head, value in blocks
        )
        + f"--{BOUNDARY}--\r\n".encode()
    )
