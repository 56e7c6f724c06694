"""Reopening of rejected cases: late evidence returns a case to the moderators."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from alliance.lib import clock
from alliance.lib.refusals import Conflict, Refusal
from cases.models import Case
from cases.models.event import Audience, EventKind
from cases.queries import filed_already, refilings
from cases.services import core
from cases.services.filing import DUE, open_listings
from cases.states import Outcome, Priority, Status
from members.models import User


@transaction.atomic
def reopen(*, case: Case, by: User, note: str) -> Case:
    """Return a rejected case with late evidence to the queue. ``note`` says what is new. Idempotent.

    The decision is superseded and kept. The case gets a new deadline and keeps its priority. Raises :class:`Conflict`
    for the reasons of :func:`obstacle`, and :class:`Refusal` without a note or without evidence that was added since
    the decision.
    """
    case = core.lock(case)
    if case.status == Status.SUBMITTED and core.is_repeat(case, EventKind.REOPENED, by, note):
        return case
    core.check(case, "reopen", by)
    check(case)
    if not note.strip():
        raise Refusal(_("State what is new."))
    if needs_evidence(case):
        raise Refusal(_("Add the evidence that the moderators did not have when they decided."))
    now = clock.now()
    core.supersede(case, at=now)
    case.outcome, case.decided_at = "", None
    core.move(case, "reopen")
    case.due_at = now + DUE[Priority(case.priority)]
    open_listings(case)
    core.record(
        case,
        EventKind.REOPENED,
        by=by,
        role=Audience.MEMBER,
        audience=core.MEMBER,
        note=note.strip(),
    )
    return case


def open_until(case: Case) -> datetime | None:
    """Return until when a rejected case can be reopened, or ``None`` for other cases."""
    if case.outcome != Outcome.REJECTED or case.decided_at is None:
        return None
    return case.decided_at + timedelta(days=settings.LATE_EVIDENCE_DAYS)


def needs_evidence(case: Case) -> bool:
    """Return whether a rejected case has no evidence that was added since the decision. Makes at most one query."""
    if case.status != Status.REJECTED:
        return False
    return not case.evidence.filter(uploaded_at__gt=case.decided_at).exists()


def obstacle(case: Case, again: Case | None) -> str:
    """Return why a rejected case cannot be reopened, or ``""`` if it can. Makes at most two queries.

    ``again`` is the result of :func:`refilings.latest`.
    """
    until = open_until(case)
    if until is not None and until < clock.now():
        day = date_format(timezone.localtime(until), pgettext("date format", "j M Y"))
        return _("The time to add evidence ended on %(day)s. You can file again.") % {"day": day}
    if again is not None and again.submitted_at is not None:
        text = _("The case was filed again as %(reference)s. Add the evidence to that case.")
        return text % {"reference": again.reference}
    if filed := filed_already.of_draft(case):
        text = _("A listing is in the open case %(reference)s. Add the evidence to that case.")
        return text % {"reference": filed[0].case.reference}
    return ""


def check(case: Case) -> None:
    """Raise :class:`Conflict` if the rejected ``case`` cannot be reopened."""
    if reason := obstacle(case, refilings.latest(case)):
        raise Conflict(reason)
