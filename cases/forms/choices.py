"""Choices of forms: rights with their territory and classes, countries, and Nice classes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_countries import countries

from cases.queries.rights_to_cite import RightsToCite
from members import nice
from members.models import IPRight

Group = tuple[Any, Any]
# The value of “no class”, for rights without classes such as a copyright.
NO_CLASS = 0


class RightSelect(forms.Select):
    """A select of rights, in which rights that cannot be cited are disabled.

    ``load`` returns the rights, each with the reason why it cannot be cited, or "". The options have the
    territory and classes of the rights as attributes; right-scope.js sorts countries and classes by them.
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
    """A choice of rights. The form validates the choice, so that posting does not load all rights."""

    widget = RightSelect

    def valid_value(self, value: Any) -> bool:
        return True


def right_groups(found: RightsToCite) -> list[Group]:
    """Return the options: rights grouped by brand, with the member if there are several."""
    several = len({right.brand.member_id for right, _reason in found.rows}) > 1
    groups: list[Group] = [("", _("Choose…"))]
    for brand, members in groupby(found.rows, key=lambda pair: pair[0].brand):
        name = f"{brand.member} · {brand}" if several else str(brand)
        groups.append((name, [(str(right.pk), _label(right, why)) for right, why in members]))
    return groups


def search_result(found: RightsToCite, words: str) -> str:
    """Return what a search for ``words`` has found; ``""`` if nothing was searched."""
    if not (found.searched and words):
        return ""
    if not found.found:
        return _("No right has these words")
    if found.more:
        return _("More than %(count)d rights found. Add words.") % {"count": found.found}
    text = ngettext("%(count)d right found", "%(count)d rights found", found.found)
    return text % {"count": found.found}


def country_groups(rights: Iterable[IPRight]) -> list[Group]:
    """Return all countries and regions, starting with those where ``rights`` are registered."""
    near = {code for right in rights for code in right.territory}
    options = [(country.code, country.name) for country in countries]
    return _grouped(options, near, _("Registered territory"), _("Elsewhere"))


def class_groups(rights: Iterable[IPRight]) -> list[Group]:
    """Return the 45 Nice classes, starting with those of ``rights``, and an option for “none”."""
    near = {number for right in rights for number in right.nice_classes}
    options = [(number, nice.label(number)) for number in nice.HEADINGS]
    none = (NO_CLASS, _("None: the right has no classes, such as a copyright"))
    return [*_grouped(options, near, _("Registered classes"), _("Other classes")), none]


def _grouped(options: list[Group], near: set[Any], near_label: str, far_label: str) -> list[Group]:
    return [
        ("", _("Choose…")),
        (near_label, [option for option in options if option[0] in near]),
        (far_label, [option for option in options if option[0] not in near]),
    ]


def _label(right: IPRight, reason: str) -> str:
    label = f"{right} · {right.get_kind_display()}"
    return _("%(right)s (%(reason)s)") % {"right": label, "reason": reason} if reason else label
