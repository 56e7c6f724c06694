"""Rows of the access matrix (:mod:`tests.matrix`) for bulk actions, saved views and the layout of the list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.access import LOGIN, Row, Status, form, read
from tests.access import same as _same
from tests.factories.bulk import bulk_job, saved_view
from tests.personas import Personas


def _triage(holder: Status, moderator: Status, staff: Status = 403) -> tuple[Status, ...]:
    return (LOGIN, 403, 403, 403, 403, holder, moderator, 403, 403, staff)


def _job(cast: Personas) -> tuple[Any, ...]:
    """A bulk action belongs to the moderator who made it."""
    return (bulk_job(by=cast.moderator).pk,)


def _view(**facts: Any) -> Callable[[Personas], tuple[Any, ...]]:
    def make(cast: Personas) -> tuple[Any, ...]:
        return (saved_view(by=cast.moderator, **facts).pk,)

    return make


def _verb(_cast: Personas) -> tuple[Any, ...]:
    return ("reject",)


_shared, _private = _view(is_shared=True), _view()
_POST_ONLY = _same(LOGIN, 405)

# fmt: off
ROWS: list[Row] = [
    *read("triage:bulk", *_triage(200, 200)),
    # Without a selection, the list is shown.
    *form("triage:bulk_new", _triage(302, 302), _triage(302, 302), _verb),
    *form("triage:bulk_new", _triage(404, 404), _triage(404, 404), lambda cast: ("nothing",), variant="none"),
    *read("triage:bulk_job", *_triage(200, 404), make=_job),
    *read("triage:bulk_csv", *_triage(200, 404), make=_job),
    *form("triage:bulk_confirm", _POST_ONLY, _triage(302, 404), _job),
    *form("triage:bulk_stop", _POST_ONLY, _triage(302, 404), _job),
    *form("triage:bulk_undo", _POST_ONLY, _triage(302, 404), _job),

    *read("triage:views", *_triage(200, 200, 200)),
    *form("triage:view_new", _triage(200, 200, 200), _triage(422, 422, 422)),
    *form("triage:view", _triage(200, 403, 403), _triage(422, 403, 403), _shared, variant="shared"),
    *form("triage:view", _triage(200, 404, 404), _triage(422, 404, 404), _private),
    *form("triage:view_filters", _POST_ONLY, _triage(302, 403, 403), _shared, variant="shared"),
    *form("triage:view_filters", _POST_ONLY, _triage(302, 404, 404), _private),
    *form("triage:view_delete", _POST_ONLY, _triage(302, 403, 403), _shared, variant="shared"),
    *form("triage:view_delete", _POST_ONLY, _triage(302, 404, 404), _private),
    *form("triage:view_emails", _triage(200, 200, 200), _triage(422, 422, 422), _shared, variant="shared"),
    *form("triage:view_emails", _triage(200, 404, 404), _triage(422, 404, 404), _private),
    *form("triage:unsubscribe", _triage(200, 200, 200), _triage(302, 302, 302), _shared, variant="shared"),
    *form("triage:unsubscribe", _triage(200, 404, 404), _triage(302, 404, 404), _private),
    *form("triage:layout", _triage(200, 200, 200), _triage(422, 422, 422)),
]
# fmt: on
