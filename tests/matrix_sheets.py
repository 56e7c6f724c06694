"""Rows of the access matrix: imports of sheets, and authorised sellers."""

from __future__ import annotations

from typing import Any

from tests import factories
from tests.access import LOGIN, Row, Status, form, read, same
from tests.factories.listing_sheets import listing_row, listings_job
from tests.matrix_objects import member
from tests.personas import Personas


def _of_member(filing: Status, viewing: Status = 403) -> tuple[Status, ...]:
    """Expected statuses of a page of the member, which its owners and filers use."""
    return (LOGIN, 404, viewing, filing, filing, 404, 404, 404, 404, 404)


def _filing(filing: Status) -> tuple[Status, ...]:
    """Expected statuses of a page for everybody who may file for a member, which may be another one."""
    return (LOGIN, filing, 403, filing, filing, 403, 403, 403, 403, 403)


def _kind(cast: Personas) -> tuple[Any, ...]:
    return (cast.member.slug, "rights")


def _no_kind(cast: Personas) -> tuple[Any, ...]:
    return (cast.member.slug, "no-such-kind")


def _job(cast: Personas) -> tuple[Any, ...]:
    return (cast.member.slug, factories.import_job(cast.member, by=cast.filer).pk)


def _listings(cast: Personas) -> tuple[Any, ...]:
    return (cast.member.slug, "listings")


def _listing_job(cast: Personas) -> tuple[Any, ...]:
    row = listing_row(factories.marketplace())
    return (cast.member.slug, listings_job(cast.right, cast.filer, row).pk)


def _entry(cast: Personas) -> tuple[Any, ...]:
    return (cast.member.slug, factories.authorised_seller(brand=cast.brand).pk)


_HOME = (LOGIN, 302, 302, 302, 302, 200, 200, 200, 200, 200)

ROWS: list[Row] = [
    *read("imports:home", *_HOME),
    *read("imports:list", *_of_member(200, viewing=200), make=member),
    *form("imports:new", _of_member(200), _of_member(422), _kind),
    *form("imports:new", _of_member(404), _of_member(404), _no_kind, variant="unknown"),
    *read("imports:template", *_of_member(200), make=_kind),
    *read("imports:job", *_of_member(200, viewing=200), make=_job),
    *form("imports:confirm", same(LOGIN, 405), _of_member(302), _job),
    *form("imports:cancel", same(LOGIN, 405), _of_member(302), _job),
    *read("imports:errors", *_of_member(200, viewing=200), make=_job),
    *form("imports:new", _of_member(302), _of_member(302), _listings, variant="listings"),
    *form("desk:sheet", _filing(200), _filing(422)),
    *read("desk:sheet_template", *_filing(200)),
    *read("imports:job", *_of_member(200, viewing=200), make=_listing_job, variant="listings"),
    # Without the statement, nothing is filed.
    *form("imports:confirm", same(LOGIN, 405), _of_member(302), _listing_job, variant="listings"),
    *read("allow_list:home", *_HOME),
    *read("allow_list:list", *_of_member(200, viewing=200), make=member),
    *form("allow_list:add", _of_member(200), _of_member(422), member),
    *form("allow_list:entry", _of_member(200, viewing=200), _of_member(302), _entry),
    # Without the version that the page shows, nothing is ended.
    *form("allow_list:end", same(LOGIN, 405), _of_member(409), _entry),
]
