"""The texts for the member on a case's page: the macros to choose from, and the form that the chosen one fills in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from cases.forms.case_choices import Choices
from cases.forms.triage import FORMS, OUTCOME, ActionForm
from cases.models import Case, Decision, Listing, Macro
from cases.queries import macros
from cases.queries.macros import LANGUAGES, Letter
from members.models import User

# The forms whose text goes to the member.
FOR_MEMBER = [verb for verb, form in FORMS.items() if form.text_field]


@dataclass(frozen=True)
class Chosen:
    """The chosen macro: its letter, the verb of its form, and the URL of the letter in the other language."""

    letter: Letter
    verb: str
    other_url: str

    @property
    def language(self) -> Any:
        """The name of the language of the text."""
        return LANGUAGES[self.letter.language]

    @property
    def wanted(self) -> Any:
        """The name of the language that was asked for, if the macro has no text in it, else ``""``."""
        is_other = self.letter.wanted != self.letter.language
        return LANGUAGES[self.letter.wanted] if is_other else ""

    @property
    def other(self) -> Any:
        """The name of the other language, if the macro has a text in it, else ``""``."""
        language = next(one for one in LANGUAGES if one != self.letter.language)
        return LANGUAGES[language] if self.letter.macro.text_in(language) else ""


def context(
    request: HttpRequest,
    case: Case,
    choices: Choices,
    forms: dict[str, Any],
    listings: list[Listing],
    *,
    back: str,
) -> dict[str, Any]:
    """Return what the page shows of macros and the member's language, and fill in the form of the chosen macro.

    ``forms`` are the possible actions. On a GET, ``?macro=`` is the key of a macro and ``?language=`` that of its text.
    """
    if not any(verb in forms for verb in FOR_MEMBER):
        return {}
    user = request.user
    possible = [verb for verb in Macro.Action.values if verb in forms]
    found = macros.for_actions(user, possible) if possible and isinstance(user, User) else []
    language = macros.language_of(case)
    result: dict[str, Any] = {
        "member_language": LANGUAGES[language],
        "macros": [{"macro": one, "url": _url(case, back, macro=one.pk)} for one in found],
    }
    wanted = request.GET.get("macro", "")
    if request.method == "POST" or not wanted:
        return result
    macro = next((one for one in found if str(one.pk) == wanted), None)
    if macro is None:
        return result | {"macro_is_gone": True}
    asked = request.GET.get("language", "")
    letter = macros.write(
        macro, case, listings=len(listings), language=asked if asked in LANGUAGES else language
    )
    other = next(one for one in LANGUAGES if one != letter.language)
    chosen = Chosen(letter, macro.action, _url(case, back, macro=macro.pk, language=other))
    forms[chosen.verb] = _filled(letter, choices, listings)
    return result | {"chosen": chosen, "opened": chosen.verb}


def _filled(letter: Letter, choices: Choices, listings: list[Listing]) -> ActionForm:
    """Return the form of the macro's action with its reason, ground, outcomes and text."""
    macro, form_class = letter.macro, FORMS[letter.macro.action]
    data: dict[str, Any] = {"reason": macro.reason_id, form_class.text_field: letter.text}
    if macro.action == Macro.Action.UPHOLD:
        data["ground"] = macro.ground or Decision.Ground.ILLEGAL_CONTENT
        if macro.removes_all:
            data |= {f"{OUTCOME}{one.pk}": Listing.Outcome.REMOVE for one in listings}
    return form_class.restored(data, choices)


def _url(case: Case, back: str, **parameters: Any) -> str:
    """Return the URL of the case's page with ``parameters``, and the list to return to."""
    query = parameters | ({"back": back} if back else {})
    return f"{reverse('triage:case', args=[case.reference])}?{urlencode(query)}"
