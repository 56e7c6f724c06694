"""Rows of the access matrix (:mod:`tests.matrix`) for macros, tags, watchers and links between cases."""

from __future__ import annotations

from typing import Any

from tests.access import LOGIN, Row, Status, form, read
from tests.factories.teams import macro, team
from tests.matrix_objects import case_in
from tests.personas import Personas


def _triage(holder: Status, moderator: Status, staff: Status = 403) -> tuple[Status, ...]:
    return (LOGIN, 403, 403, 403, 403, holder, moderator, 403, 403, staff)


def _in_team(cast: Personas) -> tuple[Any, ...]:
    """Put the holder into a team; the other moderator is in none."""
    team(cast.moderator)
    return ()


def _macro(cast: Personas) -> tuple[Any, ...]:
    return (macro(team(cast.moderator)).pk,)


def _of_everyone(_cast: Personas) -> tuple[Any, ...]:
    return (macro().pk,)


# fmt: off
ROWS: list[Row] = [
    *read("triage:macros", *_triage(200, 200, 200)),
    *form("triage:macro_add", _triage(200, 403), _triage(422, 403), _in_team),
    *form("triage:macro", _triage(200, 404), _triage(422, 404), _macro, data={"name": ""}),
    *form("triage:macro", _triage(403, 403), _triage(403, 403), _of_everyone, variant="everyone"),
    *form("triage:macro_delete", _triage(302, 302), _triage(302, 302), _macro),
    *form("triage:macro_delete", _triage(302, 302), _triage(403, 403), _of_everyone, variant="everyone"),
    *form("triage:watch", _triage(302, 302), _triage(302, 302), case_in("submitted")),
    *form("triage:unwatch", _triage(302, 302), _triage(302, 302), case_in("submitted")),
    *form("triage:tag", _triage(302, 302), _triage(422, 422), case_in("submitted")),
    *form("triage:tag", _triage(404, 404), _triage(404, 404), case_in("draft"), variant="draft"),
    *form("triage:untag", _triage(302, 302), _triage(422, 422), case_in("submitted")),
    *form("triage:link", _triage(302, 302), _triage(422, 422), case_in("submitted")),
    *form("triage:unlink", _triage(302, 302), _triage(422, 422), case_in("submitted")),
]
# fmt: on
