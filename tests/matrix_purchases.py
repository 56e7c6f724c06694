"""Rows of the access matrix (:mod:`tests.matrix`) for test purchases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from alliance.lib import clock
from tests import factories
from tests.access import LOGIN, Row, Status, form, read
from tests.matrix_objects import member
from tests.personas import Personas


def _people(reading: Status, writing: Status) -> tuple[Status, ...]:
    """Expected statuses of a page of the member's people. Moderators have no page of a purchase."""
    return (LOGIN, 404, reading, writing, writing, 404, 404, 404, 404, 404)


def _purchase(status: str, *more: Any) -> Callable[[Personas], tuple[Any, ...]]:
    """Return a function that gives the arguments of a URL of a purchase in ``status``, planned by the filer."""

    def make(cast: Personas) -> tuple[Any, ...]:
        made = factories.purchase(status, of=cast.brand, by=cast.filer)
        return (cast.member.slug, made.reference, *more)

    return make


def _file(cast: Personas) -> tuple[Any, ...]:
    made = factories.purchase(of=cast.brand, by=cast.filer)
    return (cast.member.slug, made.reference, factories.purchase_file(made).pk)


# The filer has proposed the disposal, so only the owner can confirm it, with the version that the page shows.
_CONFIRMING = (LOGIN, 404, 403, 403, 409, 404, 404, 404, 404, 404)
_TODAY = {"disposed_on": str(clock.today())}

# fmt: off
#                           anon  strng view filer owner hold  mod  offic other admin
ROWS: list[Row] = [
    *read("purchases:home", LOGIN, 302, 302, 302, 302, 200, 200, 200, 200, 200),
    *read("purchases:list", *_people(200, 200), make=member),
    *read("purchases:csv", *_people(200, 200), make=member),
    *read("purchases:results", *_people(200, 200), make=member),
    *read("purchases:results_csv", *_people(200, 200), make=member),
    *form("purchases:plan", _people(403, 200), _people(403, 422), member),
    *read("purchases:detail", *_people(200, 200), make=_purchase("stored")),
    *read("purchases:detail", *_people(404, 404),
          make=lambda cast: (cast.member.slug, "TP-0000-0000"), variant="none"),
    *form("purchases:step", _people(403, 200), _people(403, 422), _purchase("planned", "order")),
    # Without the version that the page shows, nothing is corrected.
    *form("purchases:step", _people(403, 200), _people(403, 422), _purchase("ordered", "order"),
          variant="recorded"),
    *form("purchases:step", _people(403, 302), _people(403, 422), _purchase("planned", "store"),
          variant="too early"),
    *form("purchases:step", _people(403, 404), _people(403, 404), _purchase("planned", "sell"),
          variant="unknown"),
    *form("purchases:propose", _people(403, 200), _people(403, 422), _purchase("stored")),
    *form("purchases:dispose", _people(403, 302), _people(403, 422),
          _purchase("disposal_proposed")),
    *form("purchases:dispose", _people(403, 302), _CONFIRMING, _purchase("disposal_proposed"),
          variant="second person", data=_TODAY),
    *form("purchases:keep", _people(403, 302), _people(403, 302), _purchase("disposal_proposed")),
    *form("purchases:cancel", _people(403, 200), _people(403, 422), _purchase("ordered")),
    *form("purchases:add_files", _people(403, 302), _people(403, 422), _purchase("ordered")),
    *read("purchases:file", *_people(200, 200), make=_file),
    *form("purchases:add_to_case", _people(403, 302), _people(403, 422), _purchase("examined")),
    *form("purchases:file_case", _people(403, 200), _people(403, 422), _purchase("examined")),
]
# fmt: on
