"""Reasons why a rule proposes an agency, stored as codes and values and translated when displayed.

A reason is a JSON-serialisable mapping with a ``code``, one of :class:`Code`, and the values that the code
requires. The timeline stores it, so that each reader gets it in their own language.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django_countries import countries

from cases.states import Violation

Reason = dict[str, Any]


class Code(StrEnum):
    """The code of a reason. The comment above each code lists its values."""

    # ``violation``, ``place`` (ISO 3166) and, if a rule requires it, ``value`` (whole yuan).
    CASE = "case"
    # ``place`` (ISO 3166): the seller's country or region.
    SELLER_PLACE = "seller_place"
    # ``n`` live strike points of the seller.
    POINTS = "points"
    # ``n`` members with cases against the seller.
    MEMBERS = "members"
    # ``n`` listings whose price is not in CNY and so is not counted.
    OTHER_CURRENCIES = "other_currencies"
    # No values: the agency declined this case, and the case has changed since.
    DECLINED_BEFORE = "declined_before"


def words(reason: Mapping[str, Any] | str) -> str:
    """Return ``reason`` as text in the active language.

    Text is returned unchanged: older timeline entries store reasons as text.
    """
    return reason if isinstance(reason, str) else _WORDS[Code(reason["code"])](reason)


def sentence(reasons: Iterable[Mapping[str, Any] | str]) -> str:
    """Return ``reasons`` as one line of text in the active language."""
    return pgettext("between reasons", "; ").join(words(reason) for reason in reasons)


def _case(reason: Mapping[str, Any]) -> str:
    named = {
        "violation": str(Violation(reason["violation"]).label),
        "place": _place(reason["place"]),
    }
    if "value" not in reason:
        return _("%(violation)s in %(place)s") % named
    named["value"] = formats.number_format(Decimal(reason["value"]), force_grouping=True)
    return _("%(violation)s in %(place)s worth CNY %(value)s") % named


def _seller_place(reason: Mapping[str, Any]) -> str:
    return _("seller in %(place)s") % {"place": _place(reason["place"])}


def _points(reason: Mapping[str, Any]) -> str:
    n = reason["n"]
    return ngettext("%(n)d strike point", "%(n)d strike points", n) % {"n": n}


def _members(reason: Mapping[str, Any]) -> str:
    n = reason["n"]
    return ngettext("%(n)d member concerned", "%(n)d members concerned", n) % {"n": n}


def _other_currencies(reason: Mapping[str, Any]) -> str:
    n = reason["n"]
    text = ngettext(
        "%(n)d listing priced in another currency is not counted",
        "%(n)d listings priced in other currencies are not counted",
        n,
    )
    return text % {"n": n}


def _declined_before(reason: Mapping[str, Any]) -> str:
    return _("declined before, but the case has changed since")


def _place(code: str) -> str:
    return str(countries.name(code) or code)


_WORDS = {
    Code.CASE: _case,
    Code.SELLER_PLACE: _seller_place,
    Code.POINTS: _points,
    Code.MEMBERS: _members,
    Code.OTHER_CURRENCIES: _other_currencies,
    Code.DECLINED_BEFORE: _declined_before,
}
