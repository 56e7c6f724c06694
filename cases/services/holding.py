"""The rows of held decisions, for all services: is a case held, and how does its held decision end?

:mod:`cases.services.held` makes the decisions. The caller has locked the case, which serialises all changes.
"""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone, translation
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from alliance.lib import clock
from alliance.lib.refusals import Conflict
from alliance.lib.text import colon
from cases.models import Case, HeldDecision
from cases.models.event import EventKind
from members.models import User

State = HeldDecision.State


def current(case: Case) -> HeldDecision | None:
    """Return the held decision of the locked ``case``, if there is one."""
    found = HeldDecision.objects.filter(case=case).open().select_related("by", "second_by")
    return found.first()


def check_free(case: Case) -> None:
    """Raise :class:`Conflict`, which names who has decided and when, if a decision on ``case`` is held."""
    if held := current(case):
        raise held_already(held)


def held_already(held: HeldDecision) -> Conflict:
    """Return the refusal of another action while ``held`` is open."""
    words = {
        "name": held.by.name,
        "time": date_format(
            timezone.localtime(held.created_at), pgettext("date format", "j M Y, H:i")
        ),
        "decision": held.get_verb_display(),
    }
    if held.awaits_second:
        text = _(
            "%(name)s decided on %(time)s: “%(decision)s”. The case waits for a second moderator, so nothing else can "
            "be done. Your text is kept."
        )
    else:
        text = _(
            "%(name)s decided on %(time)s: “%(decision)s”. The decision is about to take effect, so nothing else can "
            "be done. Your text is kept."
        )
    return Conflict(text % words)


def end(held: HeldDecision, state: HeldDecision.State, message: str = "") -> None:
    """Save the end of a held decision."""
    held.state, held.message, held.ended_at = state, message, clock.now()
    held.save()


def overtake(case: Case, *, by: User, kind: EventKind) -> None:
    """End the held decision of the locked ``case``, because the member has just changed its status.

    The moderator who made the decision is notified who changed what.
    """
    held = current(case)
    if held is None:
        return
    with in_language_of(held.by):
        end(held, State.REFUSED, f"{by.name}{colon()}{kind.label}")


def in_language_of(user: User) -> translation.override:
    """Return a context in which sentences to ``user`` are worded."""
    return translation.override(user.language or settings.LANGUAGE_CODE)
