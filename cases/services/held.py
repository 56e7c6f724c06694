"""Decisions with an effect outside the portal are held: they can be undone for a minute, or wait for a second moderator.

Nothing leaves the portal before a decision takes effect, so undoing it only ends its row. A decision is tried out first
and rolled back, so that the moderator sees at once what the service would refuse. Every function locks the case before it
reads the row, so people and workers act one after the other. :data:`WORK` carries due decisions out; it may run twice,
late, or be killed at any point.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pghistory
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from alliance.lib import clock
from alliance.lib.leased import LeasedWork
from alliance.lib.refusals import Conflict, NotAllowed, Refusal
from cases.models import Case, HeldDecision, ReviewRule
from cases.models.event import Audience, EventKind
from cases.permissions import did_not_make
from cases.queries import review_rules
from cases.services import core, counter_notices, held_verbs, holding, triage
from cases.states import DecisionVerb, Status
from members.models import User

State = HeldDecision.State

WORK = LeasedWork(
    name="held_decision",
    rows=HeldDecision.objects.all,
    task="cases.tasks.perform_held_decisions",
    queue="default",
    lease=timedelta(seconds=30),
    max_attempts=5,
)


@transaction.atomic
def hold(
    *,
    case: Case,
    verb: DecisionVerb,
    by: User,
    values: Mapping[str, Any],
    replaces: HeldDecision | None = None,
) -> HeldDecision | None:
    """Make the decision ``verb`` with the arguments ``values``, and hold it. Idempotent.

    ``values`` may have the ``expected_version`` of the moderator's page. ``replaces`` is the decision of a colleague, waiting
    for a second moderator, that ``by`` overrides; the case is then assigned to ``by``. Returns ``None`` if the decision
    has taken effect already: if it cannot be undone (``DECISION_UNDO_SECONDS`` is 0) and no rule requires a second moderator,
    or if it was made before. Raises what the service of the verb raises, and :class:`Conflict` if the case is held.
    """
    case = core.lock(case)
    arguments = dict(values)
    version = arguments.pop("expected_version", case.version)
    kept = held_verbs.stored(arguments)
    current = holding.current(case)
    if current and (current.by_id, current.verb, current.values) == (by.pk, verb, kept):
        return current
    if replaces is not None:
        _override(case, current, replaces, by)
    now = clock.now()
    held = HeldDecision(
        case=case,
        verb=verb,
        values=kept,
        expected_version=version,
        by=by,
        created_at=now,
        due_at=now + undo_time(),
        replaces=replaces,
    )
    took_effect, rule = _try_out(held)
    if took_effect:
        if replaces is not None:
            holding.end(held, State.DONE)
        return None
    if rule is not None:
        held.state, held.rule_name = State.SECOND, rule.name
        held.second_due_at = now + timedelta(hours=rule.hours)
    held.save()
    _claim_until(case, by, held.second_due_at or held.due_at)
    return held


def undo_time() -> timedelta:
    """Return how long a decision can be undone."""
    return timedelta(seconds=settings.DECISION_UNDO_SECONDS)


@transaction.atomic
def undo(*, held: HeldDecision, by: User) -> HeldDecision:
    """Undo a held decision, as the moderator who made or confirmed it. Idempotent.

    Without the confirmation, the decision waits for a second moderator again. If it had overridden a colleague's decision,
    that one waits again. Raises :class:`Conflict` if the decision has taken effect or ended in another way.
    """
    case, held = _lock(held)
    core.check_moderator(case, by, impartial=False)
    if by.pk not in (held.by_id, held.second_by_id):
        raise NotAllowed(_("Only the moderator who made the decision can undo it."))
    if held.state == State.UNDONE or (held.awaits_second and by.pk != held.by_id):
        return held
    if not held.is_open:
        raise _ended(held)
    if by.pk == held.by_id:
        holding.end(held, State.UNDONE)
        _claim_until(case, by, clock.now())
        if held.replaces is not None:
            _restore(case, held.replaces)
        return held
    _await_second(held)
    return held


@transaction.atomic
def confirm(*, held: HeldDecision, by: User) -> HeldDecision:
    """Confirm a decision as the second moderator. It then takes effect as other decisions do. Idempotent.

    If it is no longer possible, it ends as refused, and the returned row says why. Raises :class:`NotAllowed` for the people
    who made it or a decision that it overrides, and :class:`Conflict` if it no longer waits for a second moderator.
    """
    case, held = _lock(held)
    if held.second_by_id == by.pk and held.state in (State.WAITING, State.DONE):
        return held
    _check_second(case, held, by)
    now = clock.now()
    held.state, held.second_by, held.second_at = State.WAITING, by, now
    held.due_at, held.attempts = now + undo_time(), 0
    held.save()
    _claim_until(case, held.by, held.due_at)
    if not settings.DECISION_UNDO_SECONDS:
        _perform(held)
        return held
    try:
        with transaction.atomic(), holding.in_language_of(held.by):
            # The service refuses a case that is held.
            HeldDecision.objects.filter(pk=held.pk).update(state=State.DONE, ended_at=now)
            _call(held)
            transaction.set_rollback(True)
    except Refusal as refusal:
        _refuse(held, refusal)
    return held


@transaction.atomic
def send_back(*, held: HeldDecision, by: User, reason: str) -> HeldDecision:
    """Send a decision back to the moderator who made it, who has the case again. Idempotent.

    Raises as :func:`confirm`, and :class:`Refusal` without a ``reason``.
    """
    case, held = _lock(held)
    if (held.state, held.second_by_id, held.message) == (State.SENT_BACK, by.pk, reason.strip()):
        return held
    _check_second(case, held, by)
    if not reason.strip():
        raise Refusal(_("Explain what should be decided otherwise."))
    held.second_by, held.second_at = by, clock.now()
    holding.end(held, State.SENT_BACK, reason.strip())
    _claim_until(case, held.by, clock.now())
    _record(case, held, EventKind.DECISION_SENT_BACK, note=held.message)
    return held


@transaction.atomic
def dismiss(*, held: HeldDecision, by: User) -> None:
    """Dismiss the notice that a decision of ``by`` has ended without effect. Idempotent."""
    HeldDecision.objects.notices().filter(pk=held.pk, by=by).update(dismissed_at=clock.now())


def perform_due(*, seconds: float) -> None:
    """Carry out due decisions until none is due or ``seconds`` have passed."""
    WORK.run(_perform_claimed, seconds=seconds)


def _perform_claimed(row: HeldDecision) -> None:
    """Carry out a decision that a worker has claimed, unless it was undone or carried out meanwhile."""
    with transaction.atomic():
        _case, held = _lock(row)
        # After another confirmation the time is another one.
        if held.state == State.WAITING and held.due_at == row.due_at:
            with pghistory.context(user=held.by_id):
                _perform(held)


def _lock(held: HeldDecision) -> tuple[Case, HeldDecision]:
    """Lock the case of ``held``; return the current state of both."""
    case = core.lock(Case(pk=held.case_id))
    rows = HeldDecision.objects.select_related("by", "second_by", "replaces__by")
    return case, rows.get(pk=held.pk)


def _try_out(held: HeldDecision) -> tuple[bool, ReviewRule | None]:
    """Call the service, and roll it back if the decision is to be held.

    Returns whether the decision has taken effect, now or before, and the review rule that applies to it.
    """
    verb = DecisionVerb(held.verb)
    before = held.case.version
    with transaction.atomic():
        _call(held)
        after = Case.objects.select_related("member", "seller__marketplace").get(pk=held.case_id)
        if after.version == before:
            return True, None
        rule = review_rules.first_for(review_rules.Decided(after, verb, held.values))
        if rule is None and not settings.DECISION_UNDO_SECONDS:
            return True, None
        transaction.set_rollback(True)
    return False, rule


def _call(held: HeldDecision) -> None:
    """Call the service of the decision as the person who made it."""
    held_verbs.perform(
        DecisionVerb(held.verb),
        case=held.case,
        by=held.by,
        values=held.values,
        version=held.expected_version,
    )


def _perform(held: HeldDecision) -> None:
    """Carry out a decision whose case is locked. What the service refuses ends it."""
    # The service refuses a case that is held, so the row ends first.
    holding.end(held, State.DONE)
    try:
        with transaction.atomic(), holding.in_language_of(held.by):
            _claim_until(held.case, held.by, clock.now())
            _call(held)
            if held.second_by is not None:
                _record(core.lock(held.case), held, EventKind.DECISION_CONFIRMED)
    except Refusal as refusal:
        _refuse(held, refusal)


def _refuse(held: HeldDecision, refusal: Refusal) -> None:
    """End a decision that is no longer possible, with a sentence to the person who made it."""
    holding.end(held, State.REFUSED, str(refusal))


def _record(case: Case, held: HeldDecision, kind: EventKind, *, note: str = "") -> None:
    """Record what the second moderator did. Only moderators see who made and who confirmed a decision."""
    core.record(
        case,
        kind,
        by=held.second_by,
        role=Audience.MODERATOR,
        audience=core.MODERATORS,
        note=note,
        data={"decided_by": held.by.name, "review_rule": held.rule_name},
    )


def _check_second(case: Case, held: HeldDecision, by: User) -> None:
    """Check that ``by`` can be the second moderator of a decision that waits for one."""
    core.check_moderator(case, by)
    if not held.awaits_second:
        raise _ended(held)
    if not did_not_make(by, held):
        raise NotAllowed(_("You made this decision, so another moderator must confirm it."))
    if case.status == Status.COUNTER_NOTICED:
        counter_notices.check_decidable(case, by)


def _override(case: Case, current: HeldDecision | None, replaces: HeldDecision, by: User) -> None:
    """End the colleague's decision and assign the case to ``by``, who decides otherwise."""
    if current is None or current.pk != replaces.pk:
        replaces.refresh_from_db()
        raise _ended(replaces)
    _check_second(case, current, by)
    holding.end(current, State.REPLACED)
    if case.status == Status.IN_REVIEW:
        case.assignee, case.lease_until = by, clock.now() + triage.LEASE
        case.save(update_fields=["assignee", "lease_until"])


def _restore(case: Case, replaced: HeldDecision) -> None:
    """Let a decision that was overridden wait again, and return its case to the person who made it."""
    _await_second(replaced)
    if case.status == Status.IN_REVIEW:
        case.assignee = replaced.by
        case.save(update_fields=["assignee"])
    assert replaced.second_due_at is not None  # constraint: it waited for a second moderator
    _claim_until(case, replaced.by, replaced.second_due_at)


def _await_second(held: HeldDecision) -> None:
    held.state, held.ended_at, held.dismissed_at = State.SECOND, None, None
    held.second_by = held.second_at = None
    held.save()


def _claim_until(case: Case, by: User, until: Any) -> None:
    """Let the claim of ``by`` on a case in review last for :data:`triage.LEASE` after ``until``."""
    if case.status == Status.IN_REVIEW and case.assignee_id == by.pk:
        case.lease_until = max(until, clock.now()) + triage.LEASE
        case.save(update_fields=["lease_until"])


def _ended(held: HeldDecision) -> Conflict:
    """Return the refusal for a decision that no longer waits."""
    if held.state == State.WAITING and held.second_by is not None:
        return Conflict(
            _("%(name)s has already confirmed this decision.") % {"name": held.second_by.name}
        )
    if held.state == State.DONE:
        return Conflict(
            _("The decision of %(name)s has taken effect, so it can no longer be undone.")
            % {"name": held.by.name}
        )
    return Conflict(
        _("The decision of %(name)s is now “%(status)s”, so this can no longer be done.")
        % {"name": held.by.name, "status": held.get_state_display()}
    )
