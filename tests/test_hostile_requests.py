"""No malformed URL, header or body causes a server error.

Every row of :mod:`tests.matrix` gets malformed requests from a persona with access. Any answer but a
server error is accepted; most are 400, 404, 415 or 422.
"""

from __future__ import annotations

import base64
import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection, transaction
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from alliance.handler import PortalRequest
from tests.access import COLUMNS, LOGIN, PERSONA, Row
from tests.matrix import ROWS
from tests.personas import Personas

pytestmark = pytest.mark.slow

# Each URL and method once: the variants in the matrix differ in access only.
TARGETS = list({(row.name, row.method): row for row in reversed(ROWS)}.values())
BOUNDARY = "xxhostilexx"
# The share of a URL: each header and body goes to about 14 URLs, and each value that views read to about 60.
PARTS = max(12, len(TARGETS) // 14)
READ_PARTS = max(3, len(TARGETS) // 60)
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
LISTS = (
    "allow_list:list", "desk:cases", "guides:brand", "imports:list", "liaison:guide", "liaison:operations", "liaison:queue",
    "members:directory", "notifications:list", "people:home", "people:list", "products:list", "rights:list",
    "tokens:list", "triage:applications", "triage:channel", "triage:channels", "triage:list", "triage:operations", "triage:overdue",
    "triage:rights", "triage:roster",
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
        for each in CURSORS[:: 12 if view else 1]:
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
        sent = _parts(dict.fromkeys(names, raw))
        yield Request("", sent, f"multipart/form-data; boundary={BOUNDARY}")


def bodies(names: set[str]) -> Iterator[Request]:
    """Yield bodies in many charsets and encodings; ``names`` are the page's form fields."""
    plain = "&".join(f"{quote(name)}=1" for name in names).encode()
    form = "application/x-www-form-urlencoded"
    parts = f"multipart/form-data; boundary={BOUNDARY}"
    for charset in CHARSETS:
        for kind in (form, parts, "application/json", "text/plain"):
            sent = (
                _parts(dict.fromkeys(names, "1.é".encode()))
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
    yield Request("", _parts({"uploads": b""}), parts)
    yield Request("", b"--" + BOUNDARY.encode() + b"\r\n", parts)
    yield Request("", b"x", "multipart/form-data")
    yield Request("", b"x", "multipart/form-data; boundary=\xff".encode().decode("latin-1"))
    yield Request("", _parts({"a": b"=\xff"}, b"Content-Transfer-Encoding: base64"), parts)
    for disposition in (
        b"form-data; name=uploads; filename*=idna''a.%FF",
        b"form-data; name=uploads; filename*=no-such''a",
        b"form-data; name*=utf-16''%00; filename=\xff",
        b'form-data; name="uploads"; filename="%00/../../\x01"',
    ):
        yield Request("", _parts({}, b"", disposition), parts)
    for charset in ("charset*=idna''utf-8%ff", 'charset="utf-8\xff"', "charset="):
        yield Request("", b"a=1", f"{form}; {charset}")
    for text in (b"", b"[", b"null", b"[]", b'{"up_to": 1e999}', b'{"up_to": "\\u0000"}', b"\xff",
                 b'{"up_to": NaN}', b"[" * 20_000, b'{"up_to": ' + b"9" * 5000 + b"}"):  # fmt: skip
        yield Request("", text, "application/json")


def _parts(fields: dict[str, bytes], extra: bytes = b"", disposition: bytes = b"") -> bytes:
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


@pytest.fixture(autouse=True)
def _use_portal_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.test.client.WSGIRequest", PortalRequest)


# --- Tests -------------------------------------------------------------------------------------


def _persona(row: Row) -> str:
    """Return a persona with access to the row, or "anonymous"."""
    turned_away = (LOGIN, 401, 403, 404, 405)
    for column, status in zip(COLUMNS, row.expected, strict=True):
        if status not in turned_away:
            return PERSONA.get(column, column)
    return "anonymous"


def _fields(page: str) -> set[str]:
    """Return the names of the form fields on a page, except the CSRF token."""
    found = set(re.findall(r'\sname="([^"]+)"', page)) | {"back", "next", "form_owner", "then"}
    return {name for name in found if not re.search(r"csrfmiddlewaretoken|viewport|htmx", name)}


def _status(client: Client, method: str, path: str, request: Request) -> int:
    """Send the request in a savepoint and return the status."""
    point = transaction.savepoint()
    content_type = request.content_type or ("" if method == "GET" else "text/plain")
    response = client.generic(
        method, path, request.body, content_type, QUERY_STRING=request.query, **request.headers
    )
    transaction.savepoint_rollback(point)
    connection.needs_rollback = False
    return int(response.status_code)


def _browser(personas: Personas, name: str) -> Client:
    client = personas.client(name)
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize("row", TARGETS, ids=str)
def test_malformed_requests_cause_no_server_error(row: Row, personas: Personas) -> None:
    path = reverse(row.name, args=row.make(personas))
    client = _browser(personas, _persona(row))
    page = client.get(path, headers={"accept": "text/html"})
    names = _fields("" if page.streaming else page.content.decode(errors="replace"))
    # Lists and forms get all values that views read; every URL gets a share of the rest.
    requests = list(queries() if row.method == "GET" else texts(names))
    if not (row.name in LISTS or (row.method == "POST" and {200, 422} & {*row.expected})):
        requests = requests[TARGETS.index(row) % READ_PARTS :: READ_PARTS]
    requests += [*headers(), *bodies(names)][TARGETS.index(row) % PARTS :: PARTS]
    if row.method == "GET" and row.name in LISTS:
        requests += cursors()
    failed = [str(each) for each in requests if _status(client, row.method, path, each) >= 500]
    assert not failed, f"{row}: {len(failed)} of {len(requests)}:\n" + "\n".join(failed[:20])


@pytest.mark.parametrize(
    "row",
    [row for row in TARGETS if row.method == "POST" and {200, 422} & {*row.expected}],
    ids=str,
)
def test_echoed_input_is_bounded(
    row: Row, personas: Personas, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An escaped quote takes six characters, so echoed input must be limited."""
    monkeypatch.setattr("alliance.lib.form_renderer.MAX_TEXT_LENGTH", 60_000)
    path = reverse(row.name, args=row.make(personas))
    client = _browser(personas, _persona(row))
    page = client.get(path)
    names = _fields("" if page.streaming else page.content.decode(errors="replace"))
    usual = _length(client, path, {})
    long = []
    for name in names | {"login", "email", "note", "reason", "facts", "verb", "language"}:
        length = _length(client, path, {name: '"' * 100_000})
        if length - usual > 100_000:
            long.append(f"{name}: {length}")
    assert not long, f"{row}: {long}"


def _length(client: Client, path: str, data: dict[str, str]) -> int:
    """Post the data in a savepoint and return the length of the body and the redirect."""
    point = transaction.savepoint()
    response = client.post(path, data)
    transaction.savepoint_rollback(point)
    body = 0 if response.streaming else len(response.content)
    return body + len(response.headers.get("Location", ""))


@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_form_charsets_other_than_utf_8_are_refused(
    personas: Personas, kind: str, charset: str
) -> None:
    """With a CSRF cookie, the middleware itself parses the form."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.get("/accounts/login/")
    body = _parts({"login": b"a.\xff"}) if "multipart" in kind else b"login=a.%ff"
    content_type = f"{kind}; boundary={BOUNDARY}; charset={charset}"
    for path in ("/accounts/login/", "/i18n/setlang/", "/cases/new/", "/api/v1/liaison/ack"):
        assert client.generic("POST", path, body, content_type).status_code == 415, path
        assert client.generic("GET", path, b"x", content_type).status_code == 415, path


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", "utf8", '"utf-8"', "US-ASCII"])
def test_forms_in_utf_8_are_accepted(personas: Personas, charset: str) -> None:
    body = "login=é&password=x".encode()
    content_type = f"application/x-www-form-urlencoded; charset={charset}"
    page = Client().generic("POST", "/accounts/login/", body, content_type)
    assert page.status_code == 200
    assert 'value="é"' in page.content.decode()


def test_every_list_is_in_lists() -> None:
    """Fails when a paginated view is added without an entry in ``LISTS``."""
    root = Path(__file__).parent.parent
    files = [*root.glob("cases/views/**/*.py"), *root.glob("members/views/*.py")]
    cut = {str(file) for file in files if "paginate(" in file.read_text(encoding="utf-8")}
    # The guide that agencies see is drawn by the view of the brand's guide.
    assert len(cut) == len({*LISTS} - {"liaison:guide"}), cut


def _routes() -> list[str]:
    """Return every route with parameters, except the admin's."""

    def walk(resolver: URLResolver, route: str) -> Iterator[str]:
        for pattern in resolver.url_patterns:
            here = route + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern, here)
            elif isinstance(pattern, URLPattern):
                yield here

    found = set(walk(get_resolver(), ""))
    return sorted(route for route in found if re.search(r"<|\(\?P", route) and "admin" not in route)


# The persona for URLs with this prefix; the member's owner for all others.
WORKERS = {"triage/": "moderator", "liaison/": "officer"}
ODD_PARTS = (
    "0",
    "9" * 30,
    "9" * 19,
    "\0",
    "a\0b",
    "-",
    "x" * 3000,
    "٣",
    "\ud800",
    "..",
    "-1",
    "1-1",
)


def test_malformed_url_parameters_cause_no_server_error(personas: Personas) -> None:
    clients = {name: _browser(personas, name) for name in ("owner", "moderator", "officer")}
    stranger = _browser(personas, "anonymous")
    failed = []
    for route, part in itertools.product(_routes(), ODD_PARTS):
        path = "/" + re.sub(r"<[^>]+>|\(\?P[^)]*\)[^/$]*", lambda _match, part=part: part, route)
        path = path.replace("^", "").replace("$", "").replace("\\Z", "")
        quoted = quote(path, errors="surrogatepass")
        worker = next((who for start, who in WORKERS.items() if route.startswith(start)), "owner")
        asked = [("GET", clients[worker])]
        if len(part) > 3:  # a view reads its parameters in the same way for every method
            asked.append(("POST", clients[worker]))
        if part in ("9" * 30, "\0", "\ud800"):
            asked.append(("GET", stranger))
        for method, client in asked:
            if _status(client, method, quoted, Request()) >= 500:
                failed.append(f"{method} {quoted[:120]}")
    assert not failed, "\n".join(failed)


@pytest.mark.parametrize(
    "value", ["utf-8''%FF", "no-such''x", "idna''a.%ff", "rot13''x", "utf-16''%00"]
)
def test_unreadable_content_type_is_answered(value: str, db: None) -> None:
    """Uses the WSGI application: Django raises before its middleware runs."""
    from alliance.wsgi import application

    statuses: list[str] = []
    environ = RequestFactory().post("/accounts/login/").environ
    environ["CONTENT_TYPE"] = f"application/x-www-form-urlencoded; charset*={value}"
    application(environ, lambda status, headers: statuses.append(status))
    assert statuses == ["415 Unsupported Media Type"]
