"""The macros that a moderator can use on a case, and their texts filled in for the case's member."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from alliance.templatetags.figures import grouped
from cases import letters, visibility
from cases.models import Case, Macro
from members.models import User

# The names of the languages in a sentence: "The letter is in Chinese."
LANGUAGES = {"en": _("English"), "zh-hans": _("Chinese")}


def language_of(case: Case) -> str:
    """Return the language in which the person who filed the case reads the portal."""
    chosen: str = case.created_by.language
    return chosen if chosen in LANGUAGES else settings.LANGUAGE_CODE


def for_actions(user: User, actions: Collection[str]) -> list[Macro]:
    """Return the active macros of ``user`` for ``actions``, in the order of their positions. Makes one query.

    Two macros may have the same key: one of everyone and one of a team, or those of two teams. The key then belongs to
    that of the team, or of the first team by name. The other has an empty key, here only, and can still be chosen.
    """
    rows = visibility.macros_to_use(user).active().filter(action__in=actions)
    found = list(rows.select_related("team", "reason"))
    taken: set[str] = set()
    for macro in sorted(found, key=_precedence):
        macro.key = "" if macro.key in taken else macro.key
        taken.add(macro.key)
    return found


def _precedence(macro: Macro) -> tuple[bool, str, int]:
    return macro.team is None, macro.team.name if macro.team else "", macro.pk


@dataclass(frozen=True)
class Letter:
    """The text of a macro for a case. ``language`` is that of the text, ``wanted`` the one that was asked for."""

    macro: Macro
    text: str
    language: str
    wanted: str

    @property
    def blanks(self) -> list[str]:
        """What a moderator must fill in before the text can be sent."""
        return letters.blanks(self.text)


def write(macro: Macro, case: Case, *, listings: int, language: str) -> Letter:
    """Return the text of ``macro`` in ``language``, or in the other one if there is no such text.

    ``listings`` is the number of listings of the case.
    """
    wanted, other = language, next(one for one in LANGUAGES if one != language)
    used = wanted if macro.text_in(wanted) else other
    with translation.override(used):
        text = letters.fill(macro.text_in(used), _values(case, listings))
    return Letter(macro, text, language=used, wanted=wanted)


def _values(case: Case, listings: int) -> dict[str, str]:
    """Return what each of ``letters.PLACEHOLDERS`` stands for, in the active language."""
    counted: dict[str, Any] = {"n": grouped(listings)}
    return {
        "reference": case.reference,
        "brand": str(case.brand),
        "seller": case.shop_name,
        "right": str(case.right.title),
        "listings": ngettext("%(n)s listing", "%(n)s listings", listings) % counted,
    }
