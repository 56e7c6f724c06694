"""Selects that know more of their options than a label."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django_countries import countries

from members import nice
from members.models import IPRight, Membership, User

Group = tuple[Any, Any]
# The class of a complaint whose right has no classes, such as a copyright.
NO_CLASS = 0
# More digits are no key of a row.
KEY_DIGITS = 18


class RightSelect(forms.Select):
    """Offers rights; those that cannot be cited are disabled.

    ``load`` returns the rights and why each cannot be cited. Their territory and classes are on the options:
    right-scope.js puts the fitting countries and classes first.
    """

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"data-right-scope": "", **(attrs or {})})
        self.load: Callable[[], list[tuple[IPRight, str]]] = list

    def optgroups(self, *args: Any, **kwargs: Any) -> Any:
        self._rights = {str(pair[0].pk): pair for pair in self.load()}
        return super().optgroups(*args, **kwargs)

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(*args, **kwargs)
        right, reason = self._rights.get(str(option["value"]), (None, ""))
        if reason:
            option["attrs"]["disabled"] = True
        if right is not None:
            option["attrs"]["data-territory"] = " ".join(right.territory)
            option["attrs"]["data-classes"] = " ".join(map(str, right.nice_classes))
        return option


class RightField(forms.ChoiceField):
    """A choice of rights. Its form checks the chosen one, so that a form that is not shown needs no list."""

    widget = RightSelect

    def valid_value(self, value: Any) -> bool:
        return True


def offer(field: forms.Field, choices: Iterable[Any] | Callable[[], Iterable[Any]]) -> None:
    """Set the choices of a field that has them; a callable is asked when they are shown or compared."""
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


def citable_right(user: User, key: Any) -> IPRight | None:
    """Return the right with this key if ``user`` may cite it. One query, however many rights there are."""
    if not str(key).isdecimal() or len(str(key)) > KEY_DIGITS:
        return None
    members = Membership.objects.may_file().filter(user=user).values("member")
    rights = IPRight.objects.filter(brand__member__in=members).citable()
    return rights.select_related("brand__member").filter(pk=int(key)).first()


def rights_of(user: User) -> list[tuple[IPRight, str]]:
    """Return the rights of the members ``user`` files for, each with why it cannot be cited, or ""."""
    members = Membership.objects.may_file().filter(user=user).values("member")
    rights = IPRight.objects.filter(brand__member__in=members)
    citable = set(rights.citable().values_list("pk", flat=True))
    listed = rights.select_related("brand__member").order_by(
        "brand__member__name", "brand__name", "brand_id", "office", "number"
    )
    return [(right, "" if right.pk in citable else _reason(right)) for right in listed]


def right_groups(rights: list[tuple[IPRight, str]]) -> list[Group]:
    """Return the options: rights by brand, and by member where there are several."""
    several = len({right.brand.member_id for right, _reason in rights}) > 1
    groups: list[Group] = [("", _("Choose…"))]
    for brand, members in groupby(rights, key=lambda pair: pair[0].brand):
        name = f"{brand.member} · {brand}" if several else str(brand)
        groups.append((name, [(str(right.pk), _label(right, why)) for right, why in members]))
    return groups


def country_groups(rights: Iterable[IPRight]) -> list[Group]:
    """Return all countries and regions, those where ``rights`` are registered first."""
    near = {code for right in rights for code in right.territory}
    every = [(country.code, country.name) for country in countries]
    return _near_and_far(every, near, _("Registered territory"), _("Elsewhere"))


def class_groups(rights: Iterable[IPRight]) -> list[Group]:
    """Return the 45 classes, those for which ``rights`` are registered first, and "none"."""
    near = {number for right in rights for number in right.nice_classes}
    every = [(number, nice.label(number)) for number in nice.HEADINGS]
    none = (NO_CLASS, _("None: the right has no classes, such as a copyright"))
    return [*_near_and_far(every, near, _("Registered classes"), _("Other classes")), none]


def _near_and_far(every: list[Group], near: set[Any], here: str, there: str) -> list[Group]:
    return [
        ("", _("Choose…")),
        (here, [option for option in every if option[0] in near]),
        (there, [option for option in every if option[0] not in near]),
    ]


def _label(right: IPRight, reason: str) -> str:
    label = f"{right} · {right.get_kind_display()}"
    return _("%(right)s (%(reason)s)") % {"right": label, "reason": reason} if reason else label


def _reason(right: IPRight) -> str:
    if not right.brand.is_active:
        return _("brand not active")
    if right.verified_at is None:
        return _("not verified yet")
    return _("not in force")
