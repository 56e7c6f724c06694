"""The check of every text that goes to a member with a decision or a question."""

from __future__ import annotations

from django.utils.translation import gettext as _

from alliance.lib.refusals import Refusal
from cases import letters


def check_facts(facts: str) -> None:
    """Check the facts of a decision. Raises :class:`Refusal` if there are none, or if a blank is not filled in."""
    if not facts.strip():
        raise Refusal(_("State the facts. They are sent with the decision."))
    check(facts)


def check(text: str) -> None:
    """Raise :class:`Refusal` if ``text``, which goes to the member, has a blank that is not filled in."""
    if words := letters.missing(text):
        raise Refusal(words)
