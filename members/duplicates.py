"""Members and other applications that may be the same organisation as an application, with the reasons."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from django.db.models import CharField, Q, QuerySet, Value
from django.utils.translation import gettext_lazy as _

from members.domains import SHARED
from members.models import Application, Member

# At most so many candidates by each criterion for a page of applications, and so many duplicates of each of them.
LIMIT = 200
SHOWN = 20
REASONS = {
    "name": _("same name"),
    "domain": _("same website domain"),
    "number": _("same registration number"),
}
# What is compared by each criterion. The strongest one is first.
_KEYS: dict[str, Callable[[Any], set[str]]] = {
    "number": lambda row: {row.number_key} - {""},
    "name": lambda row: set(row.name_keys),
    "domain": lambda row: {row.domain} - {""} - SHARED,
}
_STRENGTH = {criterion: place for place, criterion in enumerate(_KEYS)}


class Match(NamedTuple):
    """A possible duplicate: a ``member`` or an ``application``, and the ``reasons``, in words."""

    member: Member | None
    application: Application | None
    reasons: list[Any]


def attach(applications: Sequence[Application]) -> None:
    """Give each of ``applications`` its ``duplicates``, a list of :class:`Match`. Two queries for all of them.

    The strongest evidence is first. ``has_more_duplicates`` says that there are others.
    """
    members = _Candidates(applications, Member.objects.all())
    others = _Candidates(applications, Application.objects.in_review())
    for one in applications:
        found = [
            (criteria, Match(member, None, _reasons(criteria)))
            for member, criteria in members.of(one)
            if member.pk != one.member_id
        ]
        found += [
            (criteria, Match(None, other, _reasons(criteria)))
            for other, criteria in others.of(one)
            if other.pk != one.pk
        ]
        found.sort(key=lambda pair: min(_STRENGTH[criterion] for criterion in pair[0]))
        is_cut = len(found) > SHOWN or members.is_cut(one) or others.is_cut(one)
        one.duplicates = [match for _criteria, match in found[:SHOWN]]  # type: ignore[attr-defined]
        one.has_more_duplicates = is_cut  # type: ignore[attr-defined]


class _Candidates:
    """The ``rows`` that match one of ``applications``, by what they have in common."""

    def __init__(self, applications: Sequence[Application], rows: QuerySet[Any]) -> None:
        found = list(_query(applications, rows))
        counts = Counter(row.criterion for row in found)
        self._cut = [criterion for criterion, count in counts.items() if count > LIMIT]
        self._by_key: dict[tuple[str, str], list[Any]] = defaultdict(list)
        for row in {row.pk: row for row in found}.values():
            for criterion, keys in _KEYS.items():
                for key in keys(row):
                    self._by_key[criterion, key].append(row)

    def of(self, one: Application) -> list[tuple[Any, set[str]]]:
        """Return the candidates for ``one``, each with the criteria by which it is one."""
        found: dict[Any, tuple[Any, set[str]]] = {}
        for criterion, keys in _KEYS.items():
            for key in sorted(keys(one)):
                for row in self._by_key.get((criterion, key), ()):
                    found.setdefault(row.pk, (row, set()))[1].add(criterion)
        return list(found.values())

    def is_cut(self, one: Application) -> bool:
        """Return whether there are more candidates than were read, by a criterion that applies to ``one``."""
        return any(_KEYS[criterion](one) for criterion in self._cut)


def _query(applications: Sequence[Application], rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return the matching ``rows`` with their ``criterion``, each criterion by its index and with its own limit."""
    keys = {
        criterion: sorted({key for one in applications for key in get(one)})
        for criterion, get in _KEYS.items()
    }
    # The second condition is that of the index.
    conditions = {
        "number": Q(number_key__in=keys["number"]) & ~Q(number_key=""),
        "name": Q(name_keys__overlap=keys["name"]),
        "domain": Q(domain__in=keys["domain"]) & ~Q(domain=""),
    }
    parts: list[QuerySet[Any]] = [
        rows.filter(conditions[criterion])
        .annotate(criterion=Value(criterion, output_field=CharField()))
        .order_by("pk")[: LIMIT + 1]
        for criterion in keys
        if keys[criterion]
    ]
    if not parts:
        return rows.none()
    return parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]


def _reasons(criteria: set[str]) -> list[Any]:
    return [reason for criterion, reason in REASONS.items() if criterion in criteria]
