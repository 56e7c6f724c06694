"""What a bulk verb is, and what several of them need."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from alliance.lib.refusals import Conflict
from alliance.lib.text import colon
from cases.models import BulkRow, Case, HeldDecision
from cases.services import core, held, triage
from cases.states import DecisionVerb
from members.models import User

# Arguments of a verb as stored: keys, codes and texts.
Values = Mapping[str, Any]


@dataclass(frozen=True)
class BulkVerb:
    """A verb for many cases.

    ``load`` turns the stored values into the arguments of ``apply``; it raises :class:`Refusal` if one is no longer in
    use. ``apply`` calls the single verb for the case of a row, and returns what ``undo`` needs. A verb without ``undo``
    cannot be undone.
    """

    name: str
    label: str | Promise
    # The heading of the pages, for example “Reject cases”.
    title: str | Promise
    icon: str
    load: Callable[[Values], dict[str, Any]]
    apply: Callable[..., dict[str, Any]]
    # The values in words: label and text.
    describe: Callable[[dict[str, Any]], list[tuple[str, str]]]
    undo: Callable[..., None] | None = None
    # The verb is a decision with consequences for members or sellers. It is held, and can be undone until it takes effect.
    is_weighty: bool = False


def nothing(_values: Values) -> dict[str, Any]:
    """Load the values of a verb without arguments."""
    return {}


def plain(_values: dict[str, Any]) -> list[tuple[str, str]]:
    """Describe a verb without arguments."""
    return []


def check_unchanged(case: Case, version: int) -> None:
    """Raise :class:`Conflict` if the locked ``case`` no longer has ``version``."""
    if case.version == version:
        return
    last = case.events.order_by("-sequence").first()
    what = f"{last.actor_label}{colon()}{last.get_kind_display()}" if last else ""
    raise Conflict(_("The case has changed since (%(what)s).") % {"what": what})


def claimed(row: BulkRow, by: User) -> Case:
    """Lock the case of ``row`` for a decision: unchanged since it was chosen, and claimed by ``by``.

    A free case is claimed first. Raises :class:`Conflict`, with the name of the moderator who has claimed it.
    """
    case = core.lock(row.case)
    check_unchanged(case, row.expected_version)
    return case if case.is_claimed_by(by) else triage.claim(case=case, by=by)


def decide(verb: DecisionVerb, *, case: Case, by: User, **values: Any) -> dict[str, Any]:
    """Make a decision on one case, which is held as a single one is; return what :func:`undo_decision` needs."""
    made = held.hold(case=case, verb=verb, by=by, values=values)
    return {"held": made.pk} if made else {}


def undo_decision(*, row: BulkRow, by: User, **_values: Any) -> None:
    """Undo the decision of a row. Raises :class:`Conflict` if it has taken effect."""
    made = HeldDecision.objects.filter(pk=row.before.get("held", 0)).first()
    if made is None:
        raise Conflict(_("The decision has taken effect, so it can no longer be undone."))
    held.undo(held=made, by=by)


def facts(reason: Any, text: str) -> list[tuple[str, str]]:
    """Describe a decision by its reason and its text."""
    return [
        (pgettext("decision", "Reason"), str(reason)),
        (_("Facts and circumstances"), text),
    ]
