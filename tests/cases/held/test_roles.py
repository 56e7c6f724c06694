"""Every step on a held decision × its state × actor gives what the table says, and a refused one changes nothing."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from alliance.lib.refusals import Conflict, NotAllowed
from cases.models import HeldDecision, ReviewRule
from cases.services import held
from members.models import User
from tests import factories
from tests.cases.held.test_undo import perform_after
from tests.personas import Personas
from tests.verbs import everything

pytestmark = pytest.mark.django_db

REASON = "Look at the seal."
STEPS: dict[str, Callable[[HeldDecision, User], HeldDecision]] = {
    "undo": lambda row, by: held.undo(held=row, by=by),
    "confirm": lambda row, by: held.confirm(held=row, by=by),
    "send_back": lambda row, by: held.send_back(held=row, by=by, reason=REASON),
}
# The holder made the decision, and the second moderator confirmed or sent it back.
MODERATORS = ("holder", "second", "third")
# What each of the moderators can do in each state. Nobody else can do anything.
D, R, C, N = "done", "repeated", "conflict", "not allowed"
TABLE: dict[str, dict[str, tuple[str, str, str]]] = {
    "undo": {
        "waiting": (D, N, N),
        "second": (D, N, N),
        "confirmed": (D, D, N),
        "done": (C, C, N),
        "undone": (R, N, N),
        "sent_back": (C, C, N),
    },
    "confirm": {
        "waiting": (C, C, C),
        "second": (N, D, D),
        "confirmed": (C, R, C),
        "done": (C, R, C),
        "undone": (C, C, C),
        "sent_back": (C, C, C),
    },
    "send_back": {
        "waiting": (C, C, C),
        "second": (N, D, D),
        "confirmed": (C, C, C),
        "done": (C, C, C),
        "undone": (C, C, C),
        "sent_back": (C, R, C),
    },
}


def row_in(state: str, cast: Personas) -> HeldDecision:
    first, second = cast.moderator, cast.second_moderator
    case = factories.ready_case(moderator=first, by=cast.filer, citing=cast.right)
    if state == "waiting":
        return factories.held_decision(case=case, moderator=first)
    row = factories.reviewed_decision(case=case, moderator=first)
    if state in ("confirmed", "done"):
        row = held.confirm(held=row, by=second)
    if state == "done":
        row = perform_after(row)
    if state == "undone":
        row = held.undo(held=row, by=first)
    if state == "sent_back":
        row = held.send_back(held=row, by=second, reason=REASON)
    return row


def outcome(step: str, row: HeldDecision, by: User) -> str:
    def state() -> Any:
        rows = HeldDecision.objects.filter(case=row.case_id).order_by("pk").values()
        return list(rows), everything(row.case)

    before = state()
    try:
        STEPS[step](row, by)
    except NotAllowed:
        found = N
    except Conflict:
        found = C
    else:
        return R if state() == before else D
    assert state() == before, "a refused step changed the database"
    return found


def test_steps_match_the_table(personas: Personas) -> None:
    party = factories.moderator()
    factories.give_role(party, personas.member, "viewer").save()
    cast = {
        "holder": personas.moderator,
        "second": personas.second_moderator,
        "third": factories.moderator(),
        "party": party,
        **{name: getattr(personas, name) for name in ("filer", "officer", "admin")},
    }
    wrong = []
    for state in TABLE["undo"]:
        row = row_in(state, personas)
        for step, actor in itertools.product(STEPS, cast):
            known = dict(zip(MODERATORS, TABLE[step][state], strict=True))
            expected = known.get(actor, N)
            point = transaction.savepoint()
            found = outcome(step, HeldDecision.objects.get(pk=row.pk), cast[actor])
            transaction.savepoint_rollback(point)
            if found != expected:
                wrong.append(f"{step} of “{state}” by {actor}: {found}, not {expected}")
        ReviewRule.objects.all().delete()
    assert not wrong, "\n".join(wrong)
