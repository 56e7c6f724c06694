"""The tables of the roster's CSV files: headings and rows, with texts in the active language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cases.figures import roster
from members import stats
from members.models import Member

CHUNK = 500
Table = tuple[Iterable[str], Iterable[Iterable[Any]]]


def figures(view: str, rows: Sequence[Any]) -> Table:
    """Return the figures by year, or else by country or industry."""
    if view == "years":
        header = (_("Year"), _("Joined"), _("Left"), _("Members at the end of the year"))
        return header, [(row.year, row.joined, row.left, row.at_end) for row in rows]
    first = _("Industry") if view == "industries" else _("Country or region")
    return (
        (
            first,
            _("Active"),
            _("Filed a case"),
            _("Logged in"),
            _("Suspended"),
            _("Former members"),
        ),
        [(r.name, r.active, r.filed, r.logged_in, r.suspended, r.left) for r in rows],
    )


def agents() -> Table:
    """Return the authorisations of agents that end soon."""
    ending = roster.ending_authorisations().order_by("valid_until", "pk")
    fields = ("agent__name", "agent__email", "member__name", "valid_until")
    header = (_("Agent"), _("Email address"), _("Member"), _("Valid until"))
    return header, ending.values_list(*fields).iterator(chunk_size=CHUNK)


def rights() -> Table:
    """Return the rights that expire soon."""
    expiring = roster.expiring_rights().select_related("member", "brand")
    header = (
        _("Right"),
        _("Office"),
        _("Registration number"),
        _("Brand"),
        _("Member"),
        _("Expires on"),
    )
    return header, (
        (right.title, right.office, right.number, right.brand, right.member.name, right.expires_on)
        for right in expiring.order_by("expires_on", "pk").iterator(chunk_size=CHUNK)
    )


def members(rows: QuerySet[Any]) -> Table:
    """Return ``rows`` of ``roster.with_activity``. Times are in UTC."""
    header = (
        _("Member"),
        _("Name in its own script"),
        _("Country code"),
        _("Country or region"),
        _("Status"),
        _("Joined"),
        _("Left"),
        _("Last case filed"),
        _("Last login"),
    )
    codes = roster.admitted().order_by().values_list("country", flat=True).distinct()
    countries = {code: stats.country_name(code) for code in codes}
    statuses = {status: str(label) for status, label in Member.Status.choices}
    return header, (
        (
            member.name,
            member.name_local,
            str(member.country),
            countries.get(str(member.country), ""),
            statuses[member.status],
            member.joined_on,
            member.left_on,
            _moment(member.last_filed_at),
            _moment(member.last_login_at),
        )
        for member in rows.iterator(chunk_size=CHUNK)
    )


def _moment(at: datetime | None) -> str:
    return at.isoformat(timespec="seconds") if at else ""
