"""Rows of the access matrix: applications to join, and the status of members."""

from __future__ import annotations

from typing import Any

from tests import factories
from tests.access import LOGIN, Row, Status, form, read, same
from tests.personas import Personas

# Without an application in the session, which only the link of an email puts there.
_CLOSED = same(403, 403)


def _triage(holder: Status, moderator: Status, staff: Status = 403) -> tuple[Status, ...]:
    return (LOGIN, 403, 403, 403, 403, holder, moderator, 403, 403, staff)


def _link(cast: Personas) -> tuple[Any, ...]:
    return (factories.draft_application().key,)


def _application(cast: Personas) -> tuple[Any, ...]:
    return (factories.application().pk,)


def _admitted(cast: Personas) -> tuple[Any, ...]:
    return (factories.admitted_member(by=cast.moderator).application.pk,)


def _draft(cast: Personas) -> tuple[Any, ...]:
    return (factories.draft_application().pk,)


def _document(cast: Personas) -> tuple[Any, ...]:
    return (factories.application().mandate_id,)


def _document_of_draft(cast: Personas) -> tuple[Any, ...]:
    return (factories.draft_application().mandate_id,)


def _member(cast: Personas) -> tuple[Any, ...]:
    return (cast.member.slug,)


def _suspended(cast: Personas) -> tuple[Any, ...]:
    return (factories.member(status="suspended", suspended_on="2026-01-09").slug,)


def _section(name: str) -> Any:
    return lambda cast: (name,)


# fmt: off
ROWS: list[Row] = [
    *form("join:start", same(200, 200), same(422, 422)),
    *read("join:sent", *same(200, 200)),
    *form("join:link", same(200, 200), same(302, 302), _link),
    *form("join:link", same(404, 404), same(404, 404), lambda cast: ("none",), variant="none"),
    *read("join:status", *_CLOSED),
    *form("join:section", _CLOSED, _CLOSED, _section("organisation")),
    *form("join:section", _CLOSED, _CLOSED, _section("none"), variant="none"),
    *form("join:check", _CLOSED, _CLOSED),
    *form("join:answer", _CLOSED, _CLOSED),
    *form("join:withdraw", same(405, 405), _CLOSED),
    *form("join:close", same(405, 405), _CLOSED),
    *read("triage:applications", *_triage(200, 200, 200)),
    *read("triage:application", *_triage(200, 200, 200), make=_application),
    *read("triage:application", *_triage(404, 404, 404), make=_draft, variant="draft"),
    *form("triage:application_checks", _triage(302, 302), _triage(302, 302), _application),
    *form("triage:application_ask", _triage(302, 302), _triage(422, 422), _application),
    *form("triage:application_refuse", _triage(302, 302), _triage(422, 422), _application),
    # Without the version that the page shows, nobody is admitted.
    *form("triage:application_admit", _triage(302, 302), _triage(409, 409), _application),
    *form("triage:application_resend", same(LOGIN, 405), _triage(422, 422), _admitted),
    *read("document", LOGIN, 404, 404, 404, 404, 200, 200, 404, 404, 200, make=_document, variant="application"),
    *read("document", *same(LOGIN, 404), make=_document_of_draft, variant="application draft"),
    *read("triage:member", *_triage(200, 200, 200), make=_member),
    *form("triage:member_suspend", _triage(200, 200, 200), _triage(422, 422, 422), _member),
    *form("triage:member_reinstate", _triage(200, 200, 200), _triage(422, 422, 422), _suspended),
    *form("triage:member_leave", _triage(200, 200, 200), _triage(422, 422, 422), _member),
]
# fmt: on
