"""The rights that a person can choose from when filing a case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from cases.models import Case
from members.models import IPRight, Membership, User
from members.models.rights import IPRightQuerySet

# People with more rights than this find them by words. A page shows at most so many.
MOST_SHOWN = 100
# The person's latest cases, whose rights are shown before anything is searched.
LATEST_CASES = 200
# The most digits of a primary key that is looked up. Any number with so many digits fits into a bigint.
KEY_DIGITS = 18
_ORDER = ("brand__member__name", "brand__name", "brand_id", "office", "number", "pk")


@dataclass(frozen=True)
class RightsToCite:
    """Rights to choose from, grouped by brand, each with the reason why it cannot be cited, or "".

    ``searched``: there are too many to show all, so they are found by words. ``found``: how many of those shown
    were found, without a right that is only shown because it is chosen. ``more``: more were found than are shown.
    ``any_citable``: whether any right of the person can be cited, shown or not.
    """

    rows: list[tuple[IPRight, str]] = field(default_factory=list)
    searched: bool = False
    found: int = 0
    more: bool = False
    any_citable: bool = False


def citable_right(user: User, key: Any, *, member: int | None = None) -> IPRight | None:
    """Return the right with this primary key if ``user`` may cite it, else ``None``. One query.

    With ``member`` (a primary key) only a right of that member.
    """
    if not str(key).isdecimal() or len(str(key)) > KEY_DIGITS:
        return None
    rights = _rights_of(user, member).citable().select_related("brand__member")
    return rights.filter(pk=int(key)).first()


def choices(
    user: User, *, words: str, chosen: IPRight | None, member: int | None = None
) -> RightsToCite:
    """Return the rights of ``user`` to choose from, with ``chosen`` among them; with ``member``, only those of that member.

    All rights if there are few. Otherwise those that have each of the ``words`` in their title, number, office or
    brand; without words, those that the person's latest cases cite.
    """
    rights = _rights_of(user, member)
    if len(rights.values_list("pk", flat=True)[: MOST_SHOWN + 1]) <= MOST_SHOWN:
        rows = _with_reasons(rights)
        return RightsToCite(rows, any_citable=any(not reason for _right, reason in rows))
    found = _matching(rights, words) if words else rights.filter(pk__in=_cited(user))
    keys = list(found.order_by(*_ORDER).values_list("pk", flat=True)[: MOST_SHOWN + 1])
    more, keys = len(keys) > MOST_SHOWN, keys[:MOST_SHOWN]
    rows = _with_reasons(rights.filter(pk__in=[*keys, chosen.pk] if chosen else keys))
    citable = rights.citable().exists()
    return RightsToCite(rows, searched=True, found=len(keys), more=more, any_citable=citable)


def _rights_of(user: User, member: int | None) -> IPRightQuerySet:
    roles = Membership.objects.may_file().filter(user=user)
    members = (roles if member is None else roles.filter(member=member)).values("member")
    return IPRight.objects.filter(member__in=members)


def _matching(rights: IPRightQuerySet, words: str) -> IPRightQuerySet:
    for word in words.split()[:5]:
        rights = rights.filter(
            Q(title__icontains=word)
            | Q(number__icontains=word)
            | Q(office__iexact=word)
            | Q(brand__name__icontains=word)
            | Q(brand__name_local__icontains=word)
        )
    return rights


def _cited(user: User) -> list[int]:
    latest: QuerySet[Case] = Case.objects.filter(created_by=user).order_by("-pk")
    return list(dict.fromkeys(latest.values_list("right_id", flat=True)[:LATEST_CASES]))


def _with_reasons(rights: IPRightQuerySet) -> list[tuple[IPRight, str]]:
    listed: Iterable[IPRight] = rights.select_related("brand__member").order_by(*_ORDER)
    citable = set(rights.citable().values_list("pk", flat=True))
    return [(right, "" if right.pk in citable else reason(right)) for right in listed]


def reason(right: IPRight) -> str:
    """Return why a right that cannot be cited is not citable. Its brand must be loaded."""
    if not right.brand.is_active:
        return _("brand not active")
    if right.returned_at is not None:
        return _("returned by moderators")
    if right.verified_at is None:
        return _("not verified yet")
    return _("not in force")
