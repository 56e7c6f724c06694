"""Logs: one JSON object per line with a request ID, without secrets and personal data."""

from __future__ import annotations

import io
import json
import logging
import logging.config
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from django.conf import settings as loaded
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from alliance.logs import configuration, scrub, scrub_text
from alliance.urls import urlpatterns as real
from members.mail import account as account_mail
from tests import factories
from tests.personas import Personas


def broken(request: Any) -> HttpResponse:
    raise RuntimeError("cannot reach postgres://portal:hunter2@db.internal/portal for a@b.example")


urlpatterns = [path("broken/", broken), *real]


class Lines:
    """The output of the portal's log handler."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def entries(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]


@pytest.fixture
def logged() -> Iterator[Lines]:
    """Install the production logging configuration with a readable stream."""
    lines = Lines()
    root = logging.getLogger()
    former = root.handlers[:]
    logging.config.dictConfig(configuration(as_json=True, level="INFO"))
    (handler,) = [h for h in root.handlers if isinstance(h, logging.StreamHandler)]
    handler.setStream(lines.stream)
    yield lines
    logging.config.dictConfig(loaded.LOGGING)
    root.handlers = former


def test_each_line_is_json_with_the_request_id(personas: Personas, logged: Lines) -> None:
    response = personas.client("filer").get("/desk/")
    assert response.status_code == 200
    entries = logged.entries
    assert entries
    ids = {entry["request_id"] for entry in entries}
    assert len(ids) == 1
    assert all(entry["timestamp"].endswith("Z") and entry["level"] for entry in entries)
    (finished,) = [entry for entry in entries if entry["event"] == "request_finished"]
    assert (finished["code"], finished["user_id"]) == (200, personas.filer.pk)
    assert finished["request"] == "GET /desk/"


def test_query_strings_are_not_logged(personas: Personas, logged: Lines) -> None:
    browser = personas.client("moderator")
    browser.get("/triage/", {"q": "zhang.wei@shop.example 13800138000"})
    browser.get("/no/such/page/", {"token": "s3cret"})
    for word in ("zhang", "13800138000", "s3cret"):
        assert word not in logged.text


def test_login_does_not_log_address_or_password(db: None, logged: Lines) -> None:
    person = factories.filer(factories.member(), email="fay.filer@brand.example")
    browser = Client(headers={"user-agent": "Marker-Browser/1.0"})
    for password in ("wrong-pa55word", "password"):
        browser.post("/accounts/login/", {"login": person.email, "password": password})
    assert browser.session["_auth_user_id"] == str(person.pk)
    for word in ("fay.filer", "brand.example", "wrong-pa55word", "Marker-Browser", "127.0.0.1"):
        assert word not in logged.text


def test_password_reset_key_is_not_logged(db: None, logged: Lines) -> None:
    person = factories.user(email="fay.filer@brand.example")
    browser = Client()
    browser.post("/accounts/password/reset/", {"email": person.email})
    account_mail.BACKGROUND.flush()
    found = re.search(r"/accounts/password/reset/key/(\S+?)/", str(mail.outbox[0].body))
    assert found
    browser.get(found.group(0))
    browser.get(found.group(0), follow=True)
    assert "/accounts/password/reset/key/***" in logged.text
    assert found.group(1) not in logged.text
    assert "fay.filer" not in logged.text


def test_submitted_data_is_not_logged(personas: Personas, logged: Lines) -> None:
    case = factories.draft_case(by=personas.filer, citing=personas.right)
    personas.client("filer").post(
        f"/cases/{case.reference}/complaint/", {"explanation": "Confidential-Explanation"}
    )
    personas.client("filer").post(
        f"/cases/{case.reference}/evidence/", {"file": factories.png("confidential-file.png")}
    )
    assert "onfidential-" not in logged.text


@pytest.mark.urls("tests.alliance.test_logs")
def test_server_error_is_logged_with_traceback_and_without_secrets(
    personas: Personas, logged: Lines
) -> None:
    browser = personas.client("filer")
    browser.raise_request_exception = False
    page = browser.get("/broken/?key=s3cret").content.decode()
    errors = [entry for entry in logged.entries if entry["level"] == "error"]
    assert any("RuntimeError" in entry.get("exception", "") for entry in errors)
    assert any("in broken" in entry.get("exception", "") for entry in errors)
    for word in ("hunter2", "a@b.example", "s3cret"):
        assert word not in logged.text
    # The page shows the request ID of the log.
    assert errors[0]["request_id"] in page


def test_arguments_of_log_calls_are_scrubbed(logged: Lines) -> None:
    structlog.get_logger("portal.test").warning(
        "mail_not_sent", to="a@b.example", url="https://x.example/?q=1", ip="192.0.2.1"
    )
    logging.getLogger("library").error("could not write to %s", "c@d.example")
    assert len(logged.entries) == 2
    for word in ("a@b", "c@d", "q=1", "192.0.2.1"):
        assert word not in logged.text


def test_line_breaks_cannot_forge_an_entry(logged: Lines) -> None:
    logging.getLogger("library").warning('name: %s\n{"event": "forged"}', "x")
    assert [entry["event"].split("\n")[0] for entry in logged.entries] == ["name: x"]


def test_nested_values_are_scrubbed() -> None:
    url, clean = "redis://:pa55@host", "redis://:***@host"
    entry = {"event": "x", "urls": [url, (url, 1)], "by": {"name": {"url": url}}, "count": 7}
    assert scrub(None, "info", entry) == {
        "event": "x",
        "urls": [clean, (clean, 1)],
        "by": {"name": {"url": clean}},
        "count": 7,
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("GET /accounts/confirm-email/MTI:1x/", "GET /accounts/confirm-email/***/"),
        ("redis://:pa55@host:6379/0", "redis://:***@host:6379/0"),
        ("redis://portal:pa/55@host:6379/0", "redis://portal:***@host:6379/0"),
        ("redis://:pa@55@host next a@", "redis://:***@host next a@"),
        (f"redis://:{'p' * 999}@host", "redis://:***@host"),
        ("https://shop.example/item?id=1&b=2 next", "https://shop.example/item?… next"),
        ("to first.last+tag@mail.example.com now", "to …@… now"),
        ("/x/first.last%40mail.example.com/", "/x/…@…/"),
        ("Invalid request from ip=2001:db8::1: x", "Invalid request from ip=… x"),
        (f"GET /api/v1/rights/ap_{'x-Y_' * 13}/", "GET /api/v1/rights/ap_***/"),
        (
            f"GET /admin/members/accesstoken/?q=ap_{'x' * 51} 200",
            "GET /admin/members/accesstoken/?… 200",
        ),
        (f"token apl_{'x' * 43}, map_of_the_world", "token apl_***, map_of_the_world"),
        ("nothing to hide", "nothing to hide"),
    ],
)
def test_scrubbed_text(text: str, expected: str) -> None:
    assert scrub_text(text) == expected


def test_scrubbing_is_fast_on_long_input() -> None:
    """A quadratic pattern once took seconds on a long URL that any visitor can send."""
    began = time.process_time()
    assert scrub_text("x" * 30_000) == "x" * 30_000
    assert scrub_text("." * 30_000 + "@b.example") == "…@…"
    assert scrub_text("://a:" * 20_000) == "://a:" * 20_000
    assert time.process_time() - began < 1
