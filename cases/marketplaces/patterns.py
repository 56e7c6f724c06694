"""Checks an admin's listing pattern: it must have a group for the item and must not backtrack catastrophically."""

from __future__ import annotations

import re
from collections.abc import Iterable
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import regex
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cases.marketplaces import addresses
from cases.marketplaces.normalisation import MAX_LENGTH

ITEM = "item"
# Repeated texts that make a pattern with nested repetitions backtrack.
_RUNS = ("1", "a", "1-", "a-", "a1", "a/", "%20", "-", "_", ".")
_STARTS = ("/", "/item/", "/p/", "/product/", "/goods?id=")
_LONG = 150


def check(pattern: str) -> None:
    """Check a listing pattern. Raises :class:`ValidationError` with a message that says what to change."""
    try:
        made = addresses.compiled(pattern)
        parsed = parser.parse(pattern)
    except (regex.error, re.error) as error:
        raise ValidationError(
            _("This is not a valid regular expression: %(error)s") % {"error": error}
        ) from None
    if ITEM not in made.groupindex:
        raise ValidationError(
            _("Name the group of the listing’s number “item”, as in /item/(?P<item>[0-9]+).")
        )
    if (found := made.search("")) is not None and not found[ITEM]:
        raise ValidationError(
            _("This pattern matches every URL with an empty number. Make it match listings only.")
        )
    if _repeats_within_repeats(parsed, within=False) or _is_slow(made, parsed):
        raise ValidationError(
            _(
                "This pattern would take too long for some URLs. Do not nest repetitions, as in (a+)+ or "
                "(a|aa)+."
            )
        )


def _is_slow(made: regex.Pattern[str], parsed: Any) -> bool:
    samples = {_sample(parsed, last) for last in (False, True)}
    tries = [f"{start}{run * _LONG}" for start in _STARTS for run in _RUNS]
    tries += [sample[:MAX_LENGTH] for sample in samples]
    try:
        for text in tries:
            for end in ("!", "!.html"):
                made.search(f"{text}{end}", timeout=addresses.PATTERN_SECONDS)
    except TimeoutError:
        return True
    return False


def _repeats_within_repeats(parsed: Any, *, within: bool) -> bool:
    """Return whether unlimited repetitions are nested. Possessive repetitions and atomic groups are safe."""
    for code, argument in parsed:
        if code in (codes.MAX_REPEAT, codes.MIN_REPEAT):
            unlimited = argument[1] is codes.MAXREPEAT
            if (unlimited and within) or _repeats_within_repeats(
                argument[2], within=within or unlimited
            ):
                return True
        elif code is codes.POSSESSIVE_REPEAT:
            continue
        elif any(_repeats_within_repeats(part, within=within) for part in _parts(code, argument)):
            return True
    return False


def _parts(code: Any, argument: Any) -> Iterable[Any]:
    """Return the subpatterns of one element of a parsed pattern."""
    if code is codes.BRANCH:
        return list(argument[1])
    if code is codes.SUBPATTERN:
        return [argument[3]]
    if code in (codes.ASSERT, codes.ASSERT_NOT):
        return [argument[1]]
    return []


def _sample(parsed: Any, last: bool) -> str:
    """Return a text that matches the pattern, with long repetitions. ``last`` takes the last alternatives."""
    text = ""
    for code, argument in parsed:
        if code is codes.LITERAL:
            text += chr(argument)
        elif code is codes.IN:
            text += _one_of(argument, last)
        elif code is codes.ANY:
            text += "a"
        elif code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            times = _LONG if argument[1] is codes.MAXREPEAT else min(argument[1], _LONG)
            text += _sample(argument[2], last) * max(argument[0], times)
        elif parts := list(_parts(code, argument)):
            text += _sample(parts[-1 if last else 0], last)
    return text


def _one_of(choices: Any, last: bool) -> str:
    usable = [c for c in choices if c[0] is not codes.NEGATE]
    code, argument = usable[-1 if last else 0]
    if len(usable) < len(choices):
        return "a"
    if code is codes.LITERAL:
        return chr(argument)
    if code is codes.RANGE:
        return chr(argument[0])
    return "1" if argument is codes.CATEGORY_DIGIT else "a"
