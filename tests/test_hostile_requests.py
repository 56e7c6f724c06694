"""No malformed URL, header or body causes a server error.

Every row of :mod:`tests.matrix` gets malformed requests from a persona with access. Any answer but a
server error is accepted; most are 400, 404, 415 or 422.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from alliance.handler import PortalRequest
from tests import factories
from tests.access import COLUMNS, LOGIN, PERSONA, Row
from tests.batches import batches, undone
from tests.malformed import (
    BOUNDARY,
    CHARSETS,
    Request,
    bodies,
    cursors,
    headers,
    multipart,
    queries,
    texts,
)
from tests.matrix import ROWS
from tests.personas import Personas

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("plain_layout")]

# Each URL and method once: the variants in the matrix differ in access only.
TARGETS = list({(row.name, row.method): row for row in reversed(ROWS)}.values())
# Each header and body goes to every 24th URL, and each value that views read to every sixth.
PARTS = 24
READ_PARTS = 6
LISTS = (
    "allow_list:list", "desk:cases", "guides:brand", "imports:list", "liaison:guide", "liaison:operations", "liaison:queue",
    "members:directory", "notifications:list", "people:home", "people:list", "products:list", "purchases:list", "rights:list",
    "tokens:list", "triage:applications", "triage:bulk_job", "triage:channel", "triage:channels", "triage:list", "triage:operations", "triage:overdue",
    "triage:rights", "triage:roster", "triage:views", "webhooks:detail",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _use_portal_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.test.client.WSGIRequest", PortalRequest)


def _persona(row: Row) -> str:
    """Return a persona with access to the row, or "anonymous"."""
    turned_away = (LOGIN, 401, 403, 404, 405)
    for column, status in zip(COLUMNS, row.expected, strict=True):
        if status not in turned_away:
            return PERSONA.get(column, column)
    return "anonymous"


def _shows_errors(row: Row) -> bool:
    """Return whether the URL shows a form again with errors."""
    return row.method == "POST" and bool({200, 422} & {*row.expected})


def _fields(page: str) -> set[str]:
    """Return the names of the form fields on a page, except the CSRF token."""
    found = set(re.findall(r'\sname="([^"]+)"', page)) | {"back", "next", "form_owner", "then"}
    return {name for name in found if not re.search(r"csrfmiddlewaretoken|viewport|htmx", name)}


def _status(client: Client, method: str, path: str, request: Request) -> int:
    """Send the request in a savepoint and return the status."""
    content_type = request.content_type or ("" if method == "GET" else "text/plain")
    with undone(client):
        response = client.generic(
            method, path, request.body, content_type, QUERY_STRING=request.query, **request.headers
        )
    return int(response.status_code)


def _browser(personas: Personas, name: str) -> Client:
    client = personas.client(name)
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize("rows", batches(TARGETS))
def test_malformed_requests_cause_no_server_error(rows: list[Row], personas: Personas) -> None:
    clients = {name: _browser(personas, name) for name in {*map(_persona, rows)}}
    failed = []
    for row in rows:
        with undone():
            failed += _failures(row, personas, clients[_persona(row)])
    assert not failed, "\n".join(failed)


def _failures(row: Row, personas: Personas, client: Client) -> list[str]:
    """Return the malformed requests to a URL that cause a server error."""
    path = reverse(row.name, args=row.make(personas))
    page = client.get(path, headers={"accept": "text/html"})
    names = _fields("" if page.streaming else page.content.decode(errors="replace"))
    # Lists and forms get all values that views read; every URL gets a share of the rest.
    requests = list(queries() if row.method == "GET" else texts(names))
    if not (row.name in LISTS or _shows_errors(row)):
        requests = requests[TARGETS.index(row) % READ_PARTS :: READ_PARTS]
    requests += [*headers(), *bodies(names)][TARGETS.index(row) % PARTS :: PARTS]
    if row.method == "GET" and row.name in LISTS:
        requests += cursors()
    failed = [str(each) for each in requests if _status(client, row.method, path, each) >= 500]
    return [f"{row}: {each}" for each in failed[:20]]


@pytest.mark.parametrize("rows", batches([row for row in TARGETS if _shows_errors(row)]))
def test_echoed_input_is_bounded(
    rows: list[Row], personas: Personas, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An escaped quote takes six characters, so echoed input must be limited."""
    monkeypatch.setattr("alliance.lib.form_renderer.MAX_TEXT_LENGTH", 60_000)
    clients = {name: _browser(personas, name) for name in {*map(_persona, rows)}}
    long = []
    for row in rows:
        with undone():
            long += _long_echoes(row, personas, clients[_persona(row)])
    assert not long, "\n".join(long)


def _long_echoes(row: Row, personas: Personas, client: Client) -> list[str]:
    """Return the form fields of a page whose input is echoed in full."""
    path = reverse(row.name, args=row.make(personas))
    page = client.get(path)
    names = _fields("" if page.streaming else page.content.decode(errors="replace"))
    usual = _length(client, path, {})
    long = []
    for name in names | {"login", "email", "note", "reason", "facts", "verb", "language"}:
        length = _length(client, path, {name: '"' * 100_000})
        if length - usual > 100_000:
            long.append(f"{row}: {name}: {length}")
    return long


def _length(client: Client, path: str, data: dict[str, str]) -> int:
    """Post the data in a savepoint and return the length of the body and the redirect."""
    with undone(client):
        response = client.post(path, data)
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
    body = multipart({"login": b"a.\xff"}) if "multipart" in kind else b"login=a.%ff"
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


CUTS = re.compile(r"\b(paginate|list_context)\(")


def test_every_list_is_in_lists() -> None:
    """Fails when a paginated view is added without an entry in ``LISTS``."""
    root = Path(__file__).parent.parent
    files = [*root.glob("cases/views/**/*.py"), *root.glob("members/views/*.py")]
    cut = {str(file) for file in files if CUTS.search(file.read_text(encoding="utf-8"))}
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


@pytest.mark.usefixtures("plain_error_pages")
def test_malformed_url_parameters_cause_no_server_error(personas: Personas) -> None:
    clients = {name: _browser(personas, name) for name in ("owner", "moderator", "officer")}
    stranger = _browser(personas, "anonymous")
    failed = []
    for route, part in itertools.product(_routes(), ODD_PARTS):
        path = "/" + re.sub(r"<[^>]+>|\(\?P[^)]*\)[^/$]*", lambda _match, part=part: part, route)
        path = path.replace("^", "").replace("$", "").replace("\\Z", "")
        quoted = quote(path, errors="surrogatepass")
        worker = next((who for start, who in WORKERS.items() if route.startswith(start)), "owner")
        asked = [("GET", clients[worker]), ("POST", clients[worker])]
        if part in ("9" * 30, "\0", "\ud800"):
            asked.append(("GET", stranger))
        for method, client in asked:
            if _status(client, method, quoted, Request()) >= 500:
                failed.append(f"{method} {quoted[:120]}")
    assert not failed, "\n".join(failed)


@pytest.mark.parametrize("part", ODD_PARTS)
def test_navigation_answers_malformed_paths(part: str, browser_of: Any, db: None) -> None:
    """The navigation and the page for 404 depend on the path alone. The other tests leave them out."""
    for person in (factories.filer(factories.member()), factories.moderator(), factories.officer()):
        client = browser_of(person)
        client.raise_request_exception = False
        for path in (f"/cases/{part}/", f"/{part}/", f"/triage/{part}"):
            assert client.get(quote(path, errors="surrogatepass")).status_code == 404


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
