"""Members and other applications that may be the same organisation as an application, with the reasons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from members.models import Application, Member

# At most so many candidates for a page of applications.
LIMIT = 200
REASONS = {
    "name": _("same name"),
    "domain": _("same website domain"),
    "number": _("same registration number"),
}


class Match(NamedTuple):
    """A possible duplicate: a ``member`` or an ``application``, and the ``reasons``, in words."""

    member: Member | None
    application: Application | None
    reasons: list[Any]


def attach(applications: Sequence[Application]) -> None:
    """Give each of ``applications`` its ``duplicates``, a list of :class:`Match`. Two queries for all of them."""
    members = list(_candidates(applications, Member.objects.all()).order_by("pk")[:LIMIT])
    in_review = Application.objects.in_review().order_by("pk")
    others = list(_candidates(applications, in_review)[:LIMIT])
    for one in applications:
        found = [
            Match(member, None, reasons)
            for member in members
            if member.pk != one.member_id and (reasons := _reasons(one, member))
        ]
        found += [
            Match(None, other, reasons)
            for other in others
            if other.pk != one.pk and (reasons := _reasons(one, other))
        ]
        one.duplicates = found  # type: ignore[attr-defined]


def _candidates(applications: Sequence[Application], rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return the ``rows`` that match one of ``applications``. Each condition has an index."""
    names = sorted({name for one in applications for name in one.name_keys})
    domains = sorted({one.domain for one in applications if one.domain})
    numbers = sorted({one.number_key for one in applications if one.number_key})
    if not (names or domains or numbers):
        return rows.none()
    return rows.filter(
        Q(name_keys__overlap=names)
        | Q(domain__in=domains) & ~Q(domain="")
        | Q(number_key__in=numbers) & ~Q(number_key="")
    )


def _reasons(one: Application, other: Member | Application) -> list[Any]:
    found = {
        "name": bool(set(one.name_keys) & set(other.name_keys)),
        "domain": bool(one.domain) and one.domain == other.domain,
        "number": bool(one.number_key) and one.number_key == other.number_key,
    }
    return [REASONS[name] for name, is_same in found.items() if is_same]
