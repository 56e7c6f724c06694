"""A form of which very many copies arrive at once, over many connections, makes one case."""

from __future__ import annotations

import http.client
import uuid
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.conf import settings as portal
from django.test import Client

from cases.models import Case, OutgoingMail
from cases.services import filing
from tests import factories
from tests.cases.filing.forms import NEW, at, complaint
from tests.concurrency import run_concurrently
from tests.forms import form_data
from tests.personas import Personas

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

CONNECTIONS = 20
# A request costs twenty times the processor time of a call of the service, which has the locks.
CALLS, REQUESTS = 1_000, 100

Answer = tuple[int, str]


def repeated(call: Callable[[], Case]) -> Counter[int]:
    """Call a service :data:`CALLS` times over :data:`CONNECTIONS` connections; count the cases that it returns."""
    share = CALLS // CONNECTIONS
    threads = [lambda: [call().pk for _ in range(share)]] * CONNECTIONS
    return Counter(pk for keys in run_concurrently(*threads, seconds=300) for pk in keys)


def sent(site: str, client: Client, path: str, data: dict[str, Any]) -> Counter[Answer]:
    """Send a form :data:`REQUESTS` times over :data:`CONNECTIONS` connections; count each status with its location."""
    cookies = {name: one.value for name, one in client.cookies.items()}
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        "X-CSRFToken": cookies[portal.CSRF_COOKIE_NAME],
    }
    address, body = urlsplit(site), urlencode(data, doseq=True)

    def post(connection: http.client.HTTPConnection) -> Answer:
        connection.request("POST", path, body, headers)
        response = connection.getresponse()
        response.read()
        return response.status, response.headers.get("Location", "")

    def repeat() -> list[Answer]:
        host = str(address.hostname)
        with closing(http.client.HTTPConnection(host, address.port, timeout=120)) as connection:
            return [post(connection) for _ in range(REQUESTS // CONNECTIONS)]

    answers = run_concurrently(*[repeat] * CONNECTIONS, seconds=300)
    return Counter(answer for one in answers for answer in one)


def check_submitted_once() -> None:
    case = Case.objects.get()
    assert (case.status, case.version) == ("submitted", 1)
    assert [event.kind for event in case.events.all()] == ["submitted"]
    assert OutgoingMail.objects.filter(case=case).count() == 1


@pytest.fixture
def filer(personas: Personas) -> Client:
    return personas.client("filer")


def test_a_thousand_first_forms_create_one_draft(personas: Personas) -> None:
    values = {
        "token": uuid.uuid4(),
        "brand": personas.right.brand,
        "right": personas.right,
        "violation": "counterfeit",
        "jurisdiction": "CN",
        "goods_class": 25,
        "explanation": "The label is misspelt.",
        "infringement_in": ["product"],
    }
    made = repeated(lambda: filing.start_draft(by=personas.filer, **values))  # type: ignore[arg-type]
    assert made == {Case.objects.get().pk: CALLS}


def test_a_thousand_last_forms_submit_one_case(personas: Personas) -> None:
    draft = factories.draft_case(by=personas.filer, citing=personas.right)
    made = repeated(lambda: filing.submit(case=draft, by=personas.filer, good_faith=True))
    assert made == {draft.pk: CALLS}
    check_submitted_once()


def test_pages_make_one_case(live_server: Any, personas: Personas, filer: Client) -> None:
    chosen = complaint(personas.right)
    del chosen["token"]  # the page has one
    data = form_data(filer.get(NEW), "complaint-form", **chosen)
    answers = sent(live_server.url, filer, NEW, data)
    draft = Case.objects.get()
    assert answers == {(302, at(draft, "listings")): REQUESTS}
    draft.delete()
    draft = factories.draft_case(by=personas.filer, citing=personas.right)
    path = at(draft, "check")
    data = form_data(filer.get(path), "check-form", good_faith="on")
    answers = sent(live_server.url, filer, path, data)
    assert answers == {(302, at(draft, "submitted")): REQUESTS}
    check_submitted_once()
