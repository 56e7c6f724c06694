"""Macros of a team: its moderators add, change and delete them. Those of everyone are changed in the admin."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from alliance.lib import fingerprint, visible
from alliance.lib.refusals import Conflict, NotAllowed, Refusal
from cases.models import Macro, Team
from members.models import User

# What a moderator enters.
FIELDS = (
    *("name", "key", "action", "reason", "ground", "removes_all"),
    *("text", "text_zh", "position", "is_active"),
)
MOST = 100


def version(macro: Macro) -> str:
    """Return a fingerprint of ``macro``, with which forms detect changes."""
    return fingerprint.of(macro.team_id, macro.reason_id, *(_plain(macro, name) for name in FIELDS))


def _plain(macro: Macro, name: str) -> Any:
    return None if name == "reason" else getattr(macro, name)


@transaction.atomic
def add(*, team: Team, by: User, **values: Any) -> Macro:
    """Add a macro with the ``values`` of :data:`FIELDS` to a team of ``by``. Adding the same again adds nothing.

    Raises :class:`NotAllowed` for others than the moderators of the team, and :class:`Refusal` for invalid values.
    """
    team = _lock(team, by)
    macro = Macro(team=team)
    _set(macro, values)
    same = Macro.objects.filter(team=team, **{name: getattr(macro, name) for name in FIELDS})
    if found := same.first():
        return found
    if Macro.objects.filter(team=team).count() >= MOST:
        raise Refusal(
            _("The team already has %(limit)d macros. Delete one first.") % {"limit": MOST}
        )
    return _save(macro)


@transaction.atomic
def change(*, macro: Macro, by: User, seen: str, **values: Any) -> Macro:
    """Change a macro of a team of ``by``. ``seen`` is the :func:`version` that the form shows.

    Raises as :func:`add` does, and :class:`Conflict` if a colleague has changed or deleted the macro since.
    """
    stored = _locked(macro, by)
    if stored is None:
        raise Conflict(_("A colleague has deleted this macro."))
    before = version(stored)
    _set(stored, values)
    if version(stored) == before:
        return stored
    if before != seen:
        raise Conflict(
            _("A colleague has changed this macro since you opened it. Your text is kept.")
        )
    return _save(stored)


@transaction.atomic
def delete(*, macro: Macro, by: User) -> None:
    """Delete a macro of a team of ``by``. Idempotent. Raises :class:`NotAllowed` for others."""
    if stored := _locked(macro, by):
        stored.delete()


def _locked(macro: Macro, by: User) -> Macro | None:
    """Lock the team of ``macro``; return the macro as it is stored, ``None`` if it was deleted."""
    if macro.team is None:
        raise NotAllowed(_("Macros for everyone are changed in the admin."))
    team = _lock(macro.team, by)
    return Macro.objects.filter(pk=macro.pk, team=team).first()


def _lock(team: Team, by: User) -> Team:
    """Serialise the changes of a team's macros, so that their keys stay unique."""
    if not (by.is_active and by.is_moderator and team.places.filter(user=by).exists()):
        raise NotAllowed(_("Your role does not allow this."))
    return Team.objects.select_for_update(no_key=True).get(pk=team.pk)


def _set(macro: Macro, values: dict[str, Any]) -> None:
    for name in FIELDS:
        setattr(macro, name, values[name])
    macro.name = visible.cleaned(macro.name)
    macro.text, macro.text_zh = macro.text.strip(), macro.text_zh.strip()
    if macro.action != Macro.Action.UPHOLD:  # the fields are for this action only
        macro.ground, macro.removes_all = "", False


def _save(macro: Macro) -> Macro:
    try:
        macro.full_clean()
    except ValidationError as error:
        raise Refusal(" ".join(error.messages)) from error
    macro.save()
    return macro
